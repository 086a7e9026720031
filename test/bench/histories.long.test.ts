import { violationsOf } from '../../bench/histories';

// The whole set in parts, so that a failure shows which one it is in.
test.each(Array.from({ length: 10 }, (_, part) => part))(
  'no accepted request queue loses work, wastes capacity or stalls: part %d of 10,000 histories',
  (part) => {
    expect(violationsOf(Array.from({ length: 1_000 }, (_, seed) => 1_000 * part + seed))).toEqual([]);
  },
  600_000,
);
