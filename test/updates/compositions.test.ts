import { App, CfnOutput, Duration, NestedStack, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import {
  AsyncInferenceCallback,
  AsyncInferenceInvoker,
  AsyncInferenceMonitoring,
  AsyncInferenceRequestQueue,
  AsyncInferenceResultEvents,
  AsyncInferenceResultQueue,
  InferenceModel,
  InputPolicy,
  InvokeAsyncInference,
} from '../../lib';
import type { AsyncInferenceEndpoint, AsyncInferenceEndpointProps, IAsyncInferenceEndpoint } from '../../lib';
import { ENV, anEndpoint } from '../../tools/showcase/stacks';

// How docs/updates.md says that parts in several stacks go together. Dependencies are checked for cycles, in and between templates.

const app = () => {
  const root = new App();
  const stacks = (...names: string[]) => names.map((name) => new Stack(root, name, { env: ENV }));
  return { root, stacks };
};

function synthesize(root: App): Record<string, string[]> {
  root.synth();
  const all = root.node.findAll().filter((node) => Stack.isStack(node));
  // The template of a stack with a cycle is an error.
  all.forEach((stack) => Template.fromStack(stack));
  return Object.fromEntries(
    all.map((stack) => [stack.node.id, stack.dependencies.map(({ node }) => node.id).sort()] as const),
  );
}

function wait(stack: Stack, endpoint: IAsyncInferenceEndpoint, callback: AsyncInferenceCallback): void {
  const task = InvokeAsyncInference.jsonata(stack, 'Ask', {
    endpoint,
    callback,
    integrationPattern: sfn.IntegrationPattern.WAIT_FOR_TASK_TOKEN,
    body: sfn.TaskInput.fromText('{% $states.input %}'),
  });
  callback.addStateMachine(
    new sfn.StateMachine(stack, 'Workflow', {
      queryLanguage: sfn.QueryLanguage.JSONATA,
      definitionBody: sfn.DefinitionBody.fromChainable(task),
    }),
  );
}

describe('a callback that the stacks of teams share', () => {
  const topics = (stack: Stack) => ({
    successTopic: new sns.Topic(stack, 'SuccessTopic'),
    errorTopic: new sns.Topic(stack, 'ErrorTopic'),
  });

  test('serves them if topics and output bucket are in its stack', () => {
    const { root, stacks } = app();
    const [platform, ...teams] = stacks('Platform', 'One', 'Two') as [Stack, ...Stack[]];
    const callback = new AsyncInferenceCallback(platform, 'Callback');
    const shared = { ...topics(platform), outputBucket: new s3.Bucket(platform, 'Results') };
    teams.forEach((team) => wait(team, anEndpoint(team, shared), callback));
    expect(synthesize(root)).toEqual({ Platform: [], One: ['Platform'], Two: ['Platform'] });
  });

  test('needs no output bucket there if it passes on locations only', () => {
    const { root, stacks } = app();
    const [platform, team] = stacks('Platform', 'Team') as [Stack, Stack];
    const callback = new AsyncInferenceCallback(platform, 'Callback', { maxInlineResultBytes: 0 });
    wait(team, anEndpoint(team, topics(platform)), callback);
    expect(synthesize(root)).toEqual({ Platform: [], Team: ['Platform'] });
  });

  test('serves endpoints of other stacks with its own state machine', () => {
    const { root, stacks } = app();
    const [platform, team] = stacks('Platform', 'Team') as [Stack, Stack];
    wait(platform, anEndpoint(team), new AsyncInferenceCallback(platform, 'Callback'));
    expect(synthesize(root)).toEqual({ Platform: ['Team'], Team: [] });
  });

  test.each<[string, (platform: Stack) => object]>([
    ['successTopic, errorTopic, outputBucket', () => ({})],
    ['outputBucket', topics],
  ])('is refused if %s are in the stack of the state machine', (props, given) => {
    const [platform, team] = app().stacks('Platform', 'Team') as [Stack, Stack];
    const callback = new AsyncInferenceCallback(platform, 'Callback');
    expect(() => wait(team, anEndpoint(team, given(platform)), callback)).toThrow(
      `the state machine Team/Workflow and ${props} of Team/Endpoint are in one stack, and two stacks cannot depend on each other: ` +
        'define these resources in the stack of the callback and give them to the endpoint',
    );
  });
});

describe('monitoring in a stack of its own, with rollback alarms', () => {
  test('works without the invoker, which a third stack watches', () => {
    const { root, stacks } = app();
    const [model, alarms, rest] = stacks('Model', 'Alarms', 'Rest') as [Stack, Stack, Stack];
    const endpoint = anEndpoint(model);
    const monitoring = new AsyncInferenceMonitoring(alarms, 'Monitoring', { endpoints: [endpoint], invokers: [] });
    endpoint.addRollbackAlarms(...monitoring.alarmsOf(endpoint).slice(0, 2));
    new AsyncInferenceMonitoring(rest, 'Monitoring', { endpoints: [endpoint] });
    expect(synthesize(root)).toEqual({ Model: ['Alarms'], Alarms: [], Rest: ['Model'] });
  });

  test.each<[string, (alarms: Stack, model: Stack, endpoint: AsyncInferenceEndpoint) => unknown, RegExp]>([
    [
      'with the invoker',
      (alarms, _, endpoint) => new AsyncInferenceMonitoring(alarms, 'More', { endpoints: [endpoint] }),
      /: Alarms\/More\/\w+\/InvokerErrors\/Resource uses Model\/Endpoint\/Invoker\/Function\/Resource\. /,
    ],
    [
      'with a request queue',
      (alarms, model, endpoint) => {
        const expectedProcessingTime = Duration.seconds(10);
        const requests = new AsyncInferenceRequestQueue(model, 'Requests', { endpoint, expectedProcessingTime });
        return new AsyncInferenceMonitoring(alarms, 'More', {
          endpoints: [endpoint],
          invokers: [],
          requestQueues: [requests],
        });
      },
      /: Alarms\/More\/[\w/]+ uses Model\/Requests\/[\w/]+\. /,
    ],
    [
      'with a function that waits for the endpoint',
      (alarms, _, endpoint) => new CfnOutput(alarms, 'Name', { value: 'name' }).node.addDependency(endpoint),
      /: Alarms\/Name uses Model\/Endpoint\/Resource\. /,
    ],
    [
      'with what another stack has of the endpoint',
      (alarms, _, endpoint) => {
        const middle = new Stack(alarms.node.root, 'Middle', { env: ENV });
        const topic = new sns.Topic(middle, 'Topic', { displayName: endpoint.outputBucket.bucketName });
        return new CfnOutput(new NestedStack(alarms, 'Inner'), 'Name', { value: topic.topicName });
      },
      /: Alarms\/Inner\/Name uses Middle\/Topic\/Resource, and Middle\/Topic\/Resource uses Model\/Endpoint\/OutputBucket\/Resource\. /,
    ],
  ])('is refused %s, although it is defined later', (_, define, uses) => {
    const { root, stacks } = app();
    const [model, alarms] = stacks('Model', 'Alarms') as [Stack, Stack];
    const endpoint = anEndpoint(model);
    const monitoring = new AsyncInferenceMonitoring(alarms, 'Monitoring', { endpoints: [endpoint], invokers: [] });
    endpoint.addRollbackAlarms(...monitoring.alarmsOf(endpoint).slice(0, 2));
    define(alarms, model, endpoint);
    for (const part of [
      /^Model\/Endpoint: rollbackAlarms has alarms of the stack Alarms, and two stacks cannot depend on each other: /,
      uses,
      /Define the alarms in a stack that uses nothing of the endpoint, for example monitoring with invokers: \[\]/,
    ]) {
      expect(() => synthesize(root)).toThrow(part);
    }
  });
});

test.each<[string, (executionRole: iam.IRole) => Partial<AsyncInferenceEndpointProps>]>([
  ['of an endpoint', (executionRole) => ({ executionRole })],
  [
    'of an existing model',
    (executionRole) => ({ model: InferenceModel.fromModelName('languages', { executionRole }) }),
  ],
])('given roles %s with inline policies on the keys of endpoint, inputs and queue make no cycle', (_, given) => {
  const { root, stacks } = app();
  const [stack] = stacks('Stack') as [Stack];
  const key = new kms.Key(stack, 'Key');
  const role = (id: string, service: string) =>
    new iam.Role(stack, id, {
      assumedBy: new iam.ServicePrincipal(`${service}.amazonaws.com`),
      inlinePolicies: {
        Keys: new iam.PolicyDocument({
          statements: [new iam.PolicyStatement({ actions: ['kms:Decrypt'], resources: [key.keyArn] })],
        }),
      },
    });
  const endpoint = anEndpoint(stack, {
    ...given(role('ExecutionRole', 'sagemaker')),
    outputEncryptionKey: key,
    volumeEncryptionKey: key,
    invokerOptions: {
      role: role('InvokerRole', 'lambda'),
      environmentEncryption: key,
      inputPolicy: InputPolicy.bySize({ encryptionKey: key }),
    },
  });
  new AsyncInferenceRequestQueue(stack, 'Requests', {
    endpoint,
    expectedProcessingTime: Duration.seconds(10),
    encryptionKey: key,
    invokerOptions: { role: role('QueueRole', 'lambda') },
  });
  expect(synthesize(root)).toEqual({ Stack: [] });
});

describe('nested stacks', () => {
  const nested = () => {
    const { root, stacks } = app();
    const [stack] = stacks('Stack') as [Stack];
    return { root, stack, inner: new NestedStack(stack, 'Inner') };
  };

  test('contain everything', () => {
    const { root, inner } = nested();
    const endpoint = anEndpoint(inner);
    new AsyncInferenceResultQueue(inner, 'Results', { endpoints: [endpoint] });
    new AsyncInferenceResultEvents(inner, 'Events', { endpoints: [endpoint] });
    new AsyncInferenceMonitoring(inner, 'Monitoring', { endpoints: [endpoint] });
    wait(inner, endpoint, new AsyncInferenceCallback(inner, 'Callback'));
    expect(() => synthesize(root)).not.toThrow();
  });

  test('contain what sends and what watches, for an endpoint of the parent', () => {
    const { root, stack, inner } = nested();
    const endpoint = anEndpoint(stack);
    new AsyncInferenceInvoker(inner, 'Invoker', { endpoint });
    const expectedProcessingTime = Duration.seconds(10);
    new AsyncInferenceRequestQueue(inner, 'Requests', { endpoint, expectedProcessingTime });
    new AsyncInferenceMonitoring(inner, 'Monitoring', { endpoints: [endpoint] });
    expect(() => synthesize(root)).not.toThrow();
  });

  test('contain an endpoint whose results the parent consumes', () => {
    const { root, stack, inner } = nested();
    const endpoint = anEndpoint(inner);
    new AsyncInferenceResultQueue(stack, 'Results', { endpoints: [endpoint] });
    wait(stack, endpoint, new AsyncInferenceCallback(stack, 'Callback'));
    expect(() => synthesize(root)).not.toThrow();
  });

  test.each<[string, (inner: Stack, endpoint: IAsyncInferenceEndpoint) => unknown]>([
    ['a result queue', (inner, endpoint) => new AsyncInferenceResultQueue(inner, 'Part', { endpoints: [endpoint] })],
    ['result events', (inner, endpoint) => new AsyncInferenceResultEvents(inner, 'Part', { endpoints: [endpoint] })],
    ['a callback', (inner, endpoint) => wait(inner, endpoint, new AsyncInferenceCallback(inner, 'Part'))],
  ])('do not contain %s for an endpoint of the parent', (_, define) => {
    const { stack, inner } = nested();
    expect(() => define(inner, anEndpoint(stack))).toThrow(
      'the queue is in a nested stack below the topics of Stack/Endpoint: define it in the stack of the topics, or both in the nested stack',
    );
  });
});
