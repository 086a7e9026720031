import { FLOOD_WAYS } from '../../bench/scale';
import { simulate } from '../../bench/simulation';
import type { Minute, Result } from '../../bench/simulation';
import { chart } from './chart';
import type { Series } from './chart';
import { text } from './svg';
import type { Picture } from './svg';

const WIDTH = 1000;
const whole = (value: number) => Math.round(value).toLocaleString('en-US');

interface Panel {
  readonly title: string;
  readonly unit: string;
  readonly series: readonly (Omit<Series, 'values'> & { readonly of: (minute: Minute) => number })[];
}

/** Where requests are, and what became of them, over hours. */
function overHours(
  picture: Pick<Picture, 'name' | 'title' | 'description'>,
  caption: string,
  result: Result,
  hours: number,
  panels: readonly Panel[],
): Picture {
  const shown = result.minutes.slice(0, hours * 60 + 1);
  // More points than pixels would not be visible.
  const every = Math.max(1, Math.floor(shown.length / 360));
  const points = shown.filter((_, index) => index % every === 0 || index === shown.length - 1);
  const height = 225;
  const body = [
    text([22, 34], caption, { isBold: true }),
    ...panels.map(({ title, unit, series }, index) =>
      chart(
        { x: 16, y: 52 + index * height, width: WIDTH - 32, height: height - 12 },
        {
          title,
          unit,
          until: hours,
          timeUnit: 'hours',
          most: result.arrived,
          series: series.map(({ of, ...each }) => ({ ...each, values: points.map(of) })),
        },
      ),
    ),
  ].join('');
  return { ...picture, width: WIDTH, height: 56 + panels.length * height, body };
}

const WAITING: Panel['series'][number] = {
  name: 'in the request queue',
  color: 'blue',
  isFilled: true,
  of: ({ waiting }) => waiting,
};
const BACKLOG: Panel['series'][number] = {
  name: 'at the endpoint',
  color: 'orange',
  isFilled: true,
  of: ({ backlog }) => backlog,
};
const OUTCOMES: Panel = {
  title: 'What became of the requests so far',
  unit: 'requests',
  series: [
    { name: 'done', color: 'green', of: ({ done }) => done },
    { name: 'expired', color: 'red', of: ({ expired }) => expired },
  ],
};

function flood(way: string, picture: Pick<Picture, 'name' | 'title'>, waiting: Panel['series']): Picture {
  const hours = 9;
  const result = simulate(FLOOD_WAYS[way]!);
  const outcome = `${whole(result.done)} done, ${whole(result.expired)} expired`;
  return overHours(
    {
      ...picture,
      description:
        '120,000 requests arrive within 10 minutes for an endpoint without instances, which has at most 2 and processes 4 requests per second. ' +
        `The TTL is one hour. Simulated, ${way.replaceAll('`', '')}: ${outcome}.`,
    },
    `120,000 requests in 10 minutes, ${way.replaceAll('`', '')}: ${outcome}`,
    result,
    hours,
    [{ title: 'Requests that wait', unit: 'requests', series: waiting }, OUTCOMES],
  );
}

export const backlogDirect = (): Picture =>
  flood('direct, without a queue', { name: 'backlog-direct', title: 'A burst that is sent to the endpoint directly' }, [
    BACKLOG,
  ]);

export const backlogEnabledQueue = (): Picture =>
  flood(
    'through a queue that is always enabled, 40 per second',
    { name: 'backlog-enabled-queue', title: 'The same burst through a queue that is always enabled' },
    [WAITING, BACKLOG],
  );

export const backlogRequestQueue = (): Picture =>
  flood(
    'through `AsyncInferenceRequestQueue`',
    { name: 'backlog-request-queue', title: 'The same burst through AsyncInferenceRequestQueue' },
    [WAITING, BACKLOG],
  );
