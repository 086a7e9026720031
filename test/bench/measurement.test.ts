import { compare, inTurn, spreadOf } from '../../bench/measurement';

test('the middle one and the quarters around it, in any order', () => {
  expect(spreadOf([5, 1, 3, 2, 4])).toEqual({ low: 2, median: 3, high: 4 });
  expect(spreadOf([1, 2])).toEqual({ low: 1.25, median: 1.5, high: 1.75 });
});

test('rounds are compared one by one, so that a slow one counts for neither', () => {
  expect(compare([1, 100, 2], [2, 200, 4])).toEqual({ low: 0.5, median: 0.5, high: 0.5 });
  expect(compare([3, 5], [2, 4], (ours, theirs) => ours - theirs).median).toBe(1);
});

test('measurements take turns, and none is always the first', async () => {
  const order: string[] = [];
  const take = (name: string) => () => {
    order.push(name);
    return name;
  };
  expect(await inTurn(2, { a: take('a'), b: take('b') })).toEqual({ a: ['a', 'a'], b: ['b', 'b'] });
  expect(order).toEqual(['a', 'b', 'b', 'a']);
});
