import { AccountView, versionsOf } from './account-view';
import type { UsedKey } from './account-view';
import { keyOf } from './cloud-account';
import type { CloudAccount } from './cloud-account';
import { matchesFilter } from './filter-policy';
import { oncePerObject } from './numbers';
import { Permissions } from './permissions';
import type { RequiredCall } from './permissions';
import { arnOf } from './physical-resource';
import type { PhysicalResource } from './physical-resource';
import { bucketOf, deliveryCalls, environmentOf, keyCalls, outputOf, readCalls, requirements } from './required-calls';
import type { Client, Requirement, S3Location } from './required-calls';

/** What is asked of the account at each moment. */
export type Question =
  /** Does the role of each fleet in service hold what its configuration needs? */
  | 'fleet'
  /** Can the function in service call the endpoint in service? */
  | 'endpoint call'
  /** Can every other function, mapping, pipe, rule, workflow, alarm and client do its work? */
  | 'use'
  /** Do topics deliver to all queues that receive notifications before and after? */
  | 'delivery'
  /** Can writers and readers use the key? */
  | 'keys'
  /** Is every object that an accepted request names still readable? */
  | 'inputs'
  /** Can those who read results still read what was written before? */
  | 'results'
  /** Can those who consume a queue still read what is in it? */
  | 'messages'
  /** Is anything deleted that holds work? */
  | 'lost work'
  /** Does a physical name collide? */
  | 'collision'
  /** Does a service or CloudFormation refuse a step? */
  | 'refused'
  /** What stays behind? */
  | 'left behind'
  /** Do the policies of each role stay within IAM's limits? */
  | 'limits';

export interface Finding {
  readonly question: Question;
  /** The construct path of the resource that suffers. */
  readonly subject: string;
  readonly detail: string;
  /** When it was first seen. */
  readonly moment: string;
}

/** What outlives a moment: a request in the endpoint's queue, a result in its bucket, a message in a queue. */
export type Trace =
  | {
      readonly kind: 'request';
      readonly endpoint: PhysicalResource;
      readonly input?: { readonly location: S3Location; readonly key?: UsedKey };
    }
  | {
      readonly kind: 'result';
      readonly endpoint: string;
      readonly location: S3Location;
      readonly key?: UsedKey;
      readonly readers: readonly string[];
    }
  | { readonly kind: 'message'; readonly queue: PhysicalResource; readonly key?: UsedKey };

export type Traces = Map<string, Trace>;

interface Flaw extends Omit<Finding, 'moment'> {
  readonly whenSettled?: boolean;
  readonly onceEstablished?: readonly string[];
  readonly whileManaged?: string;
}

/** The queues that receive the notifications of each endpoint and outcome, by construct path and outcome. */
export type Receivers = ReadonlyMap<string, ReadonlySet<string>>;

/** What is true of a moment besides the account. */
export interface Surroundings {
  readonly traces: Traces;
  readonly expected: Receivers;
  readonly established: ReadonlySet<string>;
  readonly unused?: ReadonlySet<string>;
  readonly isSettled?: boolean;
  /** Whether nobody sends requests or messages. */
  readonly isQuiet?: boolean;
}

/** All that is known of one state of the account. */
interface State {
  readonly view: AccountView;
  readonly permissions: Permissions;
  readonly flaws: readonly Flaw[];
  readonly traces: Traces;
  /** For each configuration in service, its endpoint and outcome, and the queues that its notifications reach. */
  readonly deliveries: readonly {
    readonly of: string;
    readonly subject: string;
    readonly queues: ReadonlySet<string>;
  }[];
  readonly readers: ReadonlyMap<string, ReadonlySet<string>>;
  readonly traceFlaws: Map<string, readonly Flaw[]>;
}

/** The questions about work in progress. While nobody sends anything and all queues are empty, there is none. */
const WORKING: ReadonlySet<Question> = new Set(['endpoint call', 'use', 'keys']);

const MAX_MANAGED_POLICIES = 10;
const MAX_INLINE_CHARACTERS = 10_240;
const MAX_MANAGED_CHARACTERS = 6_144;

/** Asks the questions, and keeps what it finds. Each state of the account is judged once. */
export class Watch {
  private states = new Map<string, Promise<State>>();
  private found = new Map<string, Finding>();

  constructor(
    private readonly clients: readonly Client[],
    private readonly modelRoles: Readonly<Record<string, string>>,
  ) {}

  /** What was found since the last call. */
  public takeFindings(): Finding[] {
    const findings = [...this.found.values()];
    this.found = new Map();
    return findings;
  }

  /** Another watch that shares the judgments. */
  public fork(): Watch {
    const copy = new Watch(this.clients, this.modelRoles);
    copy.states = this.states;
    return copy;
  }

  public report(flaw: Flaw, moment: string): void {
    const key = `${flaw.question}|${flaw.subject}|${flaw.detail}`;
    const { question, subject, detail } = flaw;
    if (!this.found.has(key)) this.found.set(key, { question, subject, detail, moment });
  }

  /**
   * Judges a state, and adds what it leaves to the traces.
   *
   * @param isSettled whether no deployment is in progress
   * @param unused the keys of resources that nobody has used yet
   * @param established the keys of the resources that were there before the deployment
   * @param isQuiet whether nobody sends requests or messages
   */
  public async look(
    account: CloudAccount,
    moment: string,
    { traces, expected, established, unused, isSettled = false, isQuiet }: Surroundings,
  ): Promise<void> {
    const state = await this.state(account);
    const isAtRest = isQuiet && !isSettled;
    const abandoned = new Set(isSettled ? account.leftBehind.map(keyOf) : []);
    state.flaws
      .filter(
        ({ question, whenSettled, onceEstablished = [], whileManaged = '' }) =>
          !(isAtRest && WORKING.has(question)) &&
          !abandoned.has(whileManaged) &&
          (isSettled || (!whenSettled && onceEstablished.every((key) => established.has(key)))),
      )
      .forEach((flaw) => this.report(flaw, moment));
    for (const entry of traces) {
      // Results are read later.
      if (entry[1].kind === 'result' && !isSettled) continue;
      (await traceFlaws(entry, state)).forEach((flaw) => this.report(flaw, moment));
    }
    for (const { of, subject, queues } of isAtRest ? [] : state.deliveries) {
      for (const queue of expected.get(of) ?? []) {
        if (queues.has(queue) || !state.view.find(queue)) continue;
        this.report({ question: 'delivery', subject, detail: `${of} does not reach ${nameOf(queue)}` }, moment);
      }
    }
    for (const [name, trace] of state.traces) {
      if (isAtRest || (trace.kind !== 'result' && (isQuiet || (unused && isOf(trace, unused))))) continue;
      traces.set(name, trace);
    }
  }

  /** The traces without those of which it is known already that something is wrong. */
  public async intact(account: CloudAccount, traces: Traces): Promise<Traces> {
    const state = await this.state(account);
    const intact: Traces = new Map();
    for (const entry of traces) if ((await traceFlaws(entry, state)).length === 0) intact.set(...entry);
    return intact;
  }

  /** The queues that receive notifications in a state. */
  public async receivers(account: CloudAccount): Promise<Receivers> {
    const { deliveries } = await this.state(account);
    const receivers = new Map<string, Set<string>>();
    for (const { of, queues } of deliveries) {
      const known = receivers.get(of);
      receivers.set(of, known ? new Set([...known].filter((queue) => queues.has(queue))) : new Set(queues));
    }
    return receivers;
  }

  private state(account: CloudAccount): Promise<State> {
    const { signature } = account;
    let state = this.states.get(signature);
    if (!state) {
      state = this.judge(account.clone());
      this.states.set(signature, state);
    }
    return state;
  }

  private async judge(account: CloudAccount): Promise<State> {
    const view = new AccountView(account, this.modelRoles);
    const accountId = account.all[0]?.account ?? '111122223333';
    const permissions = new Permissions(view, accountId);
    const flaws: Flaw[] = [];
    for (const requirement of requirements(view, this.clients)) {
      const flaw = await flawOf(requirement, view, permissions);
      if (flaw) flaws.push(flaw);
    }
    const deliveries = await deliveriesOf(view, permissions);
    const readers = readersOf(view, deliveries, this.clients);
    return {
      view,
      permissions,
      flaws: [...flaws, ...limitFlaws(view)],
      traces: tracesOf(view, readers),
      deliveries,
      readers,
      traceFlaws: new Map(),
    };
  }
}

/** Whether a trace is of one of the resources with these keys. */
export function isOf(trace: Trace, keys: ReadonlySet<string>): boolean {
  if (trace.kind === 'result') return false;
  return keys.has(keyOf(trace.kind === 'request' ? trace.endpoint : trace.queue));
}

/** The last part of an ARN, which tells more than the rest. */
function nameOf(arn: string): string {
  return arn.split(/[:/]/).filter(Boolean).at(-1) ?? arn;
}

async function fault(call: RequiredCall, view: AccountView, permissions: Permissions): Promise<string | undefined> {
  const owner = call.resource.startsWith('arn:aws:s3:::') ? call.resource.split('/')[0]! : call.resource;
  if (view.account.isDeleted(call.principal)) return `the role ${nameOf(call.principal)} is deleted`;
  if (view.account.isDeleted(owner)) return `${call.action} on ${nameOf(owner)}, which is deleted`;
  if (await permissions.allows(call)) return undefined;
  const resource = call.resource.replace(/^arn:aws:\w+:[^:]*:[^:]*:/, '');
  return `${nameOf(call.principal)} is not allowed ${call.action} on ${resource}`;
}

async function flawOf(
  { subject, topic, call, fault: told, whenSettled, onceEstablished, whileManaged }: Requirement,
  view: AccountView,
  permissions: Permissions,
): Promise<Flaw | undefined> {
  const detail = told ?? (call && (await fault(call, view, permissions)));
  if (detail === undefined) return undefined;
  return {
    question: call?.action.startsWith('kms:') ? 'keys' : topic,
    subject: subject.path,
    detail,
    whenSettled,
    onceEstablished,
    whileManaged,
  };
}

function limitFlaws(view: AccountView): Flaw[] {
  const managed = view.all('AWS::IAM::ManagedPolicy');
  const roles = new Map<string, string>(view.all('AWS::IAM::Role').map(({ id, path }) => [id, path]));
  managed
    .flatMap(({ properties }) => (properties.Roles ?? []) as string[])
    .forEach((id) => {
      if (!roles.has(id)) roles.set(id, id);
    });
  const flaw = (subject: string, detail: string): Flaw => ({ question: 'limits', subject, detail });
  return [
    ...managed
      .filter(({ properties }) => lengthOf(properties.PolicyDocument as object) > MAX_MANAGED_CHARACTERS)
      .map(({ path }) => flaw(path, `more than ${MAX_MANAGED_CHARACTERS} characters`)),
    ...[...roles].flatMap(([id, path]) => {
      const attached = managed.filter(({ properties }) => ((properties.Roles ?? []) as unknown[]).includes(id)).length;
      const own = (view.named('AWS::IAM::Role', id)?.properties.Policies ?? []) as { PolicyDocument: unknown }[];
      const inline = [...own.map((policy) => policy.PolicyDocument), ...view.account.attachedTo(id)];
      const characters = inline.reduce<number>((sum, document) => sum + lengthOf(document as object), 0);
      return [
        ...(attached > MAX_MANAGED_POLICIES ? [flaw(path, `more than ${MAX_MANAGED_POLICIES} managed policies`)] : []),
        ...(characters > MAX_INLINE_CHARACTERS
          ? [flaw(path, `more than ${MAX_INLINE_CHARACTERS} inline characters`)]
          : []),
      ];
    }),
  ];
}

/** The characters of a policy that IAM counts. */
const lengthOf = oncePerObject((document: object) => JSON.stringify(document).replace(/\s/g, '').length);

const OUTCOMES = { success: 'Completed', failure: 'Failed' } as const;

async function deliveriesOf(view: AccountView, permissions: Permissions): Promise<State['deliveries']> {
  const deliveries = [];
  const subscriptions = view.all('AWS::SNS::Subscription').filter(({ phase }) => phase === 'in service');
  for (const endpoint of view.all('AWS::SageMaker::Endpoint')) {
    if (endpoint.phase !== 'in service') continue;
    for (const fleet of view.fleets(endpoint)) {
      for (const { outcome, arn } of outputOf(view, fleet).topics) {
        const queues = new Set<string>();
        const message = {
          invocationStatus: OUTCOMES[outcome],
          requestParameters: { endpointName: endpoint.id },
        };
        for (const subscription of subscriptions) {
          const { TopicArn, Endpoint, FilterPolicy, FilterPolicyScope } = subscription.properties;
          if (TopicArn !== arn || !matchesFilter(FilterPolicy, FilterPolicyScope === 'MessageBody' ? message : {}))
            continue;
          const queue = String(Endpoint);
          const needed = deliveryCalls(view, subscription).filter(
            (call) => !call.resource.startsWith('arn:aws:sqs:') || call.resource === queue,
          );
          const verdicts = await Promise.all(needed.map((call) => permissions.allows(call)));
          if (view.find(queue) && verdicts.length > 0 && verdicts.every(Boolean)) queues.add(queue);
        }
        deliveries.push({ of: `${endpoint.path} ${outcome}`, subject: endpoint.path, queues });
      }
    }
  }
  return deliveries;
}

/** The roles that read the results of each endpoint: clients, and functions that get notifications and look into results. */
function readersOf(
  view: AccountView,
  deliveries: State['deliveries'],
  clients: readonly Client[],
): Map<string, Set<string>> {
  const readers = new Map<string, Set<string>>();
  const add = (endpoint: string, role: string) => {
    readers.set(endpoint, (readers.get(endpoint) ?? new Set()).add(role));
  };
  for (const { role: path, reads = [] } of clients) {
    const role = view.all('AWS::IAM::Role').find((one) => one.path === path);
    if (role) reads.forEach((endpoint) => add(endpoint, arnOf(role)));
  }
  for (const { properties } of view.all('AWS::Lambda::EventSourceMapping')) {
    const target = view.function(properties.FunctionName);
    if (!target) continue;
    for (const version of versionsOf(target)) {
      if (!(environmentOf(version).maxInlineResultBytes > 0)) continue;
      deliveries
        .filter(({ queues }) => queues.has(String(properties.EventSourceArn)))
        .forEach(({ subject }) => add(subject, String(version.Role)));
    }
  }
  return readers;
}

/** What the state leaves behind for later: requests that are accepted in it, results and messages. */
function tracesOf(view: AccountView, readers: ReadonlyMap<string, ReadonlySet<string>>): Traces {
  const traces: Traces = new Map();
  const add = (name: string, trace: Trace) => traces.set(name, trace);
  for (const endpoint of view.all('AWS::SageMaker::Endpoint')) {
    if (endpoint.phase !== 'in service') continue;
    add(`request ${keyOf(endpoint)}`, { kind: 'request', endpoint });
    for (const fleet of view.fleets(endpoint)) {
      const { locations, kmsKey } = outputOf(view, fleet);
      const [location] = locations;
      if (!location) continue;
      const key = kmsKey ?? view.keyOf(bucketOf(view, location));
      const at = { ...location, key: `${location.key}/any.out` };
      const who = [...(readers.get(endpoint.path) ?? [])];
      const name = `result ${endpoint.path} ${at.bucket}/${at.key} ${key?.arn} ${who.join()}`;
      add(name, { kind: 'result', endpoint: endpoint.path, location: at, key, readers: who });
    }
  }
  for (const resource of view.all('AWS::Lambda::Function')) {
    if (resource.phase !== 'in service') continue;
    for (const version of versionsOf(resource)) {
      const { endpointName, inputBucket, inputPrefix } = environmentOf(version);
      const endpoint = endpointName && view.named('AWS::SageMaker::Endpoint', endpointName);
      if (!endpoint || endpoint.phase !== 'in service' || !inputBucket) continue;
      const location = { bucket: inputBucket, key: `${inputPrefix}any` };
      const key = view.keyOf(bucketOf(view, location));
      const name = `request ${keyOf(endpoint)} ${inputBucket}/${location.key} ${key?.arn}`;
      add(name, { kind: 'request', endpoint, input: { location, key } });
    }
  }
  for (const queue of view.all('AWS::SQS::Queue')) {
    if (queue.phase !== 'in service') continue;
    const key = view.keyOf(queue);
    add(`message ${keyOf(queue)} ${key?.arn}`, { kind: 'message', queue, key });
  }
  return traces;
}

async function traceFlaws([key, trace]: [string, Trace], state: State): Promise<readonly Flaw[]> {
  const known = state.traceFlaws.get(key);
  if (known) return known;
  const flaws = await flawsOf(trace, state);
  state.traceFlaws.set(key, flaws);
  return flaws;
}

function flawsOf(trace: Trace, state: State): Promise<Flaw[]> {
  switch (trace.kind) {
    case 'request':
      return requestFlaws(trace, state);
    case 'result':
      return resultFlaws(trace, state);
    case 'message':
      return messageFlaws(trace, state);
  }
}

async function requestFlaws(
  { endpoint, input }: Extract<Trace, { kind: 'request' }>,
  { view, permissions }: State,
): Promise<Flaw[]> {
  const now = view.account.get(keyOf(endpoint));
  if (!now || now.phase === 'deleting') {
    return [
      {
        question: 'lost work',
        subject: endpoint.path,
        detail: 'the endpoint is deleted with the requests in its queue',
      },
    ];
  }
  if (!input) return [];
  const roles = view
    .fleets(now)
    .flatMap(({ models }) => models.map(({ role }) => role).filter((role) => role !== undefined));
  const needed = [...new Set(roles)].flatMap((role) => readCalls(role, input.location, input.key));
  const faults = await Promise.all(needed.map((call) => fault(call, view, permissions)));
  return faults
    .filter((detail) => detail !== undefined)
    .map((detail) => ({ question: 'inputs' as const, subject: endpoint.path, detail }));
}

async function resultFlaws(
  { endpoint, location, key, readers }: Extract<Trace, { kind: 'result' }>,
  state: State,
): Promise<Flaw[]> {
  const { view, permissions } = state;
  const remaining = readers.filter((role) => state.readers.get(endpoint)?.has(role));
  const needed = remaining.flatMap((role) => readCalls(role, location, key));
  const faults = await Promise.all(needed.map((call) => fault(call, view, permissions)));
  return faults
    .filter((detail) => detail !== undefined)
    .map((detail) => ({ question: 'results' as const, subject: endpoint, detail }));
}

async function messageFlaws(
  { queue, key }: Extract<Trace, { kind: 'message' }>,
  { view, permissions }: State,
): Promise<Flaw[]> {
  const now = view.account.get(keyOf(queue));
  if (!now || now.phase === 'deleting') {
    return [{ question: 'lost work', subject: queue.path, detail: 'the queue is deleted with its messages' }];
  }
  const consumers = [
    ...view
      .all('AWS::Lambda::EventSourceMapping')
      .filter(({ properties }) => properties.EventSourceArn === arnOf(queue))
      .map(({ properties }) => view.function(properties.FunctionName)?.properties.Role),
    ...view
      .all('AWS::Pipes::Pipe')
      .filter(({ properties }) => properties.Source === arnOf(queue))
      .map(({ properties }) => properties.RoleArn),
  ];
  const needed = consumers
    .filter((role) => typeof role === 'string')
    .flatMap((role) => keyCalls(role, 'kms:Decrypt', key));
  const faults = await Promise.all(needed.map((call) => fault(call, view, permissions)));
  return faults
    .filter((detail) => detail !== undefined)
    .map((detail) => ({ question: 'messages' as const, subject: queue.path, detail }));
}
