import { arrow, box, FONT_SIZE, line, text, textWidth } from './svg';
import type { Picture } from './svg';

const ACTORS = ['Your client', 'Invoker', 'Endpoint', 'Container', 'Output bucket', 'Success topic'] as const;
type Actor = (typeof ACTORS)[number];

/** A message from one actor to another, or a note at one actor. */
type Step =
  | { readonly from: Actor; readonly to: Actor; readonly label: string; readonly isAnswer?: boolean }
  | { readonly at: Actor; readonly note: readonly string[] };

const STEPS: readonly Step[] = [
  { from: 'Your client', to: 'Invoker', label: 'payload, at most 128,000 bytes' },
  { at: 'Invoker', note: ['checks the request'] },
  { from: 'Invoker', to: 'Endpoint', label: 'InvokeEndpointAsync with Body' },
  { from: 'Endpoint', to: 'Invoker', label: '202 Accepted', isAnswer: true },
  { from: 'Invoker', to: 'Your client', label: 'InferenceId, OutputLocation', isAnswer: true },
  { at: 'Endpoint', note: ['queues the request,', 'TTL 6 hours by default'] },
  { from: 'Endpoint', to: 'Container', label: 'POST /invocations' },
  { at: 'Container', note: ['runs the model, timeout', '15 minutes by default'] },
  { from: 'Container', to: 'Endpoint', label: '200 with the result', isAnswer: true },
  { from: 'Endpoint', to: 'Output bucket', label: 'the result, as an object' },
  { from: 'Endpoint', to: 'Success topic', label: 'notification with the InferenceId' },
  { from: 'Success topic', to: 'Your client', label: 'notification, if the client subscribes', isAnswer: true },
  { from: 'Your client', to: 'Output bucket', label: 'reads the object at OutputLocation' },
];

const WIDTH = 1000;
const FIRST = 80;
const DISTANCE = (WIDTH - 2 * FIRST) / (ACTORS.length - 1);
const HEAD = { y: 16, width: 132, height: 38 };
const STEP = 46;

const xOf = (actor: Actor) => FIRST + ACTORS.indexOf(actor) * DISTANCE;

function drawn(step: Step, y: number): string {
  if ('note' in step) {
    const width = Math.max(...step.note.map((row) => textWidth(row))) + 20;
    const height = step.note.length * 18 + 8;
    return box(
      { x: xOf(step.at) - width / 2, y: y - height / 2 - 4, width, height },
      { lines: step.note, fill: 'orangeTint', border: 'orange' },
    );
  }
  const [from, to] = [xOf(step.from), xOf(step.to)];
  const middle = (from + to) / 2;
  const width = textWidth(step.label) + 8;
  return [
    arrow(
      [
        [from, y],
        [to, y],
      ],
      { isDashed: step.isAnswer, color: step.isAnswer ? 'muted' : 'blue' },
    ),
    // The label covers the lines of the actors that it crosses.
    `<rect x="${Math.round(middle - width / 2)}" y="${y - 20}" width="${Math.round(width)}" height="16" class="f-paper"/>\n`,
    text([middle, y - 8], step.label, { anchor: 'middle', size: FONT_SIZE }),
  ].join('');
}

export function requestSequence(): Picture {
  const top = HEAD.y + HEAD.height;
  const height = top + STEPS.length * STEP + 44;
  const body = [
    ...ACTORS.map((actor) =>
      line(
        [
          [xOf(actor), top],
          [xOf(actor), height - 16],
        ],
        { color: 'grid', width: 1.4 },
      ),
    ),
    ...ACTORS.map((actor) =>
      box(
        { x: xOf(actor) - HEAD.width / 2, ...HEAD },
        { title: actor, ...(actor === 'Your client' ? {} : { fill: 'blueTint', border: 'blue' }) },
      ),
    ),
    ...STEPS.map((step, index) => drawn(step, top + 44 + index * STEP)),
  ].join('');
  const said = STEPS.map((step) =>
    'note' in step ? `${step.at}: ${step.note.join(' ')}` : `${step.from} to ${step.to}: ${step.label}`,
  );
  return {
    name: 'request-sequence',
    title: 'One request as a sequence',
    description: `The steps of a request that succeeds. ${said.map((sentence) => `${sentence}.`).join(' ')}`,
    width: WIDTH,
    height,
    body,
  };
}
