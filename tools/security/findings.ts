/** What the checkers find in all that this package defines, and why it stays. */
export interface Finding {
  readonly concern: string;
  /** The rules that find it: of cdk-nag's packs, of AWS Control Tower (CT), of checkov (CKV) and of cfn-lint. */
  readonly rules: readonly string[];
  /** Where, by the paths in the showcase. */
  readonly on: readonly string[];
  readonly why: string;
  /** The choice of yours with which they find it no more. */
  readonly choice?: string;
  /** The choice of yours without which they would not find it. */
  readonly since?: string;
}

const BUCKETS = ['Endpoint/OutputBucket', 'Archivist/InputBucket'];
const INVOKERS = ['Endpoint/Invoker', 'Archivist', 'Requests/Invoker'];
const TASKS = ['Callback/Starter', 'Callback/Result'];
const FUNCTIONS = [...INVOKERS, ...TASKS];
const CHOSEN_QUEUES = ['Requests', 'Results', 'Pipe/Results'];
const QUEUES = [...CHOSEN_QUEUES, 'Callback/Results'];
const each = (parents: readonly string[], child: string) => parents.map((parent) => `${parent}/${child}`);

/** A rule of several packs of cdk-nag. */
const inPacks = (rule: string, ...packs: readonly string[]) => packs.map((pack) => `${pack}-${rule}`);
const [HIPAA, NIST_4, NIST_5, PCI] = ['HIPAA.Security', 'NIST.800.53.R4', 'NIST.800.53.R5', 'PCI.DSS.321'] as const;
const inAll = (rule: string) => inPacks(rule, HIPAA, NIST_4, NIST_5, PCI);

const OWN_BUCKET =
  'outputBucket of the endpoint, and bucket of the input policy: give your own, with what your rules ask for';

export const FINDINGS: readonly Finding[] = [
  {
    concern: 'Buckets: access logs, versions, replicas, locks, events',
    rules: [
      'AwsSolutions-S1',
      ...inAll('S3BucketLoggingEnabled'),
      ...inAll('S3BucketVersioningEnabled'),
      ...inAll('S3BucketReplicationEnabled'),
      ...inPacks('S3BucketDefaultLockEnabled', NIST_4),
      'CT.S3.PR.2',
      'CT.S3.PR.4',
      'CT.S3.PR.9',
      'CT.S3.PR.11',
      'CKV_AWS_18',
      'CKV_AWS_21',
    ],
    on: BUCKETS,
    why:
      'To erase a result or a payload, it must not live on as an old version, as a replica or under a lock. ' +
      'Access logs need a bucket that outlives this one.',
    choice: OWN_BUCKET,
  },
  {
    concern: 'Buckets: a customer key',
    rules: [...inPacks('S3DefaultEncryptionKMS', HIPAA, NIST_5, PCI), 'CT.S3.PR.10'],
    on: BUCKETS,
    why: 'Objects are encrypted with a key of S3. A key of your own costs by the month and the call.',
    choice: 'outputEncryptionKey of the endpoint',
  },
  {
    concern: 'Storage volume: a customer key',
    rules: inAll('SageMakerEndpointConfigurationKMSKeyConfigured'),
    on: ['Endpoint/Config'],
    why: 'The volume is encrypted with a key of AWS. Types with local NVMe storage, which encrypt it themselves, take no other.',
    choice: 'volumeEncryptionKey of the endpoint',
  },
  {
    concern: 'Model: network isolation',
    rules: ['CKV_AWS_370'],
    on: ['Endpoint/Model'],
    why: 'A container that fetches its model when it starts needs a network.',
    choice: 'enableNetworkIsolation of the endpoint',
  },
  {
    concern: 'Log groups: retention of at least a year',
    rules: ['CT.CLOUDWATCH.PR.2'],
    on: ['Endpoint/LogGroup', ...each(FUNCTIONS, 'LogGroup')],
    why: 'Logs are kept for a month, since a container may print what it was sent.',
    choice: 'logRetention of the endpoint, of invokerOptions and of the callback, or log groups of your own',
  },
  {
    concern: 'Log groups: a customer key',
    rules: [...inAll('CloudWatchLogGroupEncrypted'), 'CT.CLOUDWATCH.PR.3', 'CKV_AWS_158'],
    on: ['Endpoint/LogGroup', ...each(FUNCTIONS, 'LogGroup')],
    why: 'Logs are encrypted with a key of CloudWatch Logs. The functions log no payload. You decide what the container prints.',
    choice:
      'a log group with a key: logGroup of the endpoint and of the invoker, starterLogGroup and resultLogGroup of the callback',
  },
  {
    concern: 'Invoker: in a VPC',
    rules: [...inAll('LambdaInsideVPC'), 'CT.LAMBDA.PR.3', 'CKV_AWS_117'],
    on: each(INVOKERS, 'Function'),
    why: 'It calls AWS and nothing else. In a VPC it needs interface endpoints or a NAT gateway, which are billed by the hour.',
    choice: 'vpc of the invoker',
  },
  {
    concern: 'Callback: in a VPC',
    rules: [...inAll('LambdaInsideVPC'), 'CT.LAMBDA.PR.3', 'CKV_AWS_117'],
    on: each(TASKS, 'Function'),
    why: 'Its functions call AWS and nothing else.',
    choice: 'vpc of the callback',
  },
  {
    concern: 'Invoker: reserved concurrency',
    rules: [...inPacks('LambdaConcurrency', HIPAA, NIST_5), 'CKV_AWS_115'],
    on: each(INVOKERS, 'Function'),
    why: 'What is reserved here is taken from the other functions of the account.',
    choice: 'reservedConcurrentExecutions of the invoker',
  },
  {
    concern: 'Callback: reserved concurrency',
    rules: [...inPacks('LambdaConcurrency', HIPAA, NIST_5), 'CKV_AWS_115'],
    on: each(TASKS, 'Function'),
    why: 'State machines and a queue call its functions, and both retry later if the function is throttled.',
  },
  {
    concern: 'Invoker: tracing',
    rules: ['Serverless-LambdaTracing'],
    on: each(INVOKERS, 'Function'),
    why: 'Traces cost by the call, and writing them takes a right on every resource.',
    choice: 'tracing of the invoker',
  },
  {
    concern: 'Callback: tracing',
    rules: ['Serverless-LambdaTracing'],
    on: each(TASKS, 'Function'),
    why: 'The history of the state machine has the events of each task.',
  },
  {
    concern: 'Invoker: a customer key for the environment',
    rules: ['CKV_AWS_173'],
    on: each(INVOKERS, 'Function'),
    why: 'The environment holds names and limits, nothing secret, and is encrypted with a key of Lambda.',
    choice: 'environmentEncryption of the invoker',
  },
  {
    concern: 'Callback: a customer key for the environment',
    rules: ['CKV_AWS_173'],
    on: each(TASKS, 'Function'),
    why: 'The environment holds the name of a table and a limit, nothing secret, and is encrypted with a key of Lambda.',
  },
  {
    concern: 'Functions: a dead-letter queue',
    rules: ['Serverless-LambdaDLQ', ...inPacks('LambdaDLQ', HIPAA, NIST_5), 'CKV_AWS_116'],
    on: each(FUNCTIONS, 'Function'),
    why:
      'It serves asynchronous calls only. For these the invoker has onFailure, which the rules do not look for. Direct callers receive the ' +
      'error, and the queues in front of functions have dead-letter queues of their own.',
  },
  {
    concern: 'Queues: a customer key',
    rules: ['CKV_AWS_27'],
    on: [...each(CHOSEN_QUEUES, 'Queue'), ...each(CHOSEN_QUEUES, 'DeadLetterQueue')],
    why: 'Messages are encrypted with a key of SQS, which the rule does not see.',
    choice: 'encryptionKey of the queue or pipe',
  },
  {
    concern: 'Callback: a customer key for its queues',
    rules: ['CKV_AWS_27'],
    on: ['Callback/Results/Queue', 'Callback/Results/DeadLetterQueue'],
    why: 'Messages are encrypted with a key of SQS, which the rule does not see.',
    choice: 'encryptionKey of the callback',
  },
  {
    concern: 'Dead-letter queues: a dead-letter queue',
    rules: ['Serverless-SQSRedrivePolicy', 'CT.SQS.PR.1'],
    on: each(QUEUES, 'DeadLetterQueue'),
    why: 'These are the dead-letter queues. Each has an alarm.',
  },
  {
    concern: 'Event source mappings: a destination for failures',
    rules: ['Serverless-LambdaEventSourceMappingDestination'],
    on: ['Requests/Mapping', 'Callback/Messages'],
    why: 'For SQS it is the dead-letter queue of the queue itself.',
  },
  {
    concern: 'Alarms: an action',
    rules: [...inPacks('CloudWatchAlarmAction', HIPAA, NIST_4, NIST_5), 'CT.CLOUDWATCH.PR.1'],
    on: [
      ...each(['Monitoring/StackEndpoint7DC50680'], 'RequestAge'),
      ...[
        'NoCapacity',
        'InvocationFailures',
        'ExpiredRequests',
        'NotificationFailures',
        'RequestDownloadFailures',
        'ResponseUploadFailures',
        'SubmissionFailures',
      ].map((kind) => `Monitoring/StackEndpoint7DC50680/${kind}`),
      ...['InvokerErrors', 'InvokerThrottles'].map((kind) => `Monitoring/StackEndpointInvoker22FD9908/${kind}`),
      ...each(QUEUES, 'AgeAlarm'),
      ...each(QUEUES, 'DeadLetterAlarm'),
      'Requests/BackPressureAlarm',
      'Requests/IdleFleetAlarm',
    ],
    why: 'Only you know who should receive it.',
    choice: 'alarmTopic of the monitoring, and addAlarmAction of the alarms of queues',
  },
  {
    concern: 'Policies: none that is inline',
    rules: inAll('IAMNoInlinePolicy'),
    on: each(INVOKERS, 'Role/DefaultPolicy'),
    why: 'CDK adds this policy for the destination. It names one queue, and should not be attached to another role.',
    since: 'onFailure of the invoker',
  },
  {
    concern: 'Policies: an asterisk at the end of a prefix',
    rules: ['AwsSolutions-IAM5[Resource::<bucket>/output/*]'],
    on: ['Endpoint/Permissions', 'Callback/Result/EndpointPermissions'],
    why: 'SageMaker chooses the keys of results under the prefix.',
  },
  {
    concern: 'Policies: an asterisk at the end of a prefix',
    rules: ['AwsSolutions-IAM5[Resource::<Workflow193EF7C1>/*]'],
    on: ['CompleteTasks0d9285ce/Permissions'],
    why: 'The executions that a Distributed Map starts have a name after that of the state machine.',
  },
  {
    concern: 'Policies: an asterisk at the end of a prefix',
    rules: ['AwsSolutions-IAM5[Resource::<bucket>/failure/*]'],
    on: ['Endpoint/Permissions'],
    why: 'SageMaker chooses the keys of failures under the prefix.',
  },
  {
    concern: 'Policies: an asterisk at the end of a prefix',
    rules: ['AwsSolutions-IAM5[Resource::<bucket>/input/*]'],
    on: ['Archivist/InputPermissions', 'Archivist/Permissions'],
    why: 'Each payload gets a key of its own under the prefix.',
  },
  {
    concern: 'Policies: an asterisk at the end of a prefix',
    rules: ['AwsSolutions-IAM5[Resource::<bucket>/v1/*]'],
    on: ['Endpoint/Permissions'],
    why: 'The files of the model are all those under the prefix.',
    since: 'ModelData.fromPrefix',
  },
  {
    concern: 'Policies: an asterisk as a resource',
    rules: ['AwsSolutions-IAM5[Resource::*]'],
    on: ['Endpoint/Permissions'],
    why:
      'ecr:GetAuthorizationToken and the ec2:Describe actions do not support resource-level permissions. A condition narrows cloudwatch:PutMetricData to ' +
      'the namespaces of SageMaker.',
  },
  {
    concern: 'Policies: an asterisk as a resource',
    rules: ['AwsSolutions-IAM5[Resource::*]'],
    on: ['Requests/BackPressurePermissions'],
    why: 'cloudwatch:GetMetricData does not support resource-level permissions.',
  },
  {
    concern: 'Policies: an asterisk as a resource',
    rules: ['AwsSolutions-IAM5[Resource::*]'],
    on: each(INVOKERS, 'Permissions'),
    why: 'The actions of X-Ray and the ec2:Describe actions do not support resource-level permissions.',
    since: 'tracing and vpc of the invoker',
  },
  {
    concern: 'Policies: an asterisk as a resource',
    rules: ['AwsSolutions-IAM5[Resource::*]'],
    on: each(TASKS, 'Permissions'),
    why: 'The ec2:Describe actions do not support resource-level permissions.',
    since: 'vpc of the callback',
  },
  {
    concern: 'Policies: an asterisk at the end of an action',
    rules: ['kms:GenerateDataKey*', 'kms:ReEncrypt*'].map((action) => `AwsSolutions-IAM5[Action::${action}]`),
    on: each(TASKS, 'KeyPermissions'),
    why: 'AWS documents these actions for tables with a customer key. A condition restricts them to calls through DynamoDB.',
    since: 'encryptionKey of the callback',
  },
  {
    concern: 'Policies: any network interface',
    rules: ['AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:ec2:eu-west-1:111122223333:network-interface/*]'],
    on: ['Endpoint/Permissions', ...each(FUNCTIONS, 'Permissions')],
    why:
      'The interfaces are made later, by SageMaker and Lambda. Subnets narrow what SageMaker may do with them. A condition denies the ' +
      'permissions of Lambda to the code of the function.',
    since: 'vpc of the endpoint, of the invoker and of the callback',
  },
  {
    concern: 'Policies: any subnet and security group',
    rules: ['subnet', 'security-group'].map(
      (kind) => `AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:ec2:eu-west-1:111122223333:${kind}/*]`,
    ),
    on: each(FUNCTIONS, 'Permissions'),
    why:
      'A condition denies these permissions to the code of the function. Only the Lambda service has them, and it uses the subnets of ' +
      'the function only.',
    since: 'vpc of the invoker and of the callback',
  },
  {
    concern: 'Request queue: logs and traces of the workflow that enables and disables it',
    rules: [
      'AwsSolutions-SF1',
      'AwsSolutions-SF2',
      'Serverless-StepFunctionStateMachineXray',
      'CT.STEPFUNCTIONS.PR.1',
      'CT.STEPFUNCTIONS.PR.2',
    ],
    on: ['Requests/BackPressure'],
    why: 'It reads an endpoint, metrics and one mapping, and no message. The next run repairs what a failed one has left, and an alarm reports failures.',
  },
  {
    concern: 'Request queue: a dead-letter queue for its rule',
    rules: ['Serverless-EventBusDLQ'],
    on: ['Requests/BackPressureRule'],
    why: 'The rule starts the same workflow a minute later.',
  },
  {
    concern: 'Callback: backups of the table',
    rules: [
      'AwsSolutions-DDB3',
      ...inPacks('DynamoDBInBackupPlan', HIPAA, NIST_4, NIST_5),
      ...inPacks('DynamoDBPITREnabled', HIPAA, NIST_4, NIST_5),
      'CT.DYNAMODB.PR.1',
      'CKV_AWS_28',
    ],
    on: ['Callback/Tasks'],
    why: 'The table holds the tokens of tasks that wait. Tokens of an hour ago, restored, would answer nothing.',
  },
  {
    concern: 'Callback: a customer key for the table',
    rules: ['CT.DYNAMODB.PR.2', 'CKV_AWS_119'],
    on: ['Callback/Tasks'],
    why: 'The table is encrypted with a key of DynamoDB. A token is of use only to roles that may complete tasks of the state machine.',
    choice: 'encryptionKey of the callback',
  },
  {
    concern: 'A dependency that is said twice',
    rules: ['W3005'],
    on: [...each(FUNCTIONS, 'Function'), 'Endpoint/Model', 'Requests/BackPressure'],
    why: 'CDK lets them wait for the policy of their role, and names the role with it, which they refer to anyway.',
  },
];

/** The part of the showcase that is made by its user. */
const OF_THE_USER =
  /^(Client|Workflow|Key|QueueKey|VolumeKey|ModelKey|InputKey|LogKey|Logs|InvokerLogs|StarterLogs|ResultLogs|Models|Output|Inputs|Failures|Alarms)(\/|$)/;

/** What a checker found: its rule, and the path of a resource in the showcase. */
export type Found = readonly [rule: string, path: string];

/** What of it differs from the list, for a showcase with the stricter choices or without them. Lines for people. */
export function differences(
  found: readonly Found[],
  isStrict: boolean,
  ofChecker: (rule: string) => boolean,
): string[] {
  const listed = FINDINGS.filter(({ choice, since }) => (isStrict ? !choice : !since)).flatMap(({ rules, on }) =>
    rules.filter(ofChecker).flatMap((rule) => on.map((path) => `${rule} ${path}`)),
  );
  const met = new Set(
    found
      .map(([rule, path]) => [normalRule(rule), normalPath(path)] as const)
      .filter(([, path]) => !OF_THE_USER.test(path))
      .map((pair) => pair.join(' ')),
  );
  return [
    ...[...met].filter((line) => !listed.includes(line)).map((line) => `found, and not explained: ${line}`),
    ...listed.filter((line) => !met.has(line)).map((line) => `explained, and not found: ${line}`),
    ...listed.filter((line, index) => listed.indexOf(line) < index).map((line) => `explained twice: ${line}`),
  ].sort();
}

/** Buckets have other names with each choice. */
function normalRule(rule: string): string {
  return rule.replace(/<\w+\.Arn>/, '<bucket>').replace(/\/stack-endpoint-[0-9a-f]{8}/, '');
}

function normalPath(path: string): string {
  return path.replace(/^Stack\//, '').replace(/\/Resource$/, '');
}
