import fc from 'fast-check';
import { AsyncInferenceRequestQueue } from '../../../lib';
import { fromEnvironment } from '../../../lib/contract/invoker';
import { aStack, anEndpoint, only, resources } from '../../../tools/showcase/stacks';

const DEFAULTS = fromTemplate();

/** What bounds a queue by default, as the template tells it to AWS. */
function fromTemplate() {
  const stack = aStack();
  const { invoker } = anEndpoint(stack);
  new AsyncInferenceRequestQueue(stack, 'Requests', { invoker });
  const { Environment } = only(stack, 'AWS::Lambda::Function').Properties as {
    Environment: { Variables: Record<string, string> };
  };
  const { defaultRequestTtlSeconds, sqsPaceMilliseconds } = fromEnvironment({
    ...Environment.Variables,
    ENDPOINT_NAME: 'e',
  });
  const { ScalingConfig } = only(stack, 'AWS::Lambda::EventSourceMapping').Properties as {
    ScalingConfig: { MaximumConcurrency: number };
  };
  const threshold = (metric: string) =>
    Object.values(resources(stack, 'AWS::CloudWatch::Alarm')).find(
      ({ Properties }) => Properties.MetricName === metric,
    )!.Properties.Threshold as number;
  return {
    ttl: defaultRequestTtlSeconds!,
    rate: (1_000 * ScalingConfig.MaximumConcurrency) / sqsPaceMilliseconds!,
    maxBacklog: threshold('ApproximateBacklogSize'),
    maxAge: threshold('ApproximateAgeOfOldestRequest'),
  };
}

interface Scene {
  readonly messages: number;
  /** How long the model works on a request, in seconds, and on how many at a time. */
  readonly seconds: number;
  readonly parallel: number;
  /** How long it takes until there is an instance. */
  readonly coldStart: number;
  /** How long it takes from what the metrics measure to the mapping that is turned. */
  readonly reaction: number;
}

/** Plays a full queue in front of an endpoint, second by second. */
function play(
  { messages, seconds, parallel, coldStart, reaction }: Scene,
  { ttl, rate, maxBacklog, maxAge } = DEFAULTS,
) {
  const submitted: number[] = [];
  const turns: { readonly at: number; readonly on: boolean }[] = [];
  const outcome = { processed: 0, expired: 0, longestWait: 0, turnedOff: 0 };
  let [on, due, free, oldest] = [true, 0, 0, 0];
  for (let now = 0; oldest < messages; now += 1) {
    while (turns[0] && turns[0].at <= now) {
      const turn = turns.shift()!;
      outcome.turnedOff += Number(on && !turn.on);
      on = turn.on;
    }
    if (on) due = Math.min(due + rate, messages);
    while (submitted.length < Math.floor(due)) submitted.push(now);
    free = now < coldStart ? 0 : free + parallel / seconds;
    while (oldest < submitted.length && (free >= 1 || now - submitted[oldest]! > ttl)) {
      const wait = now - submitted[oldest]!;
      if (wait > ttl) outcome.expired += 1;
      else [outcome.processed, free] = [outcome.processed + 1, free - 1];
      outcome.longestWait = Math.max(outcome.longestWait, wait);
      oldest += 1;
    }
    if (oldest === submitted.length) free = Math.min(free, parallel);
    const age = oldest < submitted.length ? now - submitted[oldest]! : 0;
    if (now % 60 === 0)
      turns.push({ at: now + reaction, on: submitted.length - oldest <= maxBacklog && age <= maxAge });
  }
  return outcome;
}

// 28 hours of work for one instance that does one thing at a time, and that has to start first
const ISSUE: Scene = { messages: 100_000, seconds: 1, parallel: 1, coldStart: 600, reaction: 300 };

test('100,000 jobs of a second, one at a time: none expires, where most would without back-pressure', () => {
  const held = play(ISSUE);
  expect(held).toMatchObject({ processed: 100_000, expired: 0 });
  expect(held.longestWait).toBeLessThan(DEFAULTS.ttl / 2);
  expect(held.turnedOff).toBeGreaterThan(5);
  expect(play(ISSUE, { ...DEFAULTS, maxBacklog: Infinity, maxAge: Infinity }).expired).toBeGreaterThan(50_000);
});

test('the age of requests alone comes too late for a queue that drains fast', () => {
  expect(play(ISSUE, { ...DEFAULTS, rate: 1_000, maxBacklog: Infinity }).expired).toBeGreaterThan(50_000);
});

test('nothing expires if (maxBacklog + maxRequestsPerSecond × reaction) requests fit into the TTL, however tightly', () => {
  fc.assert(
    fc.property(
      fc.record({
        messages: fc.integer({ min: 1, max: 20_000 }),
        parallel: fc.integer({ min: 1, max: 8 }),
        coldStart: fc.integer({ min: 0, max: 900 }),
        reaction: fc.integer({ min: 60, max: 600 }),
      }),
      fc.constantFrom([DEFAULTS.rate, DEFAULTS.maxBacklog], [1, 100], [0.2, 10], [100, 5_000]),
      fc.double({ min: 0.1, max: 0.99, noNaN: true }),
      (scene, [rate, maxBacklog], shareOfTtl) => {
        const ahead = maxBacklog + rate * (scene.reaction + 60);
        const seconds = ((shareOfTtl * DEFAULTS.ttl - scene.coldStart) * scene.parallel) / ahead;
        expect(play({ ...scene, seconds }, { ...DEFAULTS, rate, maxBacklog })).toMatchObject({
          processed: scene.messages,
          expired: 0,
        });
      },
    ),
    { numRuns: 40 },
  );
});

test('a fleet that gives no sign of life for 30 hours loses no more than that in each TTL', () => {
  const { expired } = play({ ...ISSUE, coldStart: 30 * 3_600 });
  expect(expired).toBeGreaterThan(0);
  expect(expired).toBeLessThanOrEqual((30 / 6) * (DEFAULTS.maxBacklog + DEFAULTS.rate * (ISSUE.reaction + 60)));
});
