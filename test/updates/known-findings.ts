import type { Question } from '../support/updates/watch';
import type { ProcedureName } from './procedures';
import type { Sighting } from './sweep';

/**
 * What the sweep finds and the project knows of. A finding that is not here fails the sweep, and so does an entry that nothing is
 * found for.
 */
export interface KnownFinding {
  /** The interface and the prop, or the construct. */
  readonly prop: string;
  /** The kinds of values that it is found for. All of them if absent. */
  readonly what?: readonly string[];
  readonly question: Question;
  /** The subjects. All of them if absent. */
  readonly subject?: RegExp;
  /** The layouts that it is found in. If absent, it is found in one stack, and may be found in all layouts. */
  readonly layouts?: readonly string[];
  /** `documented` for what remains so: then an anchor tells where users read of it. */
  readonly status: 'to be repaired' | 'documented';
  /** The heading in the documentation, such as `README.md#updates`. */
  readonly anchor?: string;
  /** The procedure that avoids it, which the simulator confirms. */
  readonly procedure?: ProcedureName;
  readonly reason: string;
}

const DOCUMENTED = 'documented' as const;
const PAUSE = {
  status: DOCUMENTED,
  anchor: 'docs/updates.md#pause-the-senders',
  procedure: 'pause the senders',
} as const;
const INPUTS = 'docs/updates.md#change-where-inputs-are-uploaded';
const STAYS = { status: DOCUMENTED, anchor: 'docs/updates.md#what-stays' } as const;

const fixedFleetFirst = (prop: string): KnownFinding => ({
  prop: `AsyncInferenceEndpointProps.${prop}`,
  what: ['scaled'],
  question: 'refused',
  status: DOCUMENTED,
  anchor: 'docs/updates.md#fixed-fleet-first',
  procedure: 'fixed fleet first',
  reason: 'SageMaker refuses to change the instance type of a scalable target, and to remove it',
});

const lostQueue = (prop: string, reason: string): KnownFinding => ({
  prop,
  question: 'lost work',
  ...PAUSE,
  reason,
});

const keyOfQueue = (prop: string, questions: readonly Question[]): KnownFinding[] =>
  questions.map((question) => ({
    prop: `${prop}.encryptionKey`,
    question,
    ...PAUSE,
    reason:
      'the queue changes its key before SNS, its consumers and its senders may use the new one, ' +
      'and messages under the old key cannot be decrypted afterwards',
  }));

const oldResults = (prop: string, reason: string): KnownFinding => ({
  prop: `AsyncInferenceEndpointProps.${prop}`,
  question: 'results',
  ...PAUSE,
  anchor: 'docs/updates.md#change-where-results-go',
  reason: `readers and callbacks lose the results that were written ${reason}`,
});

const lostNotifications = (prop: string): KnownFinding => ({
  prop: `AsyncInferenceEndpointProps.${prop}`,
  question: 'delivery',
  ...PAUSE,
  reason: 'queues admit the new topic in place of the old one before the old fleet has stopped publishing to it',
});

const inputs = (prop: string, reason: string): KnownFinding => ({
  prop,
  question: 'inputs',
  ...PAUSE,
  anchor: INPUTS,
  reason,
});

const leftBucket = (prop: string, subject: RegExp, reason: string): KnownFinding => ({
  prop,
  question: 'left behind',
  subject,
  ...STAYS,
  reason,
});

const ASIDE = 'the bucket that another one takes the place of keeps its objects';
const ROLLED_BACK = 'a bucket with the removal policy RETAIN stays when its creation is rolled back';

export const KNOWN: readonly KnownFinding[] = [
  fixedFleetFirst('instanceType'),
  fixedFleetFirst('instancePools'),
  fixedFleetFirst('variantName'),

  {
    prop: 'AsyncInferenceEndpointProps.endpointName',
    question: 'lost work',
    ...PAUSE,
    reason: 'another name replaces the endpoint, and the requests in its queue are deleted with it',
  },
  {
    prop: 'AsyncInferenceEndpointProps.endpointName',
    question: 'endpoint call',
    subject: /Consumer$/,
    ...PAUSE,
    reason: 'a grant orders nothing, so a function of the user must depend on the endpoint',
  },

  {
    prop: 'AsyncInferenceEndpointProps.endpointName',
    what: ['with given topics'],
    question: 'delivery',
    ...PAUSE,
    reason:
      'the filter of a subscription to a given topic names the new endpoint in place of the old one, which still publishes',
  },
  {
    prop: 'AsyncInferenceEndpointProps.logGroup',
    question: 'fleet',
    ...PAUSE,
    reason:
      'the own log group is deleted while the endpoint writes to it, and SageMaker creates it again without a retention',
  },

  oldResults('outputBucket', 'to the old bucket'),
  oldResults('outputPrefix', 'under the old prefix'),
  oldResults('outputEncryptionKey', 'with the old key'),
  lostNotifications('successTopic'),
  lostNotifications('errorTopic'),
  leftBucket('AsyncInferenceEndpointProps.outputBucket', /OutputBucket$/, ASIDE),

  inputs(
    'AsyncInferenceInvokerProps.inputPolicy',
    'requests that are accepted before a rollback are not read after it',
  ),
  leftBucket('AsyncInferenceInvokerProps.inputPolicy', /InputBucket$/, `${ASIDE}, and ${ROLLED_BACK}`),
  {
    ...inputs('InputBucketOptions.prefix', 'the endpoint loses the right to read requests under the old prefix'),
    procedure: 'read both places first',
  },
  inputs('InputBucketOptions.bucket', 'the endpoint loses the right to read requests in the old bucket'),
  inputs('InputBucketOptions.encryptionKey', 'the endpoint loses the right to use the old key'),
  leftBucket('InputBucketOptions.bucket', /InputBucket$/, ASIDE),
  {
    prop: 'InputBucketOptions.encryptionKey',
    question: 'keys',
    subject: /Invoker\/Function$/,
    ...PAUSE,
    reason: 'the bucket changes its key before the invoker may use it',
  },
  {
    prop: 'AsyncInferenceInvokerProps.onFailure',
    question: 'use',
    ...PAUSE,
    reason: 'the destination is set before the role may send to it',
  },
  {
    prop: 'AsyncInferenceInvokerProps.role',
    question: 'use',
    subject: /Mapping$/,
    ...PAUSE,
    reason: 'the function changes its role before the new role may consume the request queue',
  },

  ...keyOfQueue('AsyncInferenceRequestQueueProps', ['keys', 'messages']),
  ...keyOfQueue('AsyncInferenceResultQueueProps', ['delivery']),
  ...keyOfQueue('AsyncInferenceResultEventsProps', ['delivery', 'keys', 'messages']),
  ...keyOfQueue('AsyncInferenceCallbackProps', ['delivery', 'keys', 'messages']),
  lostQueue(
    'AsyncInferenceRequestQueueProps.fifo',
    'a FIFO queue replaces the queue, whose messages are deleted with it',
  ),
  {
    prop: 'AsyncInferenceRequestQueueProps.fifo',
    question: 'use',
    ...PAUSE,
    reason: 'senders lose the old queue, and back-pressure the old mapping, before both are gone',
  },
  lostQueue(
    'AsyncInferenceResultQueueProps.queueName',
    'another name replaces the queue, whose messages are deleted with it',
  ),

  {
    prop: 'AsyncInferenceEndpoint',
    question: 'endpoint call',
    subject: /Consumer$/,
    ...PAUSE,
    reason: 'a grant orders nothing, so a function of the user must depend on the endpoint',
  },
  {
    prop: 'AsyncInferenceEndpoint',
    question: 'lost work',
    ...PAUSE,
    reason: 'the endpoint is deleted with the requests in its queue',
  },
  leftBucket('AsyncInferenceEndpoint', /OutputBucket$/, `results are kept, and ${ROLLED_BACK}`),
  lostQueue('AsyncInferenceInvoker', 'the request queue goes with its invoker'),
  {
    prop: 'AsyncInferenceInvoker',
    question: 'use',
    subject: /Client$/,
    ...PAUSE,
    reason: 'senders lose the request queue before it is deleted',
  },
  lostQueue('AsyncInferenceRequestQueue', 'the queue is deleted with its messages'),
  {
    prop: 'AsyncInferenceRequestQueue',
    question: 'use',
    subject: /Client$/,
    ...PAUSE,
    reason: 'senders lose the request queue before it is deleted',
  },
  lostQueue('AsyncInferenceResultQueue', 'the queue is deleted with its messages'),
  lostQueue('AsyncInferenceResultEvents', 'the queue is deleted with its messages'),
  lostQueue('AsyncInferenceCallback', 'the queue is deleted with its messages'),
];

/** Whether an entry is about a layout. */
export function concerns({ layouts }: KnownFinding, layout: string): boolean {
  return layouts === undefined || layouts.includes(layout);
}

export function covers(known: KnownFinding, sighting: Sighting): boolean {
  return (
    known.prop === sighting.prop &&
    (known.what === undefined || known.what.includes(sighting.what ?? '')) &&
    known.question === sighting.question &&
    (known.subject === undefined || known.subject.test(sighting.subject)) &&
    concerns(known, sighting.layout)
  );
}
