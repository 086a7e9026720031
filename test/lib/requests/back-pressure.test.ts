import fc from 'fast-check';
import { simulate } from '../../../bench/simulation';
import { AsyncInferenceRequestQueue } from '../../../lib';
import { fromEnvironment } from '../../../lib/contract/invoker';
import { aStack, anEndpoint, only, resources } from '../../../tools/showcase/stacks';

const DEFAULTS = fromTemplate();

/** The default bounds of a request queue, read from the template. */
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

interface Load {
  readonly messages: number;
  /** How long the model processes a request, in seconds, and how many at the same time. */
  readonly modelSeconds: number;
  readonly concurrency: number;
  /** When the first instance is in service. */
  readonly coldStart: number;
  /** The time from a metric to a mapping that is disabled or enabled. */
  readonly reaction: number;
}

/** A full queue in front of one instance, in the simulation that docs/scale.md uses as well. */
function outcomeOf(
  { messages, modelSeconds, concurrency, coldStart, reaction }: Load,
  { ttl, rate, maxBacklog, maxAge } = DEFAULTS,
) {
  const minutes = simulate({
    arrivals: (second) => (second === 0 ? messages : 0),
    seconds: 7_200 + coldStart + Math.ceil(messages / rate + (messages * modelSeconds) / concurrency),
    requestQueue: {
      batchSize: 10,
      maxConcurrency: 1_000,
      maxRequestsPerSecond: rate,
      submitSeconds: 0.001,
      backPressure: { maxBacklog, maxRequestAgeSeconds: maxAge, reactionSeconds: reaction },
    },
    endpoint: {
      minCapacity: 1,
      maxCapacity: 1,
      targetBacklogPerInstance: 5,
      concurrencyPerInstance: concurrency,
      modelSeconds,
      requestTtlSeconds: ttl,
      startSeconds: 0,
      inServiceFrom: coldStart,
    },
  });
  const { done, expired } = minutes.at(-1)!;
  return {
    done,
    expired,
    oldest: minutes.reduce((oldest, minute) => Math.max(oldest, minute.oldest), 0),
    disabled: minutes.filter(({ enabled }, index) => !enabled && minutes[index - 1]?.enabled).length,
  };
}

/** 28 hours of work for one instance that processes one request at a time and has to start first. */
const LOAD: Load = { messages: 100_000, modelSeconds: 1, concurrency: 1, coldStart: 600, reaction: 300 };

test('of 100,000 requests of a second each, none expires, and most would without back-pressure', () => {
  const { done, expired, oldest, disabled } = outcomeOf(LOAD);
  expect([done, expired]).toEqual([100_000, 0]);
  expect(oldest).toBeLessThan(DEFAULTS.ttl / 2);
  expect(disabled).toBeGreaterThan(5);
  expect(outcomeOf(LOAD, { ...DEFAULTS, maxBacklog: Infinity, maxAge: Infinity }).expired).toBeGreaterThan(50_000);
});

test('the age of requests alone comes too late for a queue that drains fast', () => {
  expect(outcomeOf(LOAD, { ...DEFAULTS, rate: 1_000, maxBacklog: Infinity }).expired).toBeGreaterThan(50_000);
});

test('nothing expires if (maxBacklog + maxRequestsPerSecond × reaction) requests fit into the TTL, however tightly', () => {
  fc.assert(
    fc.property(
      fc.record({
        messages: fc.integer({ min: 1, max: 5_000 }),
        concurrency: fc.integer({ min: 1, max: 8 }),
        coldStart: fc.integer({ min: 0, max: 900 }),
        reaction: fc.integer({ min: 60, max: 600 }),
      }),
      fc.constantFrom([DEFAULTS.rate, DEFAULTS.maxBacklog], [1, 100], [0.2, 10], [100, 5_000]),
      fc.double({ min: 0.1, max: 0.95, noNaN: true }),
      (load, [rate, maxBacklog], shareOfTtl) => {
        const ahead = maxBacklog + rate * (load.reaction + 60);
        const modelSeconds = ((shareOfTtl * DEFAULTS.ttl - load.coldStart) * load.concurrency) / ahead;
        expect(outcomeOf({ ...load, modelSeconds }, { ...DEFAULTS, rate, maxBacklog })).toMatchObject({
          done: load.messages,
          expired: 0,
        });
      },
    ),
    { numRuns: 40 },
  );
});

test('a fleet that is out of service for 30 hours loses no more than one backlog per TTL', () => {
  const { expired } = outcomeOf({ ...LOAD, coldStart: 30 * 3_600 });
  expect(expired).toBeGreaterThan(0);
  expect(expired).toBeLessThanOrEqual((30 / 6) * (DEFAULTS.maxBacklog + DEFAULTS.rate * (LOAD.reaction + 60)));
});
