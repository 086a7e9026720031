import { MAX_RECEIVE_COUNT, receivesWithin, retryDelaySeconds } from '../../../lib/contract/request-queue';

test('a message that fails is hidden for 30 seconds, doubling to ten minutes', () => {
  expect([1, 2, 3, 4, 5, 6, 7, 1_000].map(retryDelaySeconds)).toEqual([30, 60, 120, 240, 480, 600, 600, 600]);
});

test('a message is received as often as its times fit into a time', () => {
  expect([0, 29, 30, 90, 930, 1_530].map(receivesWithin)).toEqual([1, 1, 2, 3, 6, 7]);
});

test('a message outlasts an outage of five hours, wherever it was before', () => {
  let hidden = 0;
  for (let receives = 1; receives < MAX_RECEIVE_COUNT / 2; receives += 1) hidden += retryDelaySeconds(receives);
  expect(hidden).toBeGreaterThanOrEqual(5 * 3_600 - 600);
  expect(MAX_RECEIVE_COUNT).toBeLessThanOrEqual(1_000);
});
