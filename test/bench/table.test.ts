import { digits, shown, toMarkdown } from '../../bench/table';

test('numbers have the digits that are worth reading', () => {
  expect([0.123, 1.5, 12.345, 1_234.5].map(digits)).toEqual(['0.12', '1.50', '12.3', '1,235']);
  expect(shown({ median: 0.5, low: 0.25, high: 20 }, ' ms')).toBe('0.50 ms (0.25 to 20.0)');
});

test('a row without a goal has an empty one', () => {
  expect(toMarkdown([{ what: 'CPU', figure: '1' }]).split('\n')).toEqual([
    '| What | Figure | Goal |',
    '| --- | --- | --- |',
    '| CPU | 1 |  |',
  ]);
});
