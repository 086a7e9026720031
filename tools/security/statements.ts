/** Why a statement is there, for each that a policy of this package holds. */
export interface Reason {
  readonly section: string;
  /** Whose policies hold it: roles and resources, by their paths in the showcase. */
  readonly of: readonly string[];
  /** Its Sid. Otherwise its actions, and the principals in the policy of a resource. */
  readonly statement: string;
  readonly why: string;
  /** The choice of yours without which it is not there. */
  readonly since?: string;
}

const QUEUES = ['Results', 'Pipe/Results', 'Callback/Results'].flatMap((path) => [
  `${path}/Queue`,
  `${path}/DeadLetterQueue`,
]);
const INVOKERS = ['Endpoint/Invoker/Role', 'Archivist/Role', 'Requests/Invoker/Role'];

export const REASONS: readonly Reason[] = [
  ...section(
    'The execution role: what SageMaker does for the endpoint',
    ['Endpoint/ExecutionRole'],
    [
      [
        'sts:AssumeRole by sagemaker.amazonaws.com',
        'SageMaker takes the role for this account only. AWS documents that asynchronous inference needs the ' +
          "`*` in place of an endpoint's name.",
      ],
      [
        'WriteResults',
        'Results and failures. A large one is uploaded in parts, which an upload that fails takes back.',
      ],
      [
        'ListOutputBucket',
        'AWS lists it among the prerequisites, and the creation of an endpoint was seen to be refused with a narrower one.',
      ],
      ['NotifyOfResults', 'SageMaker publishes as this role. The policy of a topic is not enough.'],
      ['WriteLogs', 'What the container prints.'],
      ['PutMetrics', 'AWS lists it among the prerequisites. A condition narrows it to two namespaces.'],
      ['PullImage', 'The image of the model, from its one repository.'],
      [
        'LogInToRegistry',
        'The token to pull with. It does not support resource-level permissions, so it stands alone.',
      ],
      ['ReadModelData', 'The one artifact of the model: an archive, or all files under a prefix.', 'modelData'],
      ['ListModelData', 'Which files there are.', 'ModelData.fromPrefix'],
      ['DecryptModelData', 'The key of the bucket that the artifact is in.', 'modelData in a bucket with a key'],
      [
        'EncryptResults',
        'Results, and messages on encrypted topics.',
        'outputEncryptionKey, or a key of outputBucket or a topic',
      ],
      [
        'EncryptVolume',
        'The storage of the instances uses the key by a grant, which only services of AWS may get.',
        'volumeEncryptionKey',
      ],
      ['CreateInterfaces', 'A network interface for each instance, in your subnets and security groups.', 'vpc'],
      ['ManageInterfaces', 'Their handing over and their end, in your subnets.', 'vpc'],
      ['DescribeNetwork', 'These actions do not support resource-level permissions.', 'vpc'],
      ['WatchRollbackAlarms', 'The state of these alarms during an update.', 'rollbackAlarms'],
      ['ReadInputs', 'Payloads under the prefix of an invoker.', 'the input policies alwaysS3 and bySize'],
      ['DecryptInputs', 'The key of the bucket that they are in.', 'such an input policy and a bucket with a key'],
    ],
  ),
  ...section('Invokers', INVOKERS, [
    ['sts:AssumeRole by lambda.amazonaws.com', 'Lambda runs the function as this role.'],
    ['InvokeEndpoint', 'Sends requests to this endpoint. An inline payload needs no other permission.'],
    ['WriteLogs', 'The log of the function: IDs, sizes and outcomes.'],
    [
      'ManageInterfaces',
      'Lambda connects the function to your VPC. The condition withholds the permission from the code of the function.',
      'vpc',
    ],
    ['DescribeNetwork', 'The same. These actions do not support resource-level permissions.', 'vpc'],
    ['WriteTraces', 'Traces. These actions do not support resource-level permissions.', 'tracing'],
    [
      'sqs:SendMessage, sqs:GetQueueAttributes, sqs:GetQueueUrl',
      'Lambda sends events that failed there. CDK adds the statement for the destination.',
      'onFailure',
    ],
  ]),
  ...section(
    'Invokers',
    ['Archivist/Role'],
    [
      [
        'WriteInputs',
        'Payloads under the prefix, and taking back those whose request was refused.',
        'the input policies alwaysS3 and bySize',
      ],
      ['EncryptInputs', 'The key of the bucket that they go into.', 'such an input policy and a bucket with a key'],
    ],
  ),
  ...section(
    'Request queue',
    ['Requests/Invoker/Role'],
    [
      ['ConsumeMessages', 'Lambda receives messages from the queue with the role of the function.'],
      ['DelayMessages', 'Hides a message until its retry.'],
      ['MoveMessages', 'Moves a message that cannot succeed to the dead-letter queue.'],
      ['UseQueueKey', 'Messages of the queue, and of the dead-letter queue.', 'encryptionKey of the request queue'],
    ],
  ),
  ...section(
    'Request queue',
    ['Requests/BackPressureRole'],
    [
      [
        'sts:AssumeRole by states.amazonaws.com',
        'Step Functions runs the workflow that enables and disables the queue.',
      ],
      ['ReadEndpoint', 'The instances in service.'],
      ['ReadMetrics', 'The backlog of the endpoint. GetMetricData does not support resource-level permissions.'],
      ['ChangeMapping', 'Enables, disables and paces the event source mapping.'],
    ],
  ),
  ...section(
    'Request queue',
    ['Requests/BackPressureRuleRole'],
    [
      ['sts:AssumeRole by events.amazonaws.com', 'EventBridge starts the workflow.'],
      ['StartWorkflow', 'The one workflow.'],
    ],
  ),
  ...section('Results', QUEUES, [
    [
      'sqs:SendMessage by sns.amazonaws.com',
      'The topics of the endpoint deliver there, and to the dead-letter queue what they cannot.',
    ],
  ]),
  ...section(
    'Results',
    ['Pipe/Role'],
    [
      ['sts:AssumeRole by pipes.amazonaws.com', 'EventBridge Pipes takes the role for this account only.'],
      ['ConsumeMessages', 'The pipe receives messages from its queue.'],
      ['PutEvents', 'The pipe sends them to this event bus.'],
      ['DecryptMessages', 'The key of the queue.', 'encryptionKey of the result events'],
    ],
  ),
  ...section(
    'Callback',
    ['Callback/Starter/Role'],
    [
      ['sts:AssumeRole by lambda.amazonaws.com', 'Lambda runs the function that sends requests for tasks.'],
      ['InvokeEndpoint', 'Sends requests to the endpoints of tasks.'],
      ['UseTable', 'Stores which task waits for which request, and deletes the entry of a request that was rejected.'],
      [
        'ManageInterfaces',
        'Lambda connects the function to your VPC. The condition withholds the permission from the code of the function.',
        'vpc of the callback',
      ],
      ['DescribeNetwork', 'The same. These actions do not support resource-level permissions.', 'vpc of the callback'],
      [
        'UseTableKey',
        'The key of the table. The condition restricts it to calls through DynamoDB.',
        'encryptionKey of the callback',
      ],
      ['WriteLogs', 'The log of the function.'],
    ],
  ),
  ...section(
    'Callback',
    ['Callback/Result/Role'],
    [
      ['sts:AssumeRole by lambda.amazonaws.com', 'Lambda runs the function that completes tasks.'],
      ['UseTable', 'Finds the task that waits, and deletes the entry once the task is complete.'],
      ['ConsumeMessages', 'Lambda receives notifications from the queue.'],
      ['ReadResults', 'Results, to put them into the state.'],
      ['CompleteTasks', 'The state machines that were passed to `addStateMachine`.'],
      [
        'ManageInterfaces',
        'Lambda connects the function to your VPC. The condition withholds the permission from the code of the function.',
        'vpc of the callback',
      ],
      ['DescribeNetwork', 'The same. These actions do not support resource-level permissions.', 'vpc of the callback'],
      [
        'UseTableKey',
        'The key of the table. The condition restricts it to calls through DynamoDB.',
        'encryptionKey of the callback',
      ],
      ['DecryptMessages', 'The key of the queue.', 'encryptionKey of the callback'],
      ['WriteLogs', 'The log of the function.'],
      ['DecryptResults', 'The key of the results.', 'outputEncryptionKey of the endpoint'],
    ],
  ),
  ...section(
    'Callback',
    ['Workflow/Role'],
    [
      ['sts:AssumeRole by states.amazonaws.com', 'Your state machine, with a role that CDK makes.'],
      ['lambda:InvokeFunction', 'A task of it starts the request.'],
    ],
  ),
  ...section(
    'Whom you grant',
    ['Client'],
    [
      ['sagemaker:InvokeEndpointAsync', '`grants.invokeAsync`. An inline payload takes no right on any bucket.'],
      ['s3:GetObject', '`grants.readResults`.'],
      [
        's3:ListBucket',
        '`grants.readResults`: without it S3 answers 403, not 404, for a result that is not there yet.',
      ],
      ['kms:Decrypt', '`grants.readResults`: the key of the results.', 'outputEncryptionKey of the endpoint'],
      ['sqs:SendMessage', '`grantSendMessages` of the request queue.'],
      ['kms:Decrypt, kms:GenerateDataKey', 'The same: the key of the queue.', 'encryptionKey of the request queue'],
    ],
  ),
  ...section(
    'What the resources themselves refuse',
    ['Endpoint/OutputBucket', 'Archivist/InputBucket'],
    [['s3:* by anybody', 'TLS only.']],
  ),
  ...section(
    'What the resources themselves refuse',
    ['Endpoint/SuccessTopic', 'Endpoint/ErrorTopic'],
    [['AllowPublishThroughSSLOnly', 'TLS only.']],
  ),
  ...section(
    'What the resources themselves refuse',
    ['Requests/Queue', 'Requests/DeadLetterQueue', ...QUEUES],
    [['sqs:* by anybody', 'TLS only.']],
  ),
  ...section(
    'What is added to the policies of your keys and topics',
    ['Key'],
    [
      [
        'kms:Decrypt, kms:GenerateDataKey by Endpoint/ExecutionRole',
        'For keys that do not leave it to IAM who uses them.',
        'outputEncryptionKey',
      ],
      [
        'kms:Decrypt, kms:GenerateDataKey* by cloudwatch.amazonaws.com',
        'Alarms of this account publish to a topic with this key.',
        'alarmTopic with a key',
      ],
    ],
  ),
  ...section(
    'What is added to the policies of your keys and topics',
    ['QueueKey'],
    [
      [
        'kms:Decrypt, kms:GenerateDataKey by sns.amazonaws.com',
        'SNS encrypts what it puts into a queue with this key, for topics of this account.',
        'encryptionKey of a result queue or of result events',
      ],
    ],
  ),
  ...section(
    'What is added to the policies of your keys and topics',
    ['VolumeKey'],
    [
      [
        'kms:CreateGrant by Endpoint/ExecutionRole',
        'For keys that do not leave it to IAM who uses them.',
        'volumeEncryptionKey',
      ],
    ],
  ),
  ...section(
    'What is added to the policies of your keys and topics',
    ['Alarms'],
    [['sns:Publish by cloudwatch.amazonaws.com', 'Alarms of this account publish there.', 'alarmTopic']],
  ),
];

function section(
  name: string,
  of: readonly string[],
  statements: readonly (readonly [string, string, string?])[],
): Reason[] {
  return statements.map(([statement, why, since]) => ({ section: name, of, statement, why, since }));
}
