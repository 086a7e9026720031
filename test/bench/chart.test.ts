import { chart } from '../../bench/chart';

test('bars reach as high as their values, and the largest of a column counts', () => {
  expect(chart('Backlog', [0, 4, 8], 3, 2)).toBe('Backlog, at most 8\n  █\n ██\n‾‾‾');
  expect(chart('Backlog', [0, 1_000, 0, 500], 2, 1)).toBe('Backlog, at most 1,000\n█▄\n‾‾');
});

test('a little is seen, and nothing is not', () => {
  expect(chart('Expired', [1, 0, 1_000], 3, 1)).toBe('Expired, at most 1,000\n▁ █\n‾‾‾');
  expect(chart('Expired', [0, 0], 2, 1)).toBe('Expired, at most 0\n\n‾‾');
});
