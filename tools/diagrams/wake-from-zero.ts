import { scalingPolicy } from '../../bench/control-loop';
import { simulate } from '../../bench/simulation';
import type { Result, Scenario } from '../../bench/simulation';
import { chart } from './chart';
import { box, text } from './svg';
import type { Picture } from './svg';
import type { Color } from './theme';

/** The endpoint is idle before the burst. The chart starts at the burst. */
const IDLE_MINUTES = 10;
const SHOWN_MINUTES = 32;
const REQUESTS = 60;
const START_MINUTES = 5;
const TTL = 21_600;

/** 60 requests of 10 seconds for a fleet of 4 instances that start in 5 minutes, with metrics that are 20 to 120 seconds late. */
export const WAKE: Scenario = {
  // Of the delays that are possible, a seed that has the median one.
  seed: 3,
  seconds: (IDLE_MINUTES + SHOWN_MINUTES) * 60,
  stepSeconds: 5,
  arrivals: (from, to) => (from <= IDLE_MINUTES * 60 && to > IDLE_MINUTES * 60 ? REQUESTS : 0),
  model: { seconds: 10, variation: 0.3 },
  ttl: TTL,
  concurrency: 1,
  scaling: scalingPolicy({ minCapacity: 0, maxCapacity: 4, targetBacklogPerInstance: 5 }, 0, TTL),
  aws: { metricDelay: [20, 120], startSeconds: [START_MINUTES * 60, START_MINUTES * 60] },
};

/** When something happened, in minutes after the requests. */
export interface WakeTimes {
  readonly capacityRequested: number;
  readonly inService: number;
  readonly done: number;
  readonly backAtZero: number;
}

export function wakeTimes({ capacity, doneAt }: Result): WakeTimes {
  const minutesOf = (second: number | undefined) => {
    if (second === undefined) throw new Error('the simulation ends too early for the picture');
    return second / 60 - IDLE_MINUTES;
  };
  const inService = capacity.find((change) => change.inService > 0);
  return {
    capacityRequested: minutesOf(capacity.find(({ desired }) => desired > 0)?.second),
    inService: minutesOf(inService?.second),
    done: minutesOf(doneAt),
    backAtZero: minutesOf(
      capacity.find(({ second, inService: count }) => second > (inService?.second ?? 0) && count === 0)?.second,
    ),
  };
}

/** The plot of the chart. */
const LEFT = 66;
const WIDTH = 1000;
const RIGHT = WIDTH - 16 - LEFT;
const toX = (minute: number) => 16 + LEFT + ((RIGHT - 16 - LEFT) * minute) / SHOWN_MINUTES;

const rounded = (minutes: number) => `${Math.round(minutes)} min`;

export function wakeFromZero(): Picture {
  const result = simulate(WAKE);
  const times = wakeTimes(result);
  const minutes = result.minutes.slice(IDLE_MINUTES - 1);
  const phases: readonly { from: number; to: number; title: string; fill: Color; border: Color }[] = [
    { from: 0, to: times.capacityRequested, title: 'alarm', fill: 'orangeTint', border: 'orange' },
    { from: times.capacityRequested, to: times.inService, title: 'start', fill: 'blueTint', border: 'blue' },
    { from: times.inService, to: times.done, title: 'work', fill: 'greenTint', border: 'green' },
    { from: times.done, to: times.backAtZero, title: 'idle, until scale-in', fill: 'panel', border: 'border' },
  ];
  const body = [
    text([22, 34], `${REQUESTS} requests arrive at minute 0, and no instance is in service`, { isBold: true }),
    ...phases.map(({ from, to, title, fill, border }) =>
      box(
        { x: toX(from), y: 56, width: toX(to) - toX(from), height: 48 },
        // Differences of rounded times add up to the last one.
        { title, lines: [`${Math.round(to) - Math.round(from)} min`], fill, border },
      ),
    ),
    chart(
      { x: 16, y: 122, width: WIDTH - 32, height: 300 },
      {
        title: 'Requests at the endpoint, and instances in service',
        unit: 'requests',
        rightUnit: 'instances',
        until: SHOWN_MINUTES,
        timeUnit: 'minutes after the requests',
        series: [
          { name: 'requests', values: minutes.map(({ backlog }) => backlog), color: 'orange', isFilled: true },
          {
            name: 'instances in service',
            values: minutes.map(({ instances }) => instances),
            color: 'green',
            isRight: true,
          },
        ],
      },
    ),
    text(
      [22, 452],
      `Simulated with the deployed policies. An instance starts in ${START_MINUTES} minutes here, which depends on the image and the model.`,
      {
        color: 'muted',
      },
    ),
    text([22, 471], 'Instances are billed from their start until scale-in. Times of AWS are unconfirmed.', {
      color: 'muted',
    }),
  ].join('');
  return {
    name: 'wake-from-zero',
    title: 'Wake from zero, in minutes',
    description:
      `A simulated timeline. ${REQUESTS} requests arrive while no instance is in service. ` +
      `After ${rounded(times.capacityRequested)}, the alarm has seen them and scaling asks for instances. ` +
      `After ${rounded(times.inService)}, the instances are in service. After ${rounded(times.done)}, all requests are done. ` +
      `After ${rounded(times.backAtZero)}, the endpoint is at zero instances again.`,
    width: WIDTH,
    height: 488,
    body,
  };
}
