import type { Question } from '../support/updates/watch';
import type { ProcedureName } from './procedures';
import type { Sighting } from './sweep';

/**
 * What the sweep finds and the project knows of. A finding that is not here fails the sweep, and so does an entry that nothing is
 * found for.
 */
export interface KnownFinding {
  /** The interface and the prop, or the construct. All of them if absent. */
  readonly prop?: string;
  /** The kinds of values that it is found for. All of them if absent. */
  readonly what?: readonly string[];
  readonly question: Question;
  /** The subjects. All of them if absent. */
  readonly subject?: RegExp;
  /** The details. All of them if absent. */
  readonly detail?: RegExp;
  /**
   * Where it is found: if parts of the app are in different stacks, or if the endpoint has the removal policy RETAIN. If absent, it
   * is found in one stack, and may be found everywhere.
   */
  readonly where?: 'across stacks' | 'retained';
  /** The layouts that must have it. All with parts in different stacks if absent. */
  readonly layouts?: readonly [string, ...string[]];
  /** `documented` for what remains so: then an anchor tells where users read of it. */
  readonly status: 'to be repaired' | 'documented';
  /** The heading in the documentation, such as `README.md#updates`. */
  readonly anchor?: string;
  /** The procedure that avoids it, which the simulator confirms. */
  readonly procedure?: ProcedureName;
  /** Whether the procedure leads from the first version to the second only. */
  readonly isOneWay?: boolean;
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
    reason: 'messages under the old key cannot be decrypted after the change, or after a rollback',
  }));

/** The queue admits SNS in the policy of its key, which does not know of the key before. */
const keyOfSubscriptions = (prop: string): KnownFinding => ({
  prop: `${prop}.encryptionKey`,
  question: 'keys',
  subject: /Topic/,
  where: 'across stacks',
  ...PAUSE,
  reason: 'the policy of a key changes in its own stack, before or after the queue that uses it',
});

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

/** What another stack imports. */
const exported = (prop: string, procedure: ProcedureName): KnownFinding => ({
  prop,
  question: 'refused',
  detail: /^the export .* cannot be (deleted|updated), as it is in use by/,
  where: 'across stacks',
  status: DOCUMENTED,
  anchor: 'docs/updates.md#stacks',
  procedure,
  // On the way back, the importing stacks come last, which is their order anyway.
  isOneWay: procedure === 'importing stacks first',
  reason: 'CloudFormation refuses to remove or change an export that another stack uses',
});

/** What a change takes away from an endpoint with the removal policy RETAIN. */
const takenAway = (prop: string, subject: RegExp, what?: readonly string[]): KnownFinding => ({
  prop: prop.includes('.') ? prop : `AsyncInferenceEndpointProps.${prop}`,
  what,
  question: 'left behind',
  subject,
  detail: /after the update/,
  where: 'retained',
  ...STAYS,
  procedure: 'delete first',
  reason: 'what leaves the template of a retained endpoint stays',
});

const ASIDE = 'the bucket that another one takes the place of keeps its objects';
const ROLLED_BACK = 'a bucket with the removal policy RETAIN stays when its creation is rolled back';

export const KNOWN: readonly KnownFinding[] = [
  exported('AsyncInferenceEndpointProps.outputBucket', 'importing stacks first'),
  exported('AsyncInferenceEndpointProps.successTopic', 'importing stacks first'),
  exported('AsyncInferenceEndpointProps.errorTopic', 'importing stacks first'),
  exported('AsyncInferenceEndpointProps.createInvoker', 'remove the imports first'),
  exported('AsyncInferenceRequestQueueProps.fifo', 'remove the imports first'),
  exported('AsyncInferenceRequestQueueProps.queueName', 'remove the imports first'),
  // Without endpoint, nothing orders the stacks, so the one that has exports may come first.
  {
    ...exported('AsyncInferenceEndpoint', 'remove the users first'),
    layouts: ['invoker apart', 'queues apart'],
  },
  keyOfSubscriptions('AsyncInferenceResultQueueProps'),
  keyOfSubscriptions('AsyncInferenceResultEventsProps'),
  keyOfSubscriptions('AsyncInferenceCallbackProps'),
  {
    prop: 'AsyncInferenceEndpointProps.endpointName',
    question: 'endpoint call',
    where: 'across stacks',
    ...PAUSE,
    anchor: 'docs/updates.md#stacks',
    reason: 'the stack of the endpoint deletes the old one before other stacks learn of the new one',
  },
  {
    prop: 'AsyncInferenceEndpointProps.endpointName',
    question: 'use',
    subject: /BackPressure$/,
    where: 'across stacks',
    ...PAUSE,
    anchor: 'docs/updates.md#stacks',
    reason: 'the stack of the endpoint deletes the old one before the stack of the request queue learns of the new one',
  },

  takenAway('successTopic', /(SuccessTopic(\/Policy)?|KeyPermissions)$/),
  takenAway('errorTopic', /ErrorTopic(\/Policy)?$/),
  takenAway('outputEncryptionKey', /KeyPermissions$/),
  takenAway('logGroup', /LogGroup$/),
  takenAway('model', /(ExecutionRole|Model)$/, ['existing model']),
  takenAway('instancePools', /Model-ml-inf2-xlarge$/, ['with a model']),
  takenAway('executionRole', /ExecutionRole$/),
  takenAway('rollbackAlarms', /RollbackPermissions$/),
  takenAway('volumeEncryptionKey', /KeyPermissions$/),
  takenAway('vpc', /SecurityGroup$/),
  takenAway('securityGroups', /SecurityGroup$/),
  takenAway('outputBucket', /KeyPermissions$/, ['with keys']),
  takenAway('InputBucketOptions.encryptionKey', /InputKeyPermissions$/),

  {
    prop: 'AsyncInferenceEndpoint',
    question: 'left behind',
    subject: /^App\/Endpoint\b/,
    detail: /after the update/,
    where: 'retained',
    ...STAYS,
    reason: 'a retained endpoint stays when it leaves the template, with all that it needs',
  },
  {
    prop: 'AsyncInferenceEndpoint',
    question: 'collision',
    subject: /LogGroup$/,
    where: 'retained',
    ...STAYS,
    reason: 'what stayed has the names that CloudFormation would create again',
  },

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
    status: DOCUMENTED,
    anchor: 'docs/updates.md#change-the-log-group',
    procedure: 'retain first',
    isOneWay: true,
    reason:
      'the own log group is deleted while the endpoint writes to it, and SageMaker creates it again without a retention',
  },
  {
    prop: 'AsyncInferenceEndpointProps.logGroup',
    question: 'collision',
    subject: /LogGroup$/,
    where: 'retained',
    status: DOCUMENTED,
    anchor: 'docs/updates.md#change-the-log-group',
    reason: 'a log group that stayed has the name that the endpoint would create again',
  },

  oldResults('outputBucket', 'to the old bucket'),
  oldResults('outputPrefix', 'under the old prefix'),
  oldResults('outputEncryptionKey', 'with the old key'),
  lostNotifications('successTopic'),
  lostNotifications('errorTopic'),
  leftBucket('AsyncInferenceEndpointProps.outputBucket', /OutputBucket(\/Policy)?$/, ASIDE),

  inputs(
    'AsyncInferenceInvokerProps.inputPolicy',
    'requests that are accepted before a rollback are not read after it',
  ),
  leftBucket('AsyncInferenceInvokerProps.inputPolicy', /InputBucket(\/Policy)?$/, `${ASIDE}, and ${ROLLED_BACK}`),
  {
    ...inputs('InputBucketOptions.prefix', 'the endpoint loses the right to read requests under the old prefix'),
    procedure: 'read both places first',
  },
  inputs('InputBucketOptions.bucket', 'the endpoint loses the right to read requests in the old bucket'),
  inputs('InputBucketOptions.encryptionKey', 'the endpoint loses the right to use the old key'),
  inputs('AsyncInferenceEndpointProps.outputEncryptionKey', 'the input bucket has this key as well'),
  leftBucket('InputBucketOptions.bucket', /InputBucket(\/Policy)?$/, ASIDE),
  {
    prop: 'InvokeAsyncInferenceOptions.invoker',
    question: 'use',
    subject: /Workflow$/,
    ...PAUSE,
    reason: 'CDK changes the policy of a state machine in place, before its definition',
  },
  {
    prop: 'AsyncInferenceInvokerProps.onFailure',
    question: 'use',
    ...PAUSE,
    reason: 'the destination is set before the role may send to it',
  },

  {
    prop: 'AsyncInferenceRequestQueueProps.encryptionKey',
    question: 'keys',
    subject: /Client$/,
    status: DOCUMENTED,
    anchor: 'docs/updates.md#add-a-key',
    procedure: 'grant the keys first',
    reason: 'a grant orders nothing, so the queue changes its key before or after its senders may use it',
  },
  ...keyOfQueue('AsyncInferenceRequestQueueProps', ['messages']),
  ...keyOfQueue('AsyncInferenceResultQueueProps', ['delivery']),
  ...keyOfQueue('AsyncInferenceResultEventsProps', ['delivery', 'messages']),
  ...keyOfQueue('AsyncInferenceCallbackProps', ['delivery', 'messages']),
  ...['fifo', 'queueName'].flatMap((prop): KnownFinding[] => [
    {
      prop: `AsyncInferenceRequestQueueProps.${prop}`,
      question: 'use',
      ...PAUSE,
      reason: 'senders lose the old queue, and back-pressure the old mapping, before both are gone',
    },
    {
      prop: `AsyncInferenceRequestQueueProps.${prop}`,
      question: 'left behind',
      subject: /Requests\/(Queue|DeadLetterQueue)(\/Policy)?$/,
      ...STAYS,
      reason: 'a request queue holds work, so the queue that is replaced stays',
    },
  ]),
  {
    prop: 'AsyncInferenceRequestQueueProps.queueName',
    question: 'collision',
    subject: /Requests\/(Queue|DeadLetterQueue)$/,
    ...STAYS,
    reason: 'a queue that stayed has the name that CloudFormation would create again',
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
  leftBucket('AsyncInferenceEndpoint', /OutputBucket(\/Policy)?$/, `results are kept, and ${ROLLED_BACK}`),
  {
    prop: 'AsyncInferenceRequestQueue',
    question: 'use',
    subject: /Client$/,
    ...PAUSE,
    reason: 'senders lose the request queue when it leaves the template',
  },
  {
    prop: 'AsyncInferenceRequestQueue',
    question: 'left behind',
    subject: /Requests\/(Queue|DeadLetterQueue)(\/Policy)?$/,
    ...STAYS,
    reason: 'a request queue holds work, so it stays',
  },
  lostQueue('AsyncInferenceResultQueue', 'the queue is deleted with its messages'),
  lostQueue('AsyncInferenceResultEvents', 'the queue is deleted with its messages'),
  lostQueue('AsyncInferenceCallback', 'the queue is deleted with its messages'),
];

export function covers(known: KnownFinding, sighting: Sighting): boolean {
  return (
    (known.prop === undefined || known.prop === sighting.prop) &&
    (known.what === undefined || known.what.includes(sighting.what ?? '')) &&
    known.question === sighting.question &&
    (known.subject === undefined || known.subject.test(sighting.subject)) &&
    (known.detail === undefined || known.detail.test(sighting.detail)) &&
    (known.where === undefined || known.where === placeOf(sighting.layout)) &&
    (known.layouts === undefined || known.layouts.includes(sighting.layout))
  );
}

function placeOf(layout: string): 'one stack' | 'retained' | 'across stacks' {
  return layout === 'one stack' || layout === 'retained' ? layout : 'across stacks';
}

/** The layouts in which an entry must be found. */
export function layoutsOf({ where, layouts }: KnownFinding): readonly [string, ...string[]] {
  if (layouts) return layouts;
  if (where === undefined) return ['one stack'];
  return [where === 'retained' ? where : 'all apart'];
}
