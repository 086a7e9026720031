import { Duration, NestedStack, Stack } from 'aws-cdk-lib';
import type { App, RemovalPolicy } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as events from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import {
  AsyncInferenceCallback,
  AsyncInferenceEndpoint,
  AsyncInferenceInvoker,
  AsyncInferenceMonitoring,
  AsyncInferenceRequestQueue,
  AsyncInferenceResultEvents,
  AsyncInferenceResultQueue,
  InferenceModel,
  InstanceType,
  InvokeAsyncInference,
} from '../../lib';
import type {
  AsyncInferenceCallbackProps,
  AsyncInferenceEndpointProps,
  AsyncInferenceInvokerOptions,
  AsyncInferenceMonitoringProps,
  AsyncInferenceRequestQueueProps,
  AsyncInferenceResultEventsProps,
  AsyncInferenceResultQueueProps,
  InvokeAsyncInferenceOptions,
} from '../../lib';
import { ENV, anImage } from '../../tools/showcase/stacks';
import type { Client } from '../support/updates/required-calls';
import { anApp, templatesOf } from '../support/updates/stack-template';
import type { StackTemplate } from '../support/updates/stack-template';

/** The parts of an app that may be in stacks of their own. */
const PARTS = ['keys', 'buckets', 'endpoint', 'invoker', 'queues', 'callback', 'monitoring', 'clients'] as const;
type Part = (typeof PARTS)[number];

/** The stacks of the parts that are not in the stack `App`. */
export interface Layout {
  readonly name: string;
  readonly stacks: Partial<Record<Part, string>>;
  /** Whether that stack has a nested one with everything but keys and buckets. */
  readonly nested?: boolean;
}

export const TOGETHER: Layout = { name: 'one stack', stacks: {} };
export const APART: Layout = {
  name: 'all apart',
  stacks: Object.fromEntries(PARTS.map((part) => [part, part.charAt(0).toUpperCase() + part.slice(1)])),
};

/** Parts that others use are apart together with these, because two stacks cannot depend on each other. */
export const LAYOUTS: readonly Layout[] = [
  TOGETHER,
  APART,
  { name: 'nested', stacks: {}, nested: true },
  { name: 'keys apart', stacks: { keys: 'Keys' } },
  { name: 'buckets apart', stacks: { keys: 'Buckets', buckets: 'Buckets' } },
  { name: 'endpoint apart', stacks: { keys: 'Endpoint', buckets: 'Endpoint', endpoint: 'Endpoint' } },
  { name: 'invoker apart', stacks: { invoker: 'Invoker', queues: 'Invoker', clients: 'Invoker' } },
  { name: 'queues apart', stacks: { queues: 'Queues', clients: 'Queues' } },
  { name: 'callback apart', stacks: { callback: 'Callback' } },
  { name: 'monitoring apart', stacks: { monitoring: 'Monitoring' } },
];

/** What users bring along. Each is created once in a version, when it is first asked for. */
export class Given {
  private readonly made = new Map<string, unknown>();

  constructor(private readonly stacks: Readonly<Record<Part, Stack>>) {}

  public key(id: string): kms.Key {
    return this.once('keys', `Key${id}`, (scope, name) => new kms.Key(scope, name));
  }

  public alias(id: string): kms.Alias {
    return this.once('keys', `Alias${id}`, (scope, name) => {
      return new kms.Alias(scope, name, { aliasName: `alias/${id.toLowerCase()}`, targetKey: this.key(id) });
    });
  }

  public bucket(id: string, encryptionKey?: kms.IKey): s3.Bucket {
    return this.once('buckets', `Bucket${id}`, (scope, name) => new s3.Bucket(scope, name, { encryptionKey }));
  }

  public topic(id: string, masterKey?: kms.IKey): sns.Topic {
    // A nested stack with a queue cannot depend on the stack above it.
    const part = this.stacks.endpoint.nested ? 'endpoint' : 'buckets';
    return this.once(part, `Topic${id}`, (scope, name) => new sns.Topic(scope, name, { masterKey }));
  }

  public queue(id: string): sqs.Queue {
    // The stack of request queues depends on that of the endpoint, which cannot depend on it.
    const part = this.stacks.invoker === this.stacks.endpoint ? 'invoker' : 'queues';
    return this.once(part, `Queue${id}`, (scope, name) => new sqs.Queue(scope, name));
  }

  public role(id: string, service: string): iam.Role {
    return this.once('keys', `Role${id}`, (scope, name) => {
      return new iam.Role(scope, name, { assumedBy: new iam.ServicePrincipal(service) });
    });
  }

  public importedRole(arn: string): iam.IRole {
    return this.once('keys', `Role${arn}`, (scope) => iam.Role.fromRoleArn(scope, 'ImportedRole', arn));
  }

  public alarm(id: string): cloudwatch.Alarm {
    return this.once('keys', `Alarm${id}`, (scope, name) => {
      const metric = new cloudwatch.Metric({ namespace: 'Quality', metricName: id });
      return new cloudwatch.Alarm(scope, name, { metric, threshold: 1, evaluationPeriods: 1 });
    });
  }

  public logGroup(id: string): logs.LogGroup {
    return this.once('buckets', `LogGroup${id}`, (scope, name) => new logs.LogGroup(scope, name));
  }

  public importedLogGroup(logGroupName: string): logs.ILogGroup {
    return this.once('buckets', 'ImportedLogGroup', (scope, name) =>
      logs.LogGroup.fromLogGroupName(scope, name, logGroupName),
    );
  }

  public eventBus(id: string): events.EventBus {
    return this.once('buckets', `Bus${id}`, (scope, name) => new events.EventBus(scope, name));
  }

  public securityGroup(id: string): ec2.SecurityGroup {
    return this.once('keys', `Group${id}`, (scope, name) => new ec2.SecurityGroup(scope, name, { vpc: this.vpc() }));
  }

  public vpc(): ec2.IVpc {
    return this.once('keys', 'Vpc', (scope, name) =>
      ec2.Vpc.fromVpcAttributes(scope, name, {
        vpcId: 'vpc-1',
        availabilityZones: ['a', 'b'],
        privateSubnetIds: ['subnet-1', 'subnet-2'],
        isolatedSubnetIds: ['subnet-3', 'subnet-4'],
      }),
    );
  }

  private once<T>(part: Part, name: string, make: (scope: Construct, name: string) => T): T {
    if (!this.made.has(name)) this.made.set(name, make(this.stacks[part], name));
    return this.made.get(name) as T;
  }
}

/** The props of all constructs in an app, without what connects them. */
export interface Props {
  readonly endpoint?: Partial<AsyncInferenceEndpointProps>;
  readonly invoker?: AsyncInferenceInvokerOptions;
  readonly requestQueue?: Partial<AsyncInferenceRequestQueueProps>;
  readonly resultQueue?: Partial<AsyncInferenceResultQueueProps>;
  readonly resultEvents?: Partial<AsyncInferenceResultEventsProps>;
  readonly callback?: AsyncInferenceCallbackProps;
  readonly monitoring?: Partial<AsyncInferenceMonitoringProps>;
  readonly task?: Partial<InvokeAsyncInferenceOptions>;
  /** The removal policy of the endpoint. */
  readonly removalPolicy?: RemovalPolicy;
  /** What connects constructs besides the endpoint. */
  readonly connections?: {
    readonly requestQueue?: (endpoint: AsyncInferenceEndpoint) => Partial<AsyncInferenceRequestQueueProps>;
    readonly monitoring?: (requests: AsyncInferenceRequestQueue) => Partial<AsyncInferenceMonitoringProps>;
    readonly task?: (invoker: AsyncInferenceInvoker) => Partial<InvokeAsyncInferenceOptions>;
  };
  /** Keys that clients may use for messages, besides those of the request queue. */
  readonly keysOfClients?: readonly kms.IKey[];
  /** The constructs that the app does not have. */
  readonly without?: readonly (
    'endpoint' | 'invoker' | 'requestQueue' | 'resultQueue' | 'resultEvents' | 'callback' | 'monitoring' | 'clients'
  )[];
}

export interface Composition {
  readonly version: readonly StackTemplate[];
  readonly clients: readonly Client[];
}

/** The templates of an app. */
export function compose(layout: Layout, propsOf: (given: Given) => Props): Composition {
  const { app, clients } = define(layout, propsOf);
  return { version: templatesOf(app), clients };
}

/** An app with one of each construct, clients that use them, and a function of the user's that sends requests. */
export function define(
  layout: Layout,
  propsOf: (given: Given) => Props,
): Pick<Composition, 'clients'> & { readonly app: App } {
  const app = anApp();
  const stacks = stacksOf(app, layout);
  const given = new Given(stacks);
  const props = propsOf(given);
  const has = (name: NonNullable<Props['without']>[number]) => !props.without?.includes(name);
  if (!has('endpoint')) return { app, clients: [] };

  const endpoint = new AsyncInferenceEndpoint(stacks.endpoint, 'Endpoint', {
    model: InferenceModel.fromContainer({ image: anImage() }),
    instanceType: InstanceType.M5_XLARGE,
    ...props.endpoint,
  });
  if (props.removalPolicy) endpoint.applyRemovalPolicy(props.removalPolicy);
  const endpoints = [endpoint];
  const client = has('clients')
    ? new iam.Role(stacks.clients, 'Client', { assumedBy: new iam.ServicePrincipal('ec2.amazonaws.com') })
    : undefined;
  const sends: string[] = [];
  if (client) {
    endpoint.grants.readResults(client);
    props.keysOfClients?.forEach((key) => key.grant(client, 'kms:Decrypt', 'kms:GenerateDataKey'));
  }

  const { connections } = props;
  const invoker = has('invoker')
    ? new AsyncInferenceInvoker(stacks.invoker, 'Invoker', { endpoint, ...props.invoker })
    : undefined;
  const requests = has('requestQueue')
    ? new AsyncInferenceRequestQueue(stacks.queues, 'Requests', {
        endpoint,
        expectedProcessingTime: Duration.seconds(10),
        ...props.requestQueue,
        ...connections?.requestQueue?.(endpoint),
      })
    : undefined;
  if (requests) {
    if (client) requests.grantSendMessages(client);
    sends.push(requests.queue.node.path);
  }
  if (has('resultQueue')) new AsyncInferenceResultQueue(stacks.queues, 'Results', { endpoints, ...props.resultQueue });
  if (has('resultEvents'))
    new AsyncInferenceResultEvents(stacks.queues, 'Events', { endpoints, ...props.resultEvents });
  if (has('callback')) {
    const callback = new AsyncInferenceCallback(stacks.callback, 'Callback', props.callback);
    const task = InvokeAsyncInference.jsonata(stacks.callback, 'Ask', {
      endpoint,
      callback,
      integrationPattern: sfn.IntegrationPattern.WAIT_FOR_TASK_TOKEN,
      ...((props.task?.bodyBase64 ?? props.task?.inputLocation)
        ? {}
        : { body: sfn.TaskInput.fromText('{% $states.input %}') }),
      ...props.task,
      ...(invoker && connections?.task?.(invoker)),
    });
    callback.addStateMachine(
      new sfn.StateMachine(stacks.callback, 'Workflow', {
        queryLanguage: sfn.QueryLanguage.JSONATA,
        definitionBody: sfn.DefinitionBody.fromChainable(task),
      }),
    );
  }
  if (has('monitoring'))
    new AsyncInferenceMonitoring(stacks.monitoring, 'Monitoring', {
      endpoints,
      ...props.monitoring,
      ...(requests && connections?.monitoring?.(requests)),
    });

  if (!client) return { app, clients: [] };
  const consumer = new lambda.Function(stacks.clients, 'Consumer', {
    runtime: lambda.Runtime.NODEJS_24_X,
    handler: 'index.handler',
    code: lambda.Code.fromInline('exports.handler = async () => {};'),
    environment: { ENDPOINT_NAME: endpoint.endpointName },
  });
  endpoint.grants.invokeAsync(consumer);
  return {
    app,
    clients: [{ role: client.node.path, reads: [endpoint.node.path], sends }],
  };
}

function stacksOf(app: App, { stacks, nested }: Layout): Record<Part, Stack> {
  const shared = new Stack(app, 'App', { env: ENV });
  const inner = nested ? new NestedStack(shared, 'Inner') : shared;
  const made = new Map<string, Stack>();
  const stackOf = (part: Part): Stack => {
    const name = stacks[part];
    if (name === undefined) return part === 'keys' || part === 'buckets' ? shared : inner;
    if (!made.has(name)) made.set(name, new Stack(app, name, { env: ENV }));
    return made.get(name)!;
  };
  return Object.fromEntries(PARTS.map((part) => [part, stackOf(part)])) as Record<Part, Stack>;
}
