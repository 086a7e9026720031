import { chart, tickStep } from '../../../tools/diagrams/chart';

const AT = { x: 0, y: 0, width: 400, height: 200 };
const OPTIONS = { title: 'Backlog', unit: 'requests', until: 10, timeUnit: 'hours' };

const texts = (svg: string) => [...svg.matchAll(/>([^<>]+)<\/text>/g)].map(([, content]) => content);

test.each([
  [1, 2, 0.5],
  [9, 4, 5],
  [120_000, 4, 50_000],
  [1_000, 10, 100],
])('a maximum of %d in at most %d parts has ticks every %d', (max, count, step) => {
  expect(tickStep(max, count)).toBe(step);
});

test('both axes have ticks with units, and each series is in the legend', () => {
  const shown = texts(
    chart(AT, {
      ...OPTIONS,
      rightUnit: 'instances',
      series: [
        { name: 'waiting', values: [0, 30_000] },
        { name: 'in service', values: [0, 2], isRight: true },
      ],
    }),
  );
  expect(shown).toEqual(
    expect.arrayContaining(['Backlog', 'requests', 'instances', 'hours', 'waiting', 'in service', '10', '20k', '2']),
  );
});

test('thousands are separated, and millions are abbreviated', () => {
  expect(texts(chart(AT, { ...OPTIONS, series: [{ name: 'a', values: [0, 3_000] }] }))).toContain('2,000');
  expect(texts(chart(AT, { ...OPTIONS, series: [{ name: 'a', values: [0, 3_000_000] }] }))).toContain('2M');
});

test('a value that is missing is a gap, and a series without values is in the legend only', () => {
  const lines = (values: readonly number[]) =>
    chart(AT, { ...OPTIONS, series: [{ name: 'a', values }] }).split('s-blue" stroke-width="1.8"').length - 1;
  expect(lines([1, 2, 3, 4])).toBe(1);
  expect(lines([1, 2, NaN, 4, 5])).toBe(2);
  expect(lines([])).toBe(0);
});

test('charts with the same end of their axis can be compared', () => {
  const options = { ...OPTIONS, series: [{ name: 'a', values: [0, 10] }] };
  expect(texts(chart(AT, options))).not.toContain('100');
  expect(texts(chart(AT, { ...options, most: 100 }))).toContain('100');
});
