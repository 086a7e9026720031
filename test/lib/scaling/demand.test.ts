import { compile } from '../../../bench/metric-math';
import { trackedDemand, wakeDemand } from '../../../lib/scaling/demand';

const TARGET = 5;
/** The newest value first. A metric that is not given is not published at all, and NaN is a value that is late. */
type Series = Readonly<Record<string, readonly number[]>>;

const evaluate = (expression: string, series: Series) =>
  compile(expression)((name, before) => series[name]?.[before] ?? NaN);
const tracked = (series: Series, demands = 1) => evaluate(trackedDemand(TARGET, demands, 3_600), series);
const wake = (series: Series, demands = 1) => evaluate(wakeDemand(demands), series);

describe('target tracking', () => {
  const busy = { unserved: [0], backlog: [20], backlogPerInstance: [4] };

  test('sees all requests for each instance: those at the endpoint, and those of every queue', () => {
    expect(tracked(busy, 0)).toBe(4);
    expect(tracked({ ...busy, demand0: [30] })).toBe(10);
    expect(tracked({ ...busy, demand0: [30], demand1: [50] }, 2)).toBe(20);
  });

  test('counts a queue without metrics as empty', () => expect(tracked(busy)).toBe(4));

  test('has no value before all metrics are known, since a part would start or stop the wrong number', () => {
    expect(tracked({ ...busy, demand0: [NaN, 30] })).toBeNaN();
    expect(tracked({ ...busy, demand0: [30], backlog: [NaN, 20] })).toBeNaN();
    expect(tracked({ ...busy, demand0: [30], backlogPerInstance: [NaN, 4] })).toBeNaN();
  });

  test('starts an instance where there is none, even for one request', () => {
    expect(tracked({ unserved: [1], backlog: [1], backlogPerInstance: [1], demand0: [0] })).toBe(5.5);
    expect(tracked({ unserved: [1] })).toBe(5.5);
  });

  test('lets an idle fleet go, and keeps what the messages in front of it need', () => {
    const idle = { unserved: [0], backlog: [0], backlogPerInstance: [0] };
    expect(tracked(idle, 0)).toBe(0);
    expect(tracked({ ...idle, demand0: [0] })).toBe(0);
    expect(tracked({ ...idle, demand0: [3] })).toBe(3);
    expect(tracked({ ...idle, demand0: [300] })).toBe(TARGET);
  });

  test('keeps the fleet while a request is old', () => {
    expect(tracked({ ...busy, age: [900] })).toBe(4);
    expect(tracked({ ...busy, age: [901] })).toBe(TARGET);
    expect(tracked({ ...busy, backlogPerInstance: [40], age: [901] })).toBe(40);
  });

  test('does not shrink an endpoint of which nothing is known, and starts one instance more for waiting messages', () => {
    expect(tracked({}, 0)).toBeNaN();
    expect(tracked({ demand0: [0] })).toBeNaN();
    expect(tracked({ demand0: [1] })).toBe(5.5);
  });
});

describe('the wake policy', () => {
  test('sees all requests where there is no instance, and none otherwise', () => {
    expect(wake({ unserved: [1], backlog: [7] }, 0)).toBe(7);
    expect(wake({ unserved: [1], backlog: [7], demand0: [100] })).toBe(107);
    expect(wake({ unserved: [0], backlog: [7], demand0: [100] })).toBe(0);
  });

  test('waits for a metric that is late', () => {
    expect(wake({ unserved: [1], backlog: [NaN, 0], demand0: [100] })).toBeNaN();
    expect(wake({ unserved: [1], backlog: [7], demand0: [NaN, 0] })).toBeNaN();
  });

  test('starts one instance where the backlog is not published without instances', () => {
    expect(wake({ unserved: [1] }, 0)).toBe(1);
    expect(wake({ unserved: [1], demand0: [100] })).toBe(100);
  });
});
