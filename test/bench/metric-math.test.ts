import { compile } from '../../bench/metric-math';

const evaluate = (expression: string, series: Readonly<Record<string, readonly number[]>> = {}) =>
  compile(expression)((name, before) => series[name]?.[before] ?? NaN);

test.each<[string, number]>([
  ['1 + 2 * 3', 7],
  ['(1 + 2) * 3', 9],
  ['10 / 4 - 1', 1.5],
  ['-2 * 3', -6],
  ['2 > 1', 1],
  ['2 <= 1', 0],
  ['1 == 1 AND 2 == 3', 0],
  ['1 == 1 OR 2 == 3', 1],
  ['IF(1 > 0, 5, 6)', 5],
  ['IF(0 > 0, 5, 6)', 6],
  ['IF(0 > 0, 5)', NaN],
  ['FILL(absent, 3)', 3],
  ['FILL(present, 3)', 7],
  ['IF(absent > 0, 1, 2)', NaN],
  ['absent + 1', NaN],
  ['FILL(absent, -1) < 0', 1],
])('%s', (expression, value) => {
  expect(evaluate(expression, { present: [7] })).toBe(value);
});

test('FILL with REPEAT has the newest value of the evaluation range', () => {
  expect(evaluate('FILL(m, REPEAT)', { m: [NaN, NaN, 4, 5] })).toBe(4);
  expect(evaluate('FILL(FILL(m, REPEAT), 0)', { m: [NaN, NaN, NaN, NaN, NaN, 5] })).toBe(0);
});

test.each(['1 +', 'IF(1', 'MAX(1, 2)', '1 2'])('%s is an error', (expression) => {
  expect(() => compile(expression)).toThrow();
});
