import { versionsOf } from './account-view';
import type { AccountView, Fleet, UsedKey } from './account-view';
import { keyOf } from './cloud-account';
import type { RequiredCall } from './permissions';
import { arnOf } from './physical-resource';
import type { PhysicalResource } from './physical-resource';
import type { Values } from './stack-template';

/**
 * This configuration needs these calls. The table knows what AWS documents of each service and what the functions of this
 * package read from their environment. It knows nothing of the constructs that grant permissions.
 */

/** What a user of the account outside all stacks does: a role by its construct path, and the paths of what it uses. */
export interface Client {
  readonly role: string;
  /** The endpoints whose results it reads. */
  readonly reads?: readonly string[];
  /** The queues that it sends messages to. */
  readonly sends?: readonly string[];
}

/** What a resource in service needs at a moment: a call that is allowed, or a state of another resource. */
export interface Requirement {
  readonly subject: PhysicalResource;
  readonly topic: 'fleet' | 'endpoint call' | 'delivery' | 'use';
  readonly call?: RequiredCall;
  /** What is wrong, where no call tells. */
  readonly fault?: string;
  /** Whether it is needed between deployments only: a later attempt makes up for one that fails during a deployment. */
  readonly whenSettled?: boolean;
  /** The keys of the resources that must have been there before a deployment for this to be asked during it. */
  readonly onceEstablished?: readonly string[];
  /** The key of the resource that nobody uses any longer once no stack manages it. */
  readonly whileManaged?: string;
}

type Context = RequiredCall['context'];

/** An object that a fleet or a function reads or writes. */
export interface S3Location {
  readonly bucket: string;
  readonly key: string;
}

const S3_URI = /^s3:\/\/([^/]+)\/?(.*)$/;

export function locationOf(uri: unknown): S3Location | undefined {
  const [, bucket, key] = S3_URI.exec(String(uri)) ?? [];
  return bucket === undefined ? undefined : { bucket, key: key! };
}

export function objectArn({ bucket, key }: S3Location): string {
  return `arn:aws:s3:::${bucket}/${key}`;
}

export function bucketOf(view: AccountView, { bucket }: S3Location): PhysicalResource | undefined {
  return view.named('AWS::S3::Bucket', bucket);
}

/** One call for each action, which blanks separate, on each resource. */
export function calls(
  principal: string,
  actions: string,
  resources: string | readonly string[],
  context?: Context,
): RequiredCall[] {
  return actions
    .split(' ')
    .flatMap((action) => [resources].flat().map((resource) => ({ principal, action, resource, context })));
}

/** The calls with a key. A key that AWS manages serves every role of the account. */
export function keyCalls(
  principal: string,
  actions: string,
  key: UsedKey | undefined,
  context?: Context,
): RequiredCall[] {
  if (!key || (key.isManagedByAws && principal.startsWith('arn:'))) return [];
  return calls(principal, actions, key.arn, { 'kms:ResourceAliases': key.aliases, ...context });
}

/** What each resource in service needs. */
export function requirements(view: AccountView, clients: readonly Client[]): Requirement[] {
  const of = (type: string, read: (resource: PhysicalResource) => Requirement[]) =>
    view
      .all(type)
      .filter(({ phase }) => phase !== 'deleting')
      .flatMap(read);
  return [
    ...of('AWS::SageMaker::Endpoint', (endpoint) => endpointRequirements(view, endpoint)),
    ...of('AWS::SageMaker::Model', (model) => modelRequirements(view, model)),
    ...of('AWS::Lambda::Function', (resource) => functionRequirements(view, resource)),
    ...of('AWS::Lambda::EventInvokeConfig', (resource) => destinationRequirements(view, resource)),
    ...of('AWS::Lambda::EventSourceMapping', (resource) => mappingRequirements(view, resource)),
    ...of('AWS::SNS::Subscription', (resource) => subscriptionRequirements(view, resource)),
    ...of('AWS::StepFunctions::StateMachine', (resource) => stateMachineRequirements(view, resource)),
    ...of('AWS::Events::Rule', (resource) => ruleRequirements(view, resource)),
    ...of('AWS::Pipes::Pipe', (resource) => pipeRequirements(view, resource)),
    ...of('AWS::CloudWatch::Alarm', (resource) => alarmRequirements(view, resource)),
    ...clients.flatMap((client) => clientRequirements(view, client)),
  ];
}

function allowing(
  subject: PhysicalResource,
  topic: Requirement['topic'],
  needed: readonly RequiredCall[],
): Requirement[] {
  return needed.map((call) => ({ subject, topic, call }));
}

function assuming(view: AccountView, service: string, role: string, context?: Context): RequiredCall[] {
  // The trust policy of a role that no stack defines is not known.
  return view.find(role) ? calls(service, 'sts:AssumeRole', role, context) : [];
}

function endpointRequirements(view: AccountView, endpoint: PhysicalResource): Requirement[] {
  const { account, region, properties } = endpoint;
  const { AutoRollbackConfiguration } = (properties.DeploymentConfig ?? {}) as {
    AutoRollbackConfiguration?: { Alarms?: { AlarmName: string }[] };
  };
  const alarms = (AutoRollbackConfiguration?.Alarms ?? []).map(({ AlarmName }) => AlarmName);
  return view.fleets(endpoint).flatMap((fleet): Requirement[] => {
    const logGroup = `/aws/sagemaker/Endpoints/${endpoint.id}`;
    const faults = [
      // SageMaker would create the group again, and keep its logs forever.
      view.account.isDeleted(`AWS::Logs::LogGroup ${logGroup}`) ? `its log group ${logGroup} is deleted` : undefined,
      fleet.config || !view.account.isDeleted(`AWS::SageMaker::EndpointConfig ${fleet.configName}`)
        ? undefined
        : `its configuration ${fleet.configName} is deleted`,
      ...fleet.models.map(({ name, resource }) =>
        resource || !view.account.isDeleted(`AWS::SageMaker::Model ${name}`)
          ? undefined
          : `its model ${name} is deleted`,
      ),
    ];
    const roles = [...new Set(fleet.models.map(({ role }) => role).filter((role) => role !== undefined))];
    return [
      ...faults
        .filter((fault) => fault !== undefined)
        .map((fault) => ({ subject: endpoint, topic: 'fleet' as const, fault })),
      ...fleet.models
        .flatMap(({ resource }) => (resource ? containerCalls(view, resource) : []))
        .flatMap((call) => allowing(endpoint, 'fleet', [call])),
      ...roles.flatMap((role) =>
        allowing(endpoint, 'fleet', [
          ...assuming(view, 'sagemaker.amazonaws.com', role, {
            'aws:SourceAccount': account,
            'aws:SourceArn': arnOf(endpoint),
          }),
          ...outputCalls(view, fleet, role),
          ...logCalls(endpoint, logGroup, role),
          ...calls(
            role,
            'cloudwatch:DescribeAlarms',
            alarms.map((name) => `arn:aws:cloudwatch:${region}:${account}:alarm:${name}`),
          ),
        ]),
      ),
    ];
  });
}

/** @see https://docs.aws.amazon.com/sagemaker/latest/dg/async-inference-create-endpoint-prerequisites.html */
function outputCalls(view: AccountView, fleet: Fleet, role: string): RequiredCall[] {
  const { locations, kmsKey, topics } = outputOf(view, fleet);
  const volumeKey = view.key(fleet.config?.properties.KmsKeyId);
  return [
    ...locations.flatMap((location) => [
      ...calls(
        role,
        's3:PutObject s3:AbortMultipartUpload',
        objectArn({ ...location, key: `${location.key}/any.out` }),
      ),
      ...calls(role, 's3:ListBucket', `arn:aws:s3:::${location.bucket}`),
      ...keyCalls(role, 'kms:GenerateDataKey kms:Decrypt', kmsKey ?? view.keyOf(bucketOf(view, location))),
    ]),
    ...topics.flatMap(({ arn }) => [
      ...calls(role, 'sns:Publish', arn),
      ...keyCalls(role, 'kms:GenerateDataKey kms:Decrypt', view.keyOf(view.find(arn))),
    ]),
    ...keyCalls(role, 'kms:CreateGrant', volumeKey, { 'kms:GrantIsForAWSResource': 'true' }),
  ];
}

/** Where a fleet writes, with which key, and the topics that it publishes to. */
export function outputOf(view: AccountView, { config }: Fleet) {
  const { OutputConfig = {} } = (config?.properties.AsyncInferenceConfig ?? {}) as {
    OutputConfig?: {
      S3OutputPath?: string;
      S3FailurePath?: string;
      KmsKeyId?: string;
      NotificationConfig?: { SuccessTopic?: string; ErrorTopic?: string };
    };
  };
  const { S3OutputPath, S3FailurePath, KmsKeyId, NotificationConfig = {} } = OutputConfig;
  const { SuccessTopic, ErrorTopic } = NotificationConfig;
  return {
    locations: [S3OutputPath, S3FailurePath].map(locationOf).filter((location) => location !== undefined),
    kmsKey: view.key(KmsKeyId),
    topics: [
      ...(SuccessTopic ? [{ outcome: 'success' as const, arn: SuccessTopic }] : []),
      ...(ErrorTopic ? [{ outcome: 'failure' as const, arn: ErrorTopic }] : []),
    ],
  };
}

function logCalls({ account, region }: PhysicalResource, name: string, role: string): RequiredCall[] {
  const group = `arn:aws:logs:${region}:${account}:log-group:${name}`;
  return [
    ...calls(role, 'logs:CreateLogGroup logs:DescribeLogStreams', group),
    ...calls(role, 'logs:CreateLogStream logs:PutLogEvents', `${group}:log-stream:any`),
    ...calls(role, 'cloudwatch:PutMetricData', '*', { 'cloudwatch:namespace': '/aws/sagemaker/Endpoints' }),
  ];
}

/** SageMaker tries to load a model when it is created. */
function modelRequirements(view: AccountView, model: PhysicalResource): Requirement[] {
  return model.phase === 'creating' ? allowing(model, 'fleet', containerCalls(view, model)) : [];
}

/** @see https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html */
function containerCalls(view: AccountView, { properties, account, region }: PhysicalResource): RequiredCall[] {
  const role = String(properties.ExecutionRoleArn);
  const container = (properties.PrimaryContainer ?? {}) as {
    Image?: string;
    ModelDataUrl?: string;
    ModelDataSource?: { S3DataSource?: { S3Uri?: string; S3DataType?: string } };
  };
  const [, registry, imageRegion, repository] =
    /^(\d+)\.dkr\.ecr\.([\w-]+)\.[^/]+\/([^:@]+)/.exec(container.Image ?? '') ?? [];
  const source = container.ModelDataSource?.S3DataSource;
  const data = locationOf(container.ModelDataUrl ?? source?.S3Uri);
  const isPrefix = source?.S3DataType === 'S3Prefix';
  const { Subnets = [], SecurityGroupIds = [] } = (properties.VpcConfig ?? {}) as {
    Subnets?: string[];
    SecurityGroupIds?: string[];
  };
  const ec2 = (resource: string) => `arn:aws:ec2:${region}:${account}:${resource}`;
  return [
    ...(repository
      ? [
          ...calls(
            role,
            'ecr:BatchCheckLayerAvailability ecr:BatchGetImage ecr:GetDownloadUrlForLayer',
            `arn:aws:ecr:${imageRegion}:${registry}:repository/${repository}`,
          ),
          ...calls(role, 'ecr:GetAuthorizationToken', '*'),
        ]
      : []),
    ...(data
      ? [
          ...calls(role, 's3:GetObject', objectArn(isPrefix ? { ...data, key: `${data.key}any` } : data)),
          ...(isPrefix ? calls(role, 's3:ListBucket', `arn:aws:s3:::${data.bucket}`) : []),
          ...keyCalls(role, 'kms:Decrypt', view.keyOf(bucketOf(view, data))),
        ]
      : []),
    ...(Subnets.length > 0
      ? [
          ...calls(role, 'ec2:CreateNetworkInterface', [
            ec2('network-interface/any'),
            ...Subnets.map((id) => ec2(`subnet/${id}`)),
            ...SecurityGroupIds.map((id) => ec2(`security-group/${id}`)),
          ]),
          ...Subnets.flatMap((id) =>
            calls(
              role,
              'ec2:CreateNetworkInterfacePermission ec2:DeleteNetworkInterface ec2:DeleteNetworkInterfacePermission',
              ec2('network-interface/any'),
              { 'ec2:Subnet': ec2(`subnet/${id}`) },
            ),
          ),
          ...calls(
            role,
            'ec2:DescribeDhcpOptions ec2:DescribeNetworkInterfaces ec2:DescribeSecurityGroups ec2:DescribeSubnets ec2:DescribeVpcs',
            '*',
          ),
        ]
      : []),
  ];
}

/** What the functions of this package read from their environment. */
export function environmentOf(version: Values) {
  const { Variables = {} } = (version.Environment ?? {}) as { Variables?: Record<string, string> };
  return {
    endpointName: Variables.ENDPOINT_NAME,
    inputBucket: Variables.INPUT_POLICY && Variables.INPUT_POLICY !== 'inline' ? Variables.INPUT_BUCKET : undefined,
    inputPrefix: Variables.INPUT_PREFIX ?? '',
    tableName: Variables.TABLE_NAME,
    maxInlineResultBytes: Number(Variables.MAX_INLINE_RESULT_BYTES ?? 0),
  };
}

function functionRequirements(view: AccountView, resource: PhysicalResource): Requirement[] {
  return versionsOf(resource).flatMap((version) => {
    const role = String(version.Role);
    const atCreation = [...assuming(view, 'lambda.amazonaws.com', role), ...networkCalls(resource, version, role)];
    if (resource.phase === 'creating') return allowing(resource, 'use', atCreation);
    const { endpointName, inputBucket, inputPrefix } = environmentOf(version);
    const { Mode } = (version.TracingConfig ?? {}) as { Mode?: string };
    const { LogGroup } = (version.LoggingConfig ?? {}) as { LogGroup?: string };
    return [
      ...allowing(resource, 'use', [
        ...atCreation,
        ...(LogGroup
          ? calls(
              role,
              'logs:CreateLogStream logs:PutLogEvents',
              `arn:aws:logs:${resource.region}:${resource.account}:log-group:${LogGroup}:log-stream:any`,
            )
          : []),
        ...(Mode === 'Active' ? calls(role, 'xray:PutTelemetryRecords xray:PutTraceSegments', '*') : []),
        ...(inputBucket
          ? [
              ...calls(
                role,
                's3:PutObject s3:DeleteObject',
                objectArn({ bucket: inputBucket, key: `${inputPrefix}any` }),
              ),
              ...keyCalls(role, 'kms:GenerateDataKey', view.keyOf(view.named('AWS::S3::Bucket', inputBucket))),
            ]
          : []),
      ]),
      ...(endpointName ? endpointCall(view, resource, role, endpointName) : []),
    ];
  });
}

function endpointCall(view: AccountView, subject: PhysicalResource, role: string, name: string): Requirement[] {
  const endpoint = view.named('AWS::SageMaker::Endpoint', name);
  const isGone = view.account.isDeleted(`AWS::SageMaker::Endpoint ${name}`);
  if (endpoint ? endpoint.phase !== 'in service' : isGone) {
    return [{ subject, topic: 'endpoint call', fault: `calls the endpoint ${name}, which is not in service` }];
  }
  const { region, account } = subject;
  const arn = `arn:aws:sagemaker:${region}:${account}:endpoint/${name.toLowerCase()}`;
  return allowing(subject, 'endpoint call', calls(role, 'sagemaker:InvokeEndpointAsync', arn));
}

/** @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html */
function networkCalls({ region, account }: PhysicalResource, version: Values, role: string): RequiredCall[] {
  const { SubnetIds = [] } = (version.VpcConfig ?? {}) as { SubnetIds?: string[] };
  if (SubnetIds.length === 0) return [];
  const networkInterface = `arn:aws:ec2:${region}:${account}:network-interface/any`;
  return [
    ...calls(
      role,
      'ec2:AssignPrivateIpAddresses ec2:CreateNetworkInterface ec2:DeleteNetworkInterface ec2:UnassignPrivateIpAddresses',
      networkInterface,
    ),
    ...calls(role, 'ec2:DescribeNetworkInterfaces ec2:DescribeSubnets', '*'),
  ];
}

function destinationRequirements(view: AccountView, resource: PhysicalResource): Requirement[] {
  const { OnFailure } = (resource.properties.DestinationConfig ?? {}) as { OnFailure?: { Destination: string } };
  const target = view.function(resource.properties.FunctionName);
  if (!OnFailure || !target) return [];
  const role = String(target.properties.Role);
  const action = {
    sqs: 'sqs:SendMessage',
    sns: 'sns:Publish',
    lambda: 'lambda:InvokeFunction',
    events: 'events:PutEvents',
  }[OnFailure.Destination.split(':')[2]!];
  if (!action) throw new Error(`required-calls.ts does not know the destination ${OnFailure.Destination}`);
  return allowing(resource, 'use', [
    ...calls(role, action, OnFailure.Destination),
    ...keyCalls(role, 'kms:GenerateDataKey kms:Decrypt', view.keyOf(view.find(OnFailure.Destination))),
  ]);
}

const CONSUMING = 'sqs:ReceiveMessage sqs:DeleteMessage sqs:GetQueueAttributes';

function consuming(view: AccountView, role: string, queue: string): RequiredCall[] {
  return [...calls(role, CONSUMING, queue), ...keyCalls(role, 'kms:Decrypt', view.keyOf(view.find(queue)))];
}

/** Lambda tries the permissions of the role when it creates a mapping, so they are needed from then on. */
function mappingRequirements(view: AccountView, mapping: PhysicalResource): Requirement[] {
  return versionsOf(mapping).flatMap(({ FunctionName, EventSourceArn }): Requirement[] => {
    const target = view.function(FunctionName);
    const name = String(FunctionName).split(':').at(-1)!;
    if (!target) {
      const isGone = view.account.isDeleted(`AWS::Lambda::Function ${name}`);
      return isGone ? [{ subject: mapping, topic: 'use', fault: `its function ${name} is deleted` }] : [];
    }
    return versionsOf(target).flatMap(({ Role }) =>
      allowing(mapping, 'use', consuming(view, String(Role), String(EventSourceArn))),
    );
  });
}

/** What SNS does to deliver to the queue of a subscription. */
export function deliveryCalls(view: AccountView, { properties }: PhysicalResource): RequiredCall[] {
  const { Endpoint, TopicArn, Protocol } = properties;
  return Protocol === 'sqs' ? sendingCalls(view, String(Endpoint), String(TopicArn)) : [];
}

function sendingCalls(view: AccountView, queue: string, topic: string): RequiredCall[] {
  const context = { 'aws:SourceArn': topic };
  return [
    ...calls('sns.amazonaws.com', 'sqs:SendMessage', queue, context),
    ...keyCalls('sns.amazonaws.com', 'kms:GenerateDataKey kms:Decrypt', view.keyOf(view.find(queue)), context),
  ];
}

/** Which queues must get which notifications during a deployment depends on what they get before and after it. */
function subscriptionRequirements(view: AccountView, subscription: PhysicalResource): Requirement[] {
  const { TopicArn, RedrivePolicy } = subscription.properties;
  const { deadLetterTargetArn } = (RedrivePolicy ?? {}) as { deadLetterTargetArn?: string };
  const kept = deadLetterTargetArn ? sendingCalls(view, deadLetterTargetArn, String(TopicArn)) : [];
  return [...deliveryCalls(view, subscription), ...kept].map((call) => {
    return { subject: subscription, topic: 'delivery', call, whenSettled: true };
  });
}

interface State {
  readonly Resource?: string;
  readonly Arguments?: Values;
  readonly Parameters?: Values;
  readonly States?: Readonly<Record<string, State>>;
  readonly [member: string]: unknown;
}

/** All states of a definition, those of branches and maps included. */
function statesIn(value: unknown): State[] {
  if (typeof value !== 'object' || value === null) return [];
  const { States } = value as State;
  return [...(States ? Object.values(States) : []), ...Object.values(value).flatMap(statesIn)];
}

const tasks = new Map<string, readonly State[]>();

function tasksOf(definition: string): readonly State[] {
  let known = tasks.get(definition);
  if (!known) {
    known = [...new Set(statesIn(JSON.parse(definition)))].filter(({ Resource }) => Resource);
    tasks.set(definition, known);
  }
  return known;
}

function stateMachineRequirements(view: AccountView, machine: PhysicalResource): Requirement[] {
  if (machine.phase === 'creating') return [];
  const { RoleArn, DefinitionString } = machine.properties;
  const role = String(RoleArn);
  return [
    ...allowing(machine, 'use', assuming(view, 'states.amazonaws.com', role)),
    ...tasksOf(String(DefinitionString)).flatMap((task) => taskRequirements(view, machine, role, task)),
  ];
}

function taskRequirements(view: AccountView, machine: PhysicalResource, role: string, task: State): Requirement[] {
  const resource = task.Resource!;
  const given = task.Arguments ?? task.Parameters ?? {};
  const { region, account } = machine;
  const alone = (...needed: RequiredCall[]) => allowing(machine, 'use', needed);
  if (resource.startsWith('arn:aws:lambda:')) return alone(...calls(role, 'lambda:InvokeFunction', resource));
  const [, integration] = /^arn:aws:states:::(.+?)(\.waitForTaskToken|\.sync.*)?$/.exec(resource) ?? [];
  switch (integration) {
    case 'lambda:invoke':
      return [
        ...alone(...calls(role, 'lambda:InvokeFunction', String(given.FunctionName))),
        ...waitingRequirements(view, machine, given),
      ];
    case 'aws-sdk:cloudwatch:describeAlarms':
      return alone(
        ...(given.AlarmNames as string[]).flatMap((name) =>
          calls(role, 'cloudwatch:DescribeAlarms', `arn:aws:cloudwatch:${region}:${account}:alarm:${name}`),
        ),
      );
    case 'aws-sdk:sagemaker:describeEndpoint':
      return alone(
        ...calls(
          role,
          'sagemaker:DescribeEndpoint',
          `arn:aws:sagemaker:${region}:${account}:endpoint/${String(given.EndpointName).toLowerCase()}`,
        ),
      );
    case 'aws-sdk:cloudwatch:getMetricData':
      return alone(...calls(role, 'cloudwatch:GetMetricData', '*'));
    case 'aws-sdk:lambda:getEventSourceMapping':
    case 'aws-sdk:lambda:updateEventSourceMapping': {
      const action = integration.endsWith('getEventSourceMapping')
        ? 'GetEventSourceMapping'
        : 'UpdateEventSourceMapping';
      const mapping = `arn:aws:lambda:${region}:${account}:event-source-mapping:${String(given.Uuid)}`;
      return alone(...calls(role, `lambda:${action}`, mapping));
    }
    default:
      throw new Error(`required-calls.ts does not know the task ${resource}`);
  }
}

/** What a starter function does for a task that waits, and the function that answers the task. */
function waitingRequirements(view: AccountView, machine: PhysicalResource, given: Values): Requirement[] {
  const { EndpointName } = (given.Payload ?? {}) as { EndpointName?: string };
  const starter = view.function(given.FunctionName);
  if (!EndpointName || starter?.phase !== 'in service') return [];
  return versionsOf(starter).flatMap((version) => {
    const role = String(version.Role);
    const { tableName } = environmentOf(version);
    if (!tableName) return [];
    const table = `arn:aws:dynamodb:${starter.region}:${starter.account}:table/${tableName}`;
    const { KMSMasterKeyId } = (view.named('AWS::DynamoDB::Table', tableName)?.properties.SSESpecification ?? {}) as {
      KMSMasterKeyId?: string;
    };
    const tableKey = view.key(KMSMasterKeyId);
    const answering = view
      .all('AWS::Lambda::Function')
      .filter((one) => one !== starter && environmentOf(one.properties).tableName === tableName);
    return [
      ...endpointCall(view, starter, role, EndpointName),
      ...allowing(starter, 'use', [
        ...calls(role, 'dynamodb:PutItem dynamodb:DeleteItem', table),
        ...keyCalls(role, 'kms:Decrypt kms:GenerateDataKey', tableKey, {
          'kms:ViaService': `dynamodb.${starter.region}.amazonaws.com`,
        }),
      ]),
      // A notification that cannot be processed comes again for hours.
      ...answering.flatMap((one) =>
        [
          ...calls(String(one.properties.Role), 'dynamodb:GetItem dynamodb:DeleteItem', table),
          ...calls(String(one.properties.Role), 'states:SendTaskSuccess states:SendTaskFailure', arnOf(machine)),
        ].map((call) => ({ subject: one, topic: 'use' as const, call, whenSettled: true })),
      ),
    ];
  });
}

/** A rule with a schedule starts its target again before long. */
function ruleRequirements(view: AccountView, rule: PhysicalResource): Requirement[] {
  const { Targets = [], ScheduleExpression } = rule.properties as {
    Targets?: { Arn: string; RoleArn?: string }[];
    ScheduleExpression?: string;
  };
  return Targets.flatMap(({ Arn, RoleArn }) =>
    RoleArn
      ? [...assuming(view, 'events.amazonaws.com', RoleArn), ...calls(RoleArn, 'states:StartExecution', Arn)].map(
          (call) => ({ subject: rule, topic: 'use' as const, call, whenSettled: ScheduleExpression !== undefined }),
        )
      : [],
  );
}

/** @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-permissions.html */
function pipeRequirements(view: AccountView, pipe: PhysicalResource): Requirement[] {
  return versionsOf(pipe).flatMap(({ RoleArn, Source, Target }) => {
    const role = String(RoleArn);
    return allowing(pipe, 'use', [
      ...assuming(view, 'pipes.amazonaws.com', role, {
        'aws:SourceAccount': pipe.account,
        'aws:SourceArn': arnOf(pipe),
      }),
      ...consuming(view, role, String(Source)),
      ...calls(role, 'events:PutEvents', String(Target)),
    ]);
  });
}

function alarmRequirements(view: AccountView, alarm: PhysicalResource): Requirement[] {
  const actions = (alarm.properties.AlarmActions ?? []) as string[];
  const context = {
    'aws:SourceAccount': alarm.account,
    'aws:SourceArn': arnOf(alarm),
    'AWS:SourceOwner': alarm.account,
  };
  return actions.flatMap((action): Requirement[] => {
    if (view.account.isDeleted(action))
      return [{ subject: alarm, topic: 'use', fault: `its action ${action} is deleted` }];
    const topic = view.find(action);
    if (topic?.type !== 'AWS::SNS::Topic') return [];
    return allowing(alarm, 'use', [
      ...calls('cloudwatch.amazonaws.com', 'sns:Publish', action, context),
      ...keyCalls('cloudwatch.amazonaws.com', 'kms:GenerateDataKey kms:Decrypt', view.keyOf(topic), context),
    ]);
  });
}

function clientRequirements(view: AccountView, client: Client): Requirement[] {
  const role = view.all('AWS::IAM::Role').find(({ path }) => path === client.role);
  if (!role) return [];
  return view
    .all('AWS::SQS::Queue')
    .filter(({ path }) => client.sends?.includes(path))
    .flatMap((queue) =>
      [
        ...calls(arnOf(role), 'sqs:SendMessage', arnOf(queue)),
        ...keyCalls(arnOf(role), 'kms:GenerateDataKey kms:Decrypt', view.keyOf(queue)),
      ].map((call) => ({
        subject: role,
        topic: 'use' as const,
        call,
        onceEstablished: [role, queue].map(keyOf),
        whileManaged: keyOf(queue),
      })),
    );
}

/** The calls that reading an object takes. */
export function readCalls(role: string, location: S3Location, key: UsedKey | undefined): RequiredCall[] {
  return [...calls(role, 's3:GetObject', objectArn(location)), ...keyCalls(role, 'kms:Decrypt', key)];
}
