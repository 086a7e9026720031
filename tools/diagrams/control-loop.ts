import { arrow, box, text } from './svg';
import type { Picture } from './svg';

export function controlLoop(): Picture {
  const row = 176;
  const body = [
    box({ x: 16, y: row, width: 104, height: 64 }, { title: 'Producers' }),
    box(
      { x: 164, y: row, width: 156, height: 64 },
      { title: 'Request queue', lines: ['SQS, 14 days'], fill: 'orangeTint', border: 'orange' },
    ),
    box(
      { x: 372, y: row, width: 168, height: 64 },
      { title: 'Function', lines: ['submits at a pace'], fill: 'blueTint', border: 'blue' },
    ),
    box(
      { x: 592, y: row, width: 166, height: 64 },
      { title: 'Endpoint queue', lines: ['at most 6 hours'], fill: 'orangeTint', border: 'orange' },
    ),
    box(
      { x: 810, y: row, width: 174, height: 64 },
      { title: 'Instances', lines: ['0 to maxCapacity'], fill: 'greenTint', border: 'green' },
    ),
    arrow([
      [120, 208],
      [164, 208],
    ]),
    arrow([
      [320, 208],
      [372, 208],
    ]),
    arrow([
      [540, 208],
      [592, 208],
    ]),
    arrow([
      [758, 208],
      [810, 208],
    ]),

    box(
      { x: 356, y: 24, width: 290, height: 64 },
      { title: 'Back-pressure workflow', lines: ['each minute'], fill: 'purpleTint', border: 'purple' },
    ),
    arrow(
      [
        [674, 176],
        [674, 56],
        [646, 56],
      ],
      { color: 'purple', isDashed: true },
    ),
    text([684, 108], 'backlog, age of the oldest request,', { color: 'muted' }),
    text([684, 126], 'instances in service', { color: 'muted' }),
    arrow(
      [
        [400, 88],
        [400, 176],
      ],
      { color: 'purple' },
    ),
    text([390, 118], 'enables or disables the', { color: 'muted', anchor: 'end' }),
    text([390, 136], 'event source mapping, and', { color: 'muted', anchor: 'end' }),
    text([390, 154], 'sets its concurrency', { color: 'muted', anchor: 'end' }),

    box(
      { x: 356, y: 330, width: 290, height: 64 },
      { title: 'Scaling', lines: ['demand = messages + backlog'], fill: 'purpleTint', border: 'purple' },
    ),
    arrow(
      [
        [242, 240],
        [242, 362],
        [356, 362],
      ],
      { color: 'purple', isDashed: true },
    ),
    text([252, 300], 'visible messages', { color: 'muted' }),
    arrow(
      [
        [600, 240],
        [600, 330],
      ],
      { color: 'purple', isDashed: true },
    ),
    text([610, 300], 'backlog', { color: 'muted' }),
    arrow(
      [
        [646, 362],
        [896, 362],
        [896, 240],
      ],
      { color: 'purple' },
    ),
    text([886, 300], 'starts and stops instances', { color: 'muted', anchor: 'end' }),

    text([16, 432], 'Solid: requests, and what changes something. Dashed: metrics and states that are read.', {
      color: 'muted',
    }),
  ].join('');
  return {
    name: 'control-loop',
    title: 'Request queue, back-pressure and scaling as one control loop',
    description:
      'Producers send messages to the request queue. A function submits them to the queue of the endpoint at a pace, and instances process them. ' +
      'Each minute, the back-pressure workflow reads the backlog, the age of the oldest request and the instances in service. ' +
      'It enables or disables the event source mapping of the function and sets its concurrency. ' +
      'Scaling adds the visible messages of the request queue to the backlog of the endpoint, and starts or stops instances.',
    width: 1000,
    height: 450,
    body,
  };
}
