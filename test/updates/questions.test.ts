import { UpdateSimulator } from '../support/update-simulator';
import type { SimulationOptions } from '../support/update-simulator';
import type { Finding, Question } from '../support/updates/watch';
import type { ResourceDefinition, TemplateBody } from '../support/updates/stack-template';
import { ACCOUNT, REGION, aTemplate, attribute, ref, resource } from './hand-made';

/** Each question finds what is wrong in a small app that is written by hand, and nothing in one where it is right. */

type Resources = Record<string, ResourceDefinition>;

const allow = (Action: unknown, Resource: unknown) => ({ Effect: 'Allow', Action, Resource });
const trust = (Service: string) => ({
  Statement: [{ Effect: 'Allow', Principal: { Service }, Action: 'sts:AssumeRole' }],
});
const inside = (bucket: string, path: string) => ({ 'Fn::Sub': `arn:aws:s3:::\${${bucket}}/${path}` });
const s3Uri = (bucket: string, path: string) => ({ 'Fn::Sub': `s3://\${${bucket}}/${path}` });

const without = (resources: Resources, ...ids: string[]): Resources =>
  Object.fromEntries(Object.entries(resources).filter(([id]) => !ids.includes(id)));

/** A policy that is attached to a role. */
const policy = (role: string, statements: unknown[], attributes = {}) =>
  resource('AWS::IAM::ManagedPolicy', { Roles: [ref(role)], PolicyDocument: { Statement: statements } }, attributes);

const executionStatements = (prefix: string) => [
  allow(['s3:PutObject', 's3:AbortMultipartUpload'], inside('Output', `${prefix}/*`)),
  allow('s3:ListBucket', attribute('Output', 'Arn')),
  allow('sns:Publish', ref('Topic')),
  allow(['logs:*', 'cloudwatch:PutMetricData'], '*'),
];

/** An endpoint that writes under a prefix, with all that it needs. */
function anEndpoint(prefix = 'output', endpointName = 'endpoint'): Resources {
  return {
    Output: resource('AWS::S3::Bucket'),
    Topic: resource('AWS::SNS::Topic'),
    Role: resource('AWS::IAM::Role', { AssumeRolePolicyDocument: trust('sagemaker.amazonaws.com') }),
    Permissions: policy('Role', executionStatements(prefix)),
    Model: resource('AWS::SageMaker::Model', { ExecutionRoleArn: attribute('Role', 'Arn'), PrimaryContainer: {} }),
    Config: resource('AWS::SageMaker::EndpointConfig', {
      ProductionVariants: [
        { VariantName: 'A', InstanceType: 'ml.m5.large', ModelName: attribute('Model', 'ModelName') },
      ],
      AsyncInferenceConfig: {
        OutputConfig: {
          S3OutputPath: s3Uri('Output', prefix),
          NotificationConfig: { SuccessTopic: ref('Topic') },
        },
      },
    }),
    Endpoint: resource(
      'AWS::SageMaker::Endpoint',
      { EndpointName: endpointName, EndpointConfigName: attribute('Config', 'EndpointConfigName') },
      { DependsOn: 'Permissions' },
    ),
  };
}

/** A function that sends requests. */
function anInvoker(endpointName = 'endpoint', Variables = {}, dependencies = ['Endpoint']): Resources {
  return {
    InvokerRole: resource('AWS::IAM::Role', { AssumeRolePolicyDocument: trust('lambda.amazonaws.com') }),
    InvokerPermissions: policy('InvokerRole', [
      allow('sagemaker:InvokeEndpointAsync', `arn:aws:sagemaker:${REGION}:${ACCOUNT}:endpoint/${endpointName}`),
      allow(['s3:PutObject', 's3:DeleteObject'], '*'),
    ]),
    Invoker: resource(
      'AWS::Lambda::Function',
      {
        Role: attribute('InvokerRole', 'Arn'),
        Environment: { Variables: { ENDPOINT_NAME: endpointName, ...Variables } },
      },
      { DependsOn: [...dependencies, 'InvokerPermissions'] },
    ),
  };
}

/** A queue that gets the notifications of a topic. */
function aReceiver(topic = 'Topic', attributes = {}): Resources {
  return {
    Queue: resource('AWS::SQS::Queue'),
    QueuePolicy: resource(
      'AWS::SQS::QueuePolicy',
      {
        Queues: [ref('Queue')],
        PolicyDocument: {
          Statement: [
            {
              Effect: 'Allow',
              Principal: { Service: 'sns.amazonaws.com' },
              Action: 'sqs:SendMessage',
              Resource: attribute('Queue', 'Arn'),
              Condition: { ArnEquals: { 'aws:SourceArn': ref(topic) } },
            },
          ],
        },
      },
      attributes,
    ),
    Subscription: resource(
      'AWS::SNS::Subscription',
      { Protocol: 'sqs', TopicArn: ref(topic), Endpoint: attribute('Queue', 'Arn') },
      { DependsOn: 'QueuePolicy' },
    ),
  };
}

const aKey = (users: unknown[] = []) =>
  resource('AWS::KMS::Key', {
    KeyPolicy: {
      Statement: [
        { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` }, Action: 'kms:*', Resource: '*' },
        ...users,
      ],
    },
  });

const withKey = (key: string) => ({
  BucketEncryption: {
    ServerSideEncryptionConfiguration: [
      { ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: attribute(key, 'Arn') } },
    ],
  },
});

/** What is found when one version follows another. */
async function findings(
  before: Resources,
  after: TemplateBody['Resources'],
  options: SimulationOptions = {},
): Promise<Finding[]> {
  const simulator = new UpdateSimulator(options);
  await simulator.deploy([aTemplate(before)]);
  expect(simulator.takeFindings()).toEqual([]);
  await simulator.deploy([aTemplate(after)], { orders: true, failures: true, seeds: [1] });
  return simulator.takeFindings();
}

const brief = ({ question, subject, detail }: Finding) => `${question}: ${subject}: ${detail}`;
const questions = (found: Finding[]) => [...new Set(found.map(({ question }) => question))];
const none: Question[] = [];

describe('fleet', () => {
  const moved = anEndpoint('moved');

  test('permissions that are changed in place leave the old fleet before the new one has taken over', async () => {
    expect((await findings(anEndpoint(), moved)).map(brief)).toContain(
      'fleet: Stack/Endpoint: Stack-Role-1 is not allowed s3:PutObject on stack-output-1/output/any.out',
    );
  });

  test('permissions under another ID are there before the update and gone after it', async () => {
    const { Permissions, ...rest } = moved;
    const after = {
      ...rest,
      Moved: Permissions!,
      Endpoint: { ...moved.Endpoint!, DependsOn: 'Moved' },
    };
    expect(questions(await findings(anEndpoint(), after))).toEqual(none);
  });

  test('permissions under another ID come too late without a dependency', async () => {
    const { Permissions, ...rest } = moved;
    const after = { ...rest, Moved: Permissions!, Endpoint: { ...moved.Endpoint!, DependsOn: undefined } };
    expect((await findings(anEndpoint(), after)).map(brief)).toContain(
      'fleet: Stack/Endpoint: Stack-Role-1 is not allowed s3:PutObject on stack-output-1/moved/any.out',
    );
  });

  test('an order that the template does not suggest is simulated too', async () => {
    const { Permissions, Endpoint, ...rest } = moved;
    const after = { Moved: Permissions!, ...rest, Endpoint: { ...Endpoint!, DependsOn: undefined } };
    const simulator = new UpdateSimulator();
    await simulator.deploy([aTemplate(anEndpoint())]);
    const another = simulator.fork();
    await simulator.deploy([aTemplate(after)]);
    expect(simulator.takeFindings()).toEqual([]);
    await another.deploy([aTemplate(after)], { orders: true });
    expect(questions(another.takeFindings())).toEqual(['fleet']);
  });

  test('a new description replaces managed permissions, so that both are there during the update', async () => {
    const described = (prefix: string) => ({
      ...anEndpoint(prefix),
      Permissions: resource('AWS::IAM::ManagedPolicy', {
        Description: prefix,
        Roles: [ref('Role')],
        PolicyDocument: { Statement: executionStatements(prefix) },
      }),
    });
    expect(questions(await findings(described('output'), described('moved')))).toEqual(none);
  });

  test('an inline policy of the same name under another ID takes the permissions away in the cleanup', async () => {
    const inline = (id: string, version: string): Resources => {
      const rest = without(anEndpoint(), 'Permissions');
      return {
        ...rest,
        [id]: resource('AWS::IAM::Policy', {
          PolicyName: 'permissions',
          Roles: [ref('Role')],
          PolicyDocument: { Version: version, Statement: executionStatements('output') },
        }),
        Endpoint: { ...rest.Endpoint!, DependsOn: id },
      };
    };
    expect(questions(await findings(inline('One', '2012-10-17'), inline('Two', '2012-10-17')))).toEqual(['fleet']);
  });

  test('a configuration, a model or a topic that is in use must not go', async () => {
    const before = anEndpoint();
    const kept = { ...before, Endpoint: { ...before.Endpoint!, DeletionPolicy: 'Retain' } };
    const found = await findings(kept, {});
    expect(found.map(brief)).toEqual(
      expect.arrayContaining([
        'fleet: Stack/Endpoint: its configuration Stack-Config-1 is deleted',
        'fleet: Stack/Endpoint: Stack-Role-1 is not allowed sns:Publish on Stack-Topic-1',
        'left behind: Stack/Endpoint: AWS::SageMaker::Endpoint after the update',
      ]),
    );
  });
});

describe('endpoint call', () => {
  test('a function that does not wait for another endpoint calls it too early', async () => {
    const before = { ...anEndpoint(), ...anInvoker() };
    const after = (dependencies: string[]) => ({
      ...anEndpoint('output', 'other'),
      ...anInvoker('other', {}, dependencies),
    });
    expect((await findings(before, after([]))).map(brief)).toContain(
      'endpoint call: Stack/Invoker: calls the endpoint other, which is not in service',
    );
    // The permission that is changed in place is a finding of its own.
    expect((await findings(before, after(['Endpoint']))).map(brief)).toEqual(
      expect.arrayContaining([
        'endpoint call: Stack/Invoker: Stack-InvokerRole-1 is not allowed sagemaker:InvokeEndpointAsync on endpoint/endpoint',
        'lost work: Stack/Endpoint: the endpoint is deleted with the requests in its queue',
      ]),
    );
  });

  test('while senders pause, stacks may follow one after another, but in the end all of them must have followed', async () => {
    const version = (name: string, nameInInvoker: string) => [
      aTemplate(anEndpoint('output', name), { name: 'Endpoint' }),
      aTemplate(anInvoker(nameInInvoker, {}, []), { name: 'Invoker' }),
    ];
    const found = async (nameInInvoker: string, isQuiet: boolean) => {
      const simulator = new UpdateSimulator();
      await simulator.deploy(version('one', 'one'));
      simulator.takeFindings();
      if (isQuiet) simulator.drain();
      await simulator.deploy(version('two', nameInInvoker), { orders: true, failures: true, isQuiet });
      return questions(simulator.takeFindings());
    };
    expect(await found('two', true)).toEqual([]);
    expect(await found('one', true)).toEqual(['endpoint call']);
    expect(await found('two', false)).toEqual(['endpoint call', 'lost work']);
  });
});

describe('use', () => {
  const consumer = (actions: string[]): Resources => ({
    Queue: resource('AWS::SQS::Queue'),
    Role: resource('AWS::IAM::Role', { AssumeRolePolicyDocument: trust('lambda.amazonaws.com') }),
    Permissions: policy('Role', [allow(actions, attribute('Queue', 'Arn'))]),
    Function: resource('AWS::Lambda::Function', { Role: attribute('Role', 'Arn') }),
    Mapping: resource(
      'AWS::Lambda::EventSourceMapping',
      { EventSourceArn: attribute('Queue', 'Arn'), FunctionName: ref('Function') },
      { DependsOn: 'Permissions' },
    ),
  });
  const CONSUMING = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'];

  test('a mapping whose function may not consume', async () => {
    expect((await findings(consumer(CONSUMING), consumer(CONSUMING.slice(1)))).map(brief)).toEqual([
      'use: Stack/Mapping: Stack-Role-1 is not allowed sqs:ReceiveMessage on Stack-Queue-1',
    ]);
  });

  test('a mapping is ready before its first message, and not when it waits for nothing', async () => {
    const { Mapping, ...rest } = consumer(CONSUMING);
    expect(questions(await findings({}, consumer(CONSUMING)))).toEqual(none);
    expect(questions(await findings({}, { ...rest, Mapping: { ...Mapping!, DependsOn: undefined } }))).toEqual(['use']);
  });

  test('a rule with a schedule may start before its role is ready, and not stay so', async () => {
    const scheduled = (statements: unknown[]): Resources => ({
      Rule: resource('AWS::Events::Rule', {
        ScheduleExpression: 'rate(10 minutes)',
        Targets: [
          {
            Id: 'Target',
            Arn: `arn:aws:states:${REGION}:${ACCOUNT}:stateMachine:machine`,
            RoleArn: attribute('Role', 'Arn'),
          },
        ],
      }),
      Role: resource('AWS::IAM::Role', { AssumeRolePolicyDocument: trust('events.amazonaws.com') }),
      Permissions: policy('Role', statements),
    });
    expect(questions(await findings({}, scheduled([allow('states:StartExecution', '*')])))).toEqual(none);
    expect(questions(await findings({}, scheduled([allow('states:StopExecution', '*')])))).toEqual(['use']);
  });
});

describe('delivery', () => {
  const before = { ...anEndpoint(), ...aReceiver() };
  const after = (attributes: Partial<ResourceDefinition>): Resources => {
    const endpoint = anEndpoint();
    const text = JSON.stringify({ ...endpoint, ...aReceiver('Other') });
    const renamed = JSON.parse(text.replaceAll('"Ref":"Topic"', '"Ref":"Other"')) as Resources;
    const { QueuePolicy, Permissions, ...rest } = renamed;
    return {
      ...rest,
      Other: resource('AWS::SNS::Topic'),
      Moved: Permissions!,
      Endpoint: { ...rest.Endpoint!, DependsOn: ['Moved', 'Subscription'] },
      QueuePolicy: { ...QueuePolicy!, ...attributes },
    };
  };

  test('a queue that admits the new topic in place of the old one loses what the old fleet still publishes', async () => {
    expect((await findings(before, after({}))).map(brief)).toContain(
      'delivery: Stack/Endpoint: Stack/Endpoint success does not reach Stack-Queue-1',
    );
  });

  test('a filter that does not let the notifications of a renamed endpoint through', async () => {
    const filtered = (endpointName: string, itsName = 'endpoint') => {
      const { Subscription, ...receiver } = aReceiver();
      return {
        ...anEndpoint('output', itsName),
        ...receiver,
        Subscription: {
          ...Subscription!,
          Properties: {
            ...Subscription!.Properties,
            FilterPolicyScope: 'MessageBody',
            FilterPolicy: { requestParameters: { endpointName: [endpointName] } },
          },
        },
      };
    };
    expect(questions(await findings(before, filtered('endpoint')))).toEqual(none);
    // What does not reach the queue afterwards is not expected to reach it before.
    expect(questions(await findings(before, filtered('other')))).toEqual(none);
    expect(questions(await findings(filtered('endpoint'), filtered('other', 'other')))).toContain('delivery');
  });
});

describe('keys', () => {
  const encrypted = (...keyed: Record<string, unknown>[]): Resources => {
    const [bucket = {}] = keyed;
    const endpoint = anEndpoint();
    const statements = [
      ...executionStatements('output'),
      allow(['kms:GenerateDataKey', 'kms:Decrypt'], attribute('Key', 'Arn')),
    ];
    return {
      ...endpoint,
      Key: aKey(),
      Output: resource('AWS::S3::Bucket', bucket),
      Permissions: policy('Role', statements),
    };
  };

  test('a bucket that gets its key before the role may use it', async () => {
    expect((await findings(anEndpoint(), encrypted(withKey('Key')))).map(brief)).toContain(
      'keys: Stack/Endpoint: Stack-Role-1 is not allowed kms:GenerateDataKey on key/Stack-Key-1',
    );
    expect(questions(await findings(encrypted(), encrypted(withKey('Key'))))).toEqual(none);
  });

  test('a statement on the alias of a key allows nothing', async () => {
    const alias = `arn:aws:kms:${REGION}:${ACCOUNT}:alias/results`;
    const under = (statement: object): Resources => {
      const endpoint = anEndpoint();
      const { AsyncInferenceConfig, ...config } = endpoint.Config!.Properties as {
        AsyncInferenceConfig: { OutputConfig: object };
      };
      return {
        ...endpoint,
        Permissions: policy('Role', [...executionStatements('output'), statement]),
        Config: resource('AWS::SageMaker::EndpointConfig', {
          ...config,
          AsyncInferenceConfig: { OutputConfig: { ...AsyncInferenceConfig.OutputConfig, KmsKeyId: alias } },
        }),
      };
    };
    const actions = ['kms:GenerateDataKey', 'kms:Decrypt'];
    const byAlias = {
      ...allow(actions, '*'),
      Condition: { 'ForAnyValue:StringEquals': { 'kms:ResourceAliases': 'alias/results' } },
    };
    expect(questions(await findings({}, under(allow(actions, alias))))).toEqual(['keys']);
    expect(questions(await findings({}, under(byAlias)))).toEqual(none);
  });

  test('a key policy that names its users must name the role', async () => {
    const closed = (role: unknown) => {
      const rest = without(encrypted(withKey('Key')), 'Key');
      const Statement = [{ Effect: 'Allow', Principal: { AWS: role }, Action: 'kms:*', Resource: '*' }];
      return { ...rest, Key: resource('AWS::KMS::Key', { KeyPolicy: { Statement } }) };
    };
    expect(questions(await findings({}, closed(`arn:aws:iam::${ACCOUNT}:role/other`)))).toEqual(['keys']);
    // The key waits for the role here.
    expect(questions(await findings({}, closed(attribute('Role', 'Arn'))))).toEqual(none);
  });
});

describe('inputs', () => {
  const through = (prefix: string, readable: string[]): Resources => ({
    ...anEndpoint(),
    Input: resource('AWS::S3::Bucket'),
    ReadInputs: policy('Role', [
      allow(
        's3:GetObject',
        readable.map((each) => inside('Input', `${each}/*`)),
      ),
    ]),
    ...anInvoker('endpoint', { INPUT_POLICY: 'always-s3', INPUT_BUCKET: ref('Input'), INPUT_PREFIX: `${prefix}/` }, [
      'Endpoint',
      'ReadInputs',
    ]),
  });

  test('a request that is accepted before another prefix is read after it', async () => {
    expect((await findings(through('v1', ['v1']), through('v2', ['v2']))).map(brief)).toContain(
      'inputs: Stack/Endpoint: Stack-Role-1 is not allowed s3:GetObject on stack-input-1/v1/any',
    );
    const both = ['v1', 'v2'];
    expect(questions(await findings(through('v1', both), through('v2', both)))).toEqual(none);
  });

  test('a request that is accepted before a rollback is read after it', async () => {
    expect((await findings(through('v1', ['v1']), through('v2', ['v1', 'v2']))).map(brief)).toEqual([
      'inputs: Stack/Endpoint: Stack-Role-1 is not allowed s3:GetObject on stack-input-1/v2/any',
    ]);
  });

  test('nobody sends requests for a while', async () => {
    const simulator = new UpdateSimulator();
    await simulator.deploy([aTemplate(through('v1', ['v1']))]);
    simulator.drain();
    await simulator.deploy([aTemplate(through('v2', ['v2']))], { orders: true, failures: true, isQuiet: true });
    // The permissions of the invoker do not change.
    expect(simulator.takeFindings()).toEqual([]);
  });

  test('requests are served after a while', async () => {
    const simulator = new UpdateSimulator();
    await simulator.deploy([aTemplate(through('v1', ['v1']))]);
    await simulator.deploy([aTemplate(through('v2', ['v1', 'v2']))]);
    simulator.drain();
    await simulator.deploy([aTemplate(through('v2', ['v2']))], { orders: true });
    expect(simulator.takeFindings()).toEqual([]);
  });
});

describe('results', () => {
  const reading = (prefix: string, readable: string[]): Resources => {
    const endpoint = without(anEndpoint(prefix), 'Permissions');
    return {
      ...endpoint,
      [`Permissions${prefix}`]: policy('Role', executionStatements(prefix)),
      Endpoint: { ...endpoint.Endpoint!, DependsOn: `Permissions${prefix}` },
      Reader: resource('AWS::IAM::Role', { AssumeRolePolicyDocument: trust('ec2.amazonaws.com') }),
      Read: policy('Reader', [
        allow(
          's3:GetObject',
          readable.map((each) => inside('Output', `${each}/*`)),
        ),
      ]),
    };
  };
  const clients = [{ role: 'Stack/Reader', reads: ['Stack/Endpoint'] }];

  test('a client that reads results under the old prefix', async () => {
    const [before, after] = [reading('v1', ['v1']), reading('v2', ['v2'])];
    expect((await findings(before, after, { clients })).map(brief)).toContain(
      'results: Stack/Endpoint: Stack-Reader-1 is not allowed s3:GetObject on stack-output-1/v1/any.out',
    );
    expect(questions(await findings(reading('v1', ['v*']), reading('v2', ['v*']), { clients }))).toEqual(none);
  });
});

describe('clients', () => {
  const sending = (key: boolean, statements: unknown[]): Resources => ({
    Key: aKey(),
    Queue: resource('AWS::SQS::Queue', key ? { KmsMasterKeyId: ref('Key') } : {}),
    Client: resource('AWS::IAM::Role', { AssumeRolePolicyDocument: trust('ec2.amazonaws.com') }),
    Send: policy('Client', [allow('sqs:SendMessage', attribute('Queue', 'Arn')), ...statements]),
  });
  const useKey = allow(['kms:GenerateDataKey', 'kms:Decrypt'], attribute('Key', 'Arn'));
  const clients = [{ role: 'Stack/Client', sends: ['Stack/Queue'] }];

  test('a client that sends already may go on all the time, and a new one may once it is deployed', async () => {
    expect(questions(await findings({}, sending(true, [useKey]), { clients }))).toEqual(none);
    expect(questions(await findings({}, sending(true, []), { clients }))).toEqual(['keys']);
    expect(questions(await findings(sending(false, []), sending(true, [useKey]), { clients }))).toEqual(['keys']);
    expect(questions(await findings(sending(false, [useKey]), sending(true, [useKey]), { clients }))).toEqual(none);
  });
});

describe('messages and lost work', () => {
  const consumed = (queueKey: string | undefined, decrypted: string[], queue = {}): Resources => ({
    First: aKey(),
    Second: aKey(),
    Queue: resource('AWS::SQS::Queue', { KmsMasterKeyId: queueKey && ref(queueKey), ...queue }),
    Role: resource('AWS::IAM::Role', { AssumeRolePolicyDocument: trust('lambda.amazonaws.com') }),
    Permissions: policy('Role', [
      allow(['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'], '*'),
      ...decrypted.map((key) => allow('kms:Decrypt', attribute(key, 'Arn'))),
    ]),
    Function: resource('AWS::Lambda::Function', { Role: attribute('Role', 'Arn') }),
    Mapping: resource(
      'AWS::Lambda::EventSourceMapping',
      { EventSourceArn: attribute('Queue', 'Arn'), FunctionName: ref('Function') },
      { DependsOn: 'Permissions' },
    ),
  });

  test('messages that are encrypted with the old key', async () => {
    const found = await findings(consumed('First', ['First', 'Second']), consumed('Second', ['Second']));
    expect(found.map(brief)).toEqual([
      'messages: Stack/Queue: Stack-Role-1 is not allowed kms:Decrypt on key/Stack-First-1',
      'keys: Stack/Mapping: Stack-Role-1 is not allowed kms:Decrypt on key/Stack-First-1',
    ]);
    const both = ['First', 'Second'];
    expect(questions(await findings(consumed('First', both), consumed('Second', both)))).toEqual(none);
  });

  test('a queue that is replaced is deleted with its messages, unless it is kept', async () => {
    expect(questions(await findings(consumed(undefined, []), consumed(undefined, [], { FifoQueue: true })))).toEqual([
      'lost work',
    ]);
    const { Queue, ...rest } = consumed(undefined, [], { FifoQueue: true });
    const kept = { ...rest, Queue: { ...Queue!, UpdateReplacePolicy: 'Retain' } };
    expect(questions(await findings(consumed(undefined, []), kept))).toEqual(['left behind']);
  });
});

describe('collision and refused', () => {
  test('a kept endpoint is in the way when it is added back', async () => {
    const kept = Object.fromEntries(
      Object.entries(anEndpoint()).map(([id, definition]) => [id, { ...definition, DeletionPolicy: 'Retain' }]),
    );
    const simulator = new UpdateSimulator();
    await simulator.deploy([aTemplate(kept)]);
    await simulator.deploy([aTemplate({})]);
    expect(questions(simulator.takeFindings())).toEqual(['left behind']);
    expect(await simulator.deploy([aTemplate(kept)])).toBe(false);
    expect(simulator.takeFindings().map(brief)).toContain('collision: Stack/Endpoint: endpoint exists already');
  });

  const scaled = (InstanceType: string, variant = 'A'): Resources => {
    const endpoint = anEndpoint();
    return {
      ...endpoint,
      Config: resource('AWS::SageMaker::EndpointConfig', {
        ...endpoint.Config!.Properties,
        ProductionVariants: [{ VariantName: variant, InstanceType, ModelName: attribute('Model', 'ModelName') }],
      }),
      Target: resource(
        'AWS::ApplicationAutoScaling::ScalableTarget',
        {
          ServiceNamespace: 'sagemaker',
          ScalableDimension: 'sagemaker:variant:DesiredInstanceCount',
          ResourceId: `endpoint/endpoint/variant/${variant}`,
        },
        { DependsOn: 'Endpoint' },
      ),
    };
  };
  const fixed = (InstanceType: string, variant = 'A') => without(scaled(InstanceType, variant), 'Target');

  test.each([
    ['instance type', scaled('ml.g5.xlarge'), fixed('ml.g5.xlarge'), 'changes the instance type of the variant A'],
    ['variant', scaled('ml.m5.large', 'B'), fixed('ml.m5.large', 'B'), 'removes the variant A'],
  ])('another %s of a scaled variant takes two deployments', async (_, after, fixedAfter, reason) => {
    const found = await findings(scaled('ml.m5.large'), after);
    expect(found.map(brief)).toEqual([`refused: Stack/Endpoint: the update ${reason}, which is a scalable target`]);
    const simulator = new UpdateSimulator();
    for (const version of [scaled('ml.m5.large'), fixed('ml.m5.large'), fixedAfter, after]) {
      expect(await simulator.deploy([aTemplate(version)], { orders: true })).toBe(true);
    }
    expect(simulator.takeFindings()).toEqual([]);
  });

  test('a scalable target needs its variant', async () => {
    const { Target, ...rest } = scaled('ml.m5.large');
    const early = { ...rest, Target: { ...Target!, DependsOn: undefined } };
    expect(questions(await findings(rest, early))).toEqual(none);
    const other = {
      ...rest,
      Target: { ...Target!, Properties: { ...Target!.Properties, ResourceId: 'endpoint/endpoint/variant/B' } },
    };
    expect((await findings(rest, other)).map(brief)).toEqual([
      'refused: Stack/Target: the endpoint endpoint has no variant B',
    ]);
  });

  test('a role with policies, a security group in use and a bucket with objects are not deleted', async () => {
    const endpoint = anEndpoint();
    const inVpc = {
      ...endpoint,
      Group: resource('AWS::EC2::SecurityGroup', { GroupDescription: 'fleet' }),
      Permissions: { ...endpoint.Permissions!, DeletionPolicy: 'Retain' },
      Model: {
        ...endpoint.Model!,
        DeletionPolicy: 'Retain',
        Properties: {
          ...endpoint.Model!.Properties,
          VpcConfig: { Subnets: [], SecurityGroupIds: [attribute('Group', 'GroupId')] },
        },
      },
      Config: { ...endpoint.Config!, DeletionPolicy: 'Retain' },
      Endpoint: { ...endpoint.Endpoint!, DeletionPolicy: 'Retain' },
    };
    expect((await findings(inVpc, {})).map(brief)).toEqual(
      expect.arrayContaining([
        'refused: Stack/Role: the role has policies attached',
        'refused: Stack/Group: the security group is in use by network interfaces',
        'refused: Stack/Output: the bucket holds objects',
      ]),
    );
  });
});

describe('limits', () => {
  const policies = (count: number): Resources => ({
    Role: resource('AWS::IAM::Role', { AssumeRolePolicyDocument: trust('ec2.amazonaws.com') }),
    ...Object.fromEntries(
      Array.from({ length: count }, (_, index) => [`Policy${index}`, policy('Role', [allow('s3:GetObject', '*')])]),
    ),
  });

  test('ten managed policies are the most of a role', async () => {
    expect((await findings(policies(9), policies(10))).map(brief)).toEqual([]);
    expect((await findings(policies(10), policies(11))).map(brief)).toEqual([
      'limits: Stack/Role: more than 10 managed policies',
    ]);
  });

  test('a managed policy has 6,144 characters, and the inline policies of a role 10,240', async () => {
    const long = (length: number) => [allow('s3:GetObject', `arn:aws:s3:::${'a'.repeat(length)}`)];
    const { Role } = policies(0);
    expect((await findings({ Role: Role! }, { Role: Role!, Long: policy('Role', long(6_100)) })).map(brief)).toEqual([
      'limits: Stack/Long: more than 6144 characters',
    ]);
    const inline = (id: string) =>
      resource('AWS::IAM::Policy', {
        PolicyName: id,
        Roles: [ref('Role')],
        PolicyDocument: { Statement: long(5_500) },
      });
    expect(
      (await findings({ Role: Role!, A: inline('A') }, { Role: Role!, A: inline('A'), B: inline('B') })).map(brief),
    ).toEqual(['limits: Stack/Role: more than 10240 inline characters']);
  });
});
