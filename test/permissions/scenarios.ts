import * as iam from 'aws-cdk-lib/aws-iam';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { AsyncInferenceEndpoint, AsyncInferenceInvoker } from '../../lib';
import {
  foreignKey,
  plainShowcase,
  strictShowcase,
  strictShowcaseWithClosedKeys,
  strictShowcaseWithForeignKeys,
} from '../../tools/showcase/showcase';
import type { Showcase } from '../../tools/showcase/showcase';
import { ENV, aStack, anEndpoint } from '../../tools/showcase/stacks';
import { ADMIN, Account } from './account';
import type { TestedCall } from './account';

/** Calls that must be allowed, which are all that anybody makes, and some of those that must not. */
interface Calls {
  readonly allowed: readonly TestedCall[];
  readonly denied: readonly TestedCall[];
}

/** A deployed stack, and what is called in it. */
export interface Scenario extends Calls {
  readonly name: string;
  readonly account: Account;
}

const OTHER_ACCOUNT = '999999999999';
const IMAGES = `arn:aws:ecr:${ENV.region}:763104351884:repository/djl-inference`;
const PLAIN_HTTP = { 'aws:SecureTransport': 'false' };

/** The calls of a principal: one for each of the actions, which blanks separate, on each of the resources. */
function callsOf(principal: string) {
  return (actions: string, resources: string | readonly string[], context?: TestedCall['context']): TestedCall[] =>
    actions
      .split(' ')
      .flatMap((action) => [resources].flat().map((resource) => ({ principal, action, resource, context })));
}

function roleOf(account: Account, grantee: IGrantable): string {
  return account.template.value((grantee.grantPrincipal as iam.IRole).roleArn);
}

/** What SageMaker does as the execution role of every endpoint. */
function executionCalls(account: Account, endpoint: AsyncInferenceEndpoint): Calls {
  const value = (token: unknown) => account.template.value(token);
  const role = roleOf(account, endpoint.executionRole);
  const call = callsOf(role);
  const assume = (service: string, source = ENV.account) =>
    callsOf(service)('sts:AssumeRole', role, {
      'aws:SourceAccount': source,
      'aws:SourceArn': `arn:aws:sagemaker:${ENV.region}:${source}:endpoint/any`,
    });
  const { outputPrefix, failurePrefix } = endpoint;
  const bucket = value(endpoint.outputBucket.bucketArn);
  const objects = (...keys: string[]) => keys.map((key) => `${bucket}/${key}`);
  const results = objects(`${outputPrefix}/a.out`, `${failurePrefix}/a-error.out`);
  const topics = [endpoint.successTopic, endpoint.errorTopic].map(({ topicArn }) => value(topicArn));
  const logGroup = `arn:aws:logs:${ENV.region}:${ENV.account}:log-group:/aws/sagemaker/Endpoints/${endpoint.endpointName}`;
  return {
    allowed: [
      ...assume('sagemaker.amazonaws.com'),
      ...call('s3:PutObject s3:AbortMultipartUpload', results),
      ...call('s3:ListBucket', bucket),
      ...call('sns:Publish', topics),
      ...call('logs:CreateLogGroup logs:DescribeLogStreams', logGroup),
      ...call('logs:CreateLogStream logs:PutLogEvents', `${logGroup}:log-stream:AllTraffic/i-0`),
      ...call('cloudwatch:PutMetricData', '*', { 'cloudwatch:namespace': 'AWS/SageMaker' }),
      ...call('cloudwatch:PutMetricData', '*', { 'cloudwatch:namespace': '/aws/sagemaker/Endpoints' }),
      ...call('ecr:GetAuthorizationToken', '*'),
      ...call('ecr:BatchCheckLayerAvailability ecr:BatchGetImage ecr:GetDownloadUrlForLayer', IMAGES),
    ],
    denied: [
      ...assume('sagemaker.amazonaws.com', OTHER_ACCOUNT),
      ...assume('lambda.amazonaws.com'),
      ...call('s3:PutObject', [
        ...objects('a.out', 'other/a.out', `${outputPrefix}-other/a.out`),
        'arn:aws:s3:::other/output/a.out',
      ]),
      ...call('s3:GetObject', [...results, ...objects('input/a.json'), 'arn:aws:s3:::other/input/a.json']),
      ...call('s3:DeleteObject', results),
      ...call('s3:ListBucket', 'arn:aws:s3:::other'),
      ...call('sns:Publish', `${topics[0]}-other`),
      ...call('sns:Subscribe', topics),
      ...call('logs:PutLogEvents', `${logGroup}-other:log-stream:AllTraffic/i-0`),
      ...call('cloudwatch:PutMetricData', '*', { 'cloudwatch:namespace': 'Other' }),
      ...call('ecr:BatchGetImage', `${IMAGES}-other`),
      ...call('sagemaker:InvokeEndpointAsync', value(endpoint.endpointArn)),
      ...call('s3:PutObject', results, PLAIN_HTTP),
      ...call('s3:ListBucket', bucket, PLAIN_HTTP),
      ...call('sns:Publish', topics, PLAIN_HTTP),
    ],
  };
}

/** What the invoker does for every request. */
function invokerCalls(
  account: Account,
  { endpointArn, invoker, outputBucket, successTopic }: AsyncInferenceEndpoint,
): Calls {
  const value = (token: unknown) => account.template.value(token);
  const role = roleOf(account, invoker);
  const call = callsOf(role);
  const logGroup = value(invoker.logGroup.logGroupArn).replace(/\*$/, 'log-stream:a');
  return {
    allowed: [
      ...callsOf('lambda.amazonaws.com')('sts:AssumeRole', role),
      ...call('sagemaker:InvokeEndpointAsync', value(endpointArn)),
      ...call('logs:CreateLogStream logs:PutLogEvents', logGroup),
    ],
    denied: [
      ...callsOf('sagemaker.amazonaws.com')('sts:AssumeRole', role),
      ...call('sagemaker:InvokeEndpointAsync', `${value(endpointArn)}-other`),
      ...call('sagemaker:InvokeEndpoint', value(endpointArn)),
      ...call('s3:GetObject s3:PutObject', value(outputBucket.arnForObjects('output/a.out'))),
      ...call('sns:Publish', value(successTopic.topicArn)),
      ...call('logs:PutLogEvents', logGroup.replace(':log-stream', '-other:log-stream')),
    ],
  };
}

/** What somebody does who was granted to send requests and to read results. */
function clientCalls(account: Account, endpoint: AsyncInferenceEndpoint, client: iam.Role): Calls {
  const value = (token: unknown) => account.template.value(token);
  const call = callsOf(roleOf(account, client));
  const { outputBucket, outputPrefix, failurePrefix } = endpoint;
  const results = [`${outputPrefix}/a.out`, `${failurePrefix}/a.out`].map((key) =>
    value(outputBucket.arnForObjects(key)),
  );
  return {
    allowed: [
      ...callsOf('ec2.amazonaws.com')('sts:AssumeRole', roleOf(account, client)),
      ...call('sagemaker:InvokeEndpointAsync', value(endpoint.endpointArn)),
      ...call('s3:GetObject', results),
      ...call('s3:ListBucket', value(outputBucket.bucketArn)),
    ],
    denied: [
      ...call('sagemaker:InvokeEndpointAsync', `${value(endpoint.endpointArn)}-other`),
      ...call('sagemaker:InvokeEndpoint', value(endpoint.endpointArn)),
      ...call('s3:GetObject', value(outputBucket.arnForObjects('other/a.out'))),
      ...call('s3:PutObject s3:DeleteObject', results),
    ],
  };
}

/** What SageMaker does as the execution role with the keys of results and volumes. */
function executionKeyCalls(account: Account, { endpoint }: Showcase, key: (id: string) => string): Calls {
  const call = callsOf(roleOf(account, endpoint.executionRole));
  return {
    allowed: [
      ...call('kms:Decrypt kms:GenerateDataKey', key('Key')),
      ...call('kms:CreateGrant', key('VolumeKey'), { 'kms:GrantIsForAWSResource': 'true' }),
    ],
    denied: [
      ...call('kms:CreateGrant', key('VolumeKey'), { 'kms:GrantIsForAWSResource': 'false' }),
      ...call('kms:CreateGrant', key('Key'), { 'kms:GrantIsForAWSResource': 'true' }),
      ...call('kms:GenerateDataKey', [key('ModelKey'), key('InputKey'), key('VolumeKey')]),
    ],
  };
}

/** What it does besides in the strict showcase: with a network, the artifact, alarms, and payloads in S3. */
function strictExecutionCalls(account: Account, { endpoint }: Showcase): Calls {
  const call = callsOf(roleOf(account, endpoint.executionRole));
  const ec2 = (name: string) => `arn:aws:ec2:${ENV.region}:${ENV.account}:${name}`;
  const subnet = { 'ec2:Subnet': ec2('subnet/subnet-11111111') };
  const otherSubnet = { 'ec2:Subnet': ec2('subnet/subnet-33333333') };
  const model = `${account.arn('Models')}/v1/model.safetensors`;
  const group = ec2(
    `security-group/${account.template.value(endpoint.connections.securityGroups[0]!.securityGroupId)}`,
  );
  const manage = 'ec2:CreateNetworkInterfacePermission ec2:DeleteNetworkInterface ec2:DeleteNetworkInterfacePermission';
  return {
    allowed: [
      ...call('s3:GetObject', model),
      ...call('s3:ListBucket', account.arn('Models')),
      ...call('kms:Decrypt', account.arn('ModelKey')),
      ...call('ec2:CreateNetworkInterface', [
        ec2('network-interface/eni-1'),
        ec2('subnet/subnet-11111111'),
        ec2('subnet/subnet-22222222'),
        group,
      ]),
      ...call(manage, ec2('network-interface/eni-1'), subnet),
      ...call(
        'ec2:DescribeDhcpOptions ec2:DescribeNetworkInterfaces ec2:DescribeSecurityGroups ec2:DescribeSubnets ec2:DescribeVpcs',
        '*',
      ),
      ...call('cloudwatch:DescribeAlarms', `arn:aws:cloudwatch:${ENV.region}:${ENV.account}:alarm:quality`),
      ...call('s3:GetObject', `${account.arn('Inputs')}/input/${endpoint.endpointName}/a.json`),
      ...call('kms:Decrypt', account.arn('InputKey')),
    ],
    denied: [
      ...call('s3:GetObject', [
        `${account.arn('Models')}/v2/model.safetensors`,
        `${account.arn('Inputs')}/input/other/a.json`,
      ]),
      ...call('s3:PutObject', model),
      ...call('ec2:CreateNetworkInterface', [ec2('subnet/subnet-33333333'), ec2('security-group/sg-other')]),
      ...call(manage, ec2('network-interface/eni-1'), otherSubnet),
      ...call('cloudwatch:DescribeAlarms', `arn:aws:cloudwatch:${ENV.region}:${ENV.account}:alarm:other`),
    ],
  };
}

/** What Lambda does in a VPC with the role of a function, and the code of the function must not. */
function networkCalls(account: Account, grantee: IGrantable): Calls {
  const call = callsOf(roleOf(account, grantee));
  const [networkInterface, ...network] = ['network-interface/eni-1', 'subnet/subnet-1', 'security-group/sg-1'].map(
    (name) => `arn:aws:ec2:${ENV.region}:${ENV.account}:${name}`,
  );
  const code = { 'lambda:SourceFunctionArn': `arn:aws:lambda:${ENV.region}:${ENV.account}:function:any` };
  const reach = (context?: TestedCall['context']) => [
    ...call('ec2:CreateNetworkInterface', network, context),
    ...call(
      'ec2:AssignPrivateIpAddresses ec2:CreateNetworkInterface ec2:DeleteNetworkInterface ec2:UnassignPrivateIpAddresses',
      networkInterface!,
      context,
    ),
    ...call('ec2:DescribeNetworkInterfaces ec2:DescribeSubnets', '*', context),
  ];
  return { allowed: reach(), denied: reach(code) };
}

/** What an invoker does with traces and with a queue for events that failed. */
function strictInvokerCalls(account: Account, grantee: IGrantable): Calls {
  const call = callsOf(roleOf(account, grantee));
  return {
    allowed: [
      ...call('xray:PutTelemetryRecords xray:PutTraceSegments', '*'),
      ...call('sqs:SendMessage', account.arn('Failures')),
    ],
    denied: call('sqs:ReceiveMessage', account.arn('Failures')),
  };
}

/** What the functions of the callback do with its key: through DynamoDB, and to receive messages. */
function callbackKeyCalls(account: Account, { callback }: Showcase): Calls {
  const starter = callsOf(roleOf(account, callback.starterFunction));
  const result = callsOf(roleOf(account, callback.resultFunction));
  const through = (service: string) => ({ 'kms:ViaService': `${service}.${ENV.region}.amazonaws.com` });
  const key = account.arn('QueueKey');
  const ofTable = 'kms:Decrypt kms:DescribeKey kms:Encrypt kms:GenerateDataKey kms:ReEncryptFrom';
  return {
    allowed: [
      ...[starter, result].flatMap((call) => call(ofTable, key, through('dynamodb'))),
      ...result('kms:Decrypt', key, through('sqs')),
    ],
    denied: [
      ...starter(ofTable, key, through('s3')),
      ...result('kms:Encrypt kms:GenerateDataKey', key, through('sqs')),
    ],
  };
}

/** What an invoker does whose payloads go through S3, and Lambda for it with a queue of requests. */
function payloadCalls(account: Account, { endpoint, archivist, requests, client }: Showcase): Calls {
  const value = (token: unknown) => account.template.value(token);
  const archive = callsOf(roleOf(account, archivist));
  const invoke = callsOf(roleOf(account, endpoint.invoker));
  const inputs = `${value(archivist.inputBucket!.bucketArn)}/input/${endpoint.endpointName}`;
  const logGroupOf = ({ logGroup }: AsyncInferenceInvoker) =>
    value(logGroup.logGroupArn).replace(/\*$/, 'log-stream:a');
  const submit = callsOf(roleOf(account, requests.invoker));
  const queue = value(requests.queue.queueArn);
  const deadLetterQueue = value(requests.deadLetterQueue.queueArn);
  return {
    allowed: [
      ...callsOf('lambda.amazonaws.com')('sts:AssumeRole', roleOf(account, archivist)),
      ...archive('sagemaker:InvokeEndpointAsync', value(endpoint.endpointArn)),
      ...archive('logs:CreateLogStream logs:PutLogEvents', logGroupOf(archivist)),
      ...archive('s3:DeleteObject s3:PutObject', `${inputs}/a.json`),
      ...callsOf(roleOf(account, endpoint.executionRole))('s3:GetObject', `${inputs}/a.json`),
      ...submit('sqs:DeleteMessage sqs:GetQueueAttributes sqs:ReceiveMessage sqs:ChangeMessageVisibility', queue),
      ...submit('sqs:SendMessage', deadLetterQueue),
      ...submit('sagemaker:InvokeEndpointAsync', value(endpoint.endpointArn)),
      ...submit('logs:CreateLogStream logs:PutLogEvents', logGroupOf(requests.invoker)),
      ...callsOf('lambda.amazonaws.com')('sts:AssumeRole', roleOf(account, requests.invoker)),
      ...callsOf(roleOf(account, client))('sqs:SendMessage', queue),
    ],
    denied: [
      ...archive('s3:GetObject', `${inputs}/a.json`),
      ...archive('s3:PutObject', [
        `${inputs}-other/a.json`,
        value(endpoint.outputBucket.arnForObjects('output/a.out')),
      ]),
      ...submit('sqs:SendMessage sqs:PurgeQueue', queue),
      ...invoke('sqs:ReceiveMessage', queue),
      ...callsOf(roleOf(account, client))('sqs:ReceiveMessage sqs:DeleteMessage', queue),
      ...submit('sqs:ReceiveMessage sqs:ChangeMessageVisibility', deadLetterQueue),
    ],
  };
}

/** What enables, disables and paces a request queue. */
function backPressureCalls(account: Account, { endpoint, requests }: Showcase): Calls {
  const value = (token: unknown) => account.template.value(token);
  const workflow = account.arn('Requests/BackPressureRole');
  const rule = account.arn('Requests/BackPressureRuleRole');
  const machine = account.arn('Requests/BackPressure');
  const mapping = value(requests.mapping.eventSourceMappingArn);
  return {
    allowed: [
      ...callsOf('states.amazonaws.com')('sts:AssumeRole', workflow),
      ...callsOf(workflow)('sagemaker:DescribeEndpoint', value(endpoint.endpointArn)),
      ...callsOf(workflow)('cloudwatch:GetMetricData', '*'),
      ...callsOf(workflow)('lambda:GetEventSourceMapping lambda:UpdateEventSourceMapping', mapping),
      ...callsOf('events.amazonaws.com')('sts:AssumeRole', rule),
      ...callsOf(rule)('states:StartExecution', machine),
    ],
    denied: [
      ...callsOf(workflow)('sagemaker:UpdateEndpoint', value(endpoint.endpointArn)),
      ...callsOf(workflow)('lambda:UpdateEventSourceMapping', `${mapping}-other`),
      ...callsOf(workflow)('lambda:DeleteEventSourceMapping', mapping),
      ...callsOf(rule)('states:StartExecution', `${machine}-other`),
    ],
  };
}

/** How results get from the topics into queues, onto a bus and to the tasks that wait for them. */
function resultCalls(account: Account, { endpoint, results, pipe, callback, workflow }: Showcase): Calls {
  const value = (token: unknown) => account.template.value(token);
  const topics = [endpoint.successTopic, endpoint.errorTopic].map(({ topicArn }) => value(topicArn));
  const queues = [results, pipe.results, callback.results]
    .flatMap(({ queue, deadLetterQueue }) => [queue, deadLetterQueue])
    .map(({ queueArn }) => value(queueArn));
  const deliver = (topic: string) =>
    callsOf('sns.amazonaws.com')('sqs:SendMessage', queues, { 'aws:SourceArn': topic });
  const consume = 'sqs:DeleteMessage sqs:GetQueueAttributes sqs:ReceiveMessage';
  const pipes = (source: string) => ({
    'aws:SourceAccount': source,
    'aws:SourceArn': `arn:aws:pipes:${ENV.region}:${source}:pipe/any`,
  });
  const piping = account.arn('Pipe/Role');
  const bus = value(pipe.eventBus.eventBusArn);
  const [starter, answerer] = [callback.starterFunction, callback.resultFunction].map((each) =>
    roleOf(account, each),
  ) as [string, string];
  const logs = ({ logGroup }: lambda.Function) => value(logGroup.logGroupArn).replace(/\*$/, 'log-stream:a');
  const table = value(callback.table.tableArn);
  const result = value(endpoint.outputBucket.arnForObjects(`${endpoint.outputPrefix}/a.out`));
  return {
    allowed: [
      ...topics.flatMap(deliver),
      ...callsOf('pipes.amazonaws.com')('sts:AssumeRole', piping, pipes(ENV.account)),
      ...callsOf(piping)(consume, value(pipe.results.queue.queueArn)),
      ...callsOf(piping)('events:PutEvents', bus),
      ...callsOf('lambda.amazonaws.com')('sts:AssumeRole', [starter, answerer]),
      ...callsOf('states.amazonaws.com')('sts:AssumeRole', roleOf(account, workflow)),
      ...callsOf(roleOf(account, workflow))('lambda:InvokeFunction', value(callback.starterFunction.functionArn)),
      ...callsOf(starter)('sagemaker:InvokeEndpointAsync', value(endpoint.endpointArn)),
      ...callsOf(starter)('dynamodb:PutItem dynamodb:DeleteItem', table),
      ...callsOf(starter)('logs:CreateLogStream logs:PutLogEvents', logs(callback.starterFunction)),
      ...callsOf(answerer)('dynamodb:GetItem dynamodb:DeleteItem', table),
      ...callsOf(answerer)(consume, value(callback.results.queue.queueArn)),
      ...callsOf(answerer)('logs:CreateLogStream logs:PutLogEvents', logs(callback.resultFunction)),
      ...callsOf(answerer)('s3:GetObject', result),
    ],
    denied: [
      ...deliver(`${topics[0]}-other`),
      ...callsOf('pipes.amazonaws.com')('sts:AssumeRole', piping, pipes(OTHER_ACCOUNT)),
      ...callsOf(piping)('sqs:ReceiveMessage', value(results.queue.queueArn)),
      ...callsOf(piping)('events:PutEvents', `${bus}-other`),
      ...callsOf(starter)('dynamodb:GetItem dynamodb:Scan', table),
      ...callsOf(starter)('sagemaker:InvokeEndpointAsync', `${value(endpoint.endpointArn)}-other`),
      ...callsOf(answerer)('dynamodb:PutItem dynamodb:Scan', table),
      ...callsOf(answerer)('sagemaker:InvokeEndpointAsync', value(endpoint.endpointArn)),
      ...callsOf(answerer)('s3:PutObject', result),
    ],
  };
}

/** The use of keys, by roles and by services. */
function keyCalls(account: Account, { endpoint, archivist, callback, client, requests }: Showcase): Calls {
  const key = (path: string) => account.arn(path);
  const submitter = roleOf(account, requests.invoker);
  const piping = account.arn('Pipe/Role');
  const readers = [roleOf(account, callback.resultFunction), roleOf(account, client)];
  return {
    allowed: [
      ...callsOf(submitter)('kms:Decrypt kms:GenerateDataKey', key('QueueKey')),
      ...callsOf(piping)('kms:Decrypt', key('QueueKey')),
      ...readers.flatMap((role) => callsOf(role)('kms:Decrypt', key('Key'))),
      ...callsOf(roleOf(account, client))('kms:Decrypt kms:GenerateDataKey', key('QueueKey')),
      ...callsOf(roleOf(account, archivist))('kms:GenerateDataKey', key('InputKey')),
    ],
    denied: [
      ...callsOf(submitter)('kms:Encrypt kms:ReEncryptFrom', key('QueueKey')),
      ...callsOf(piping)('kms:GenerateDataKey', key('QueueKey')),
      ...callsOf(roleOf(account, endpoint.invoker))('kms:Decrypt', key('QueueKey')),
      ...readers.flatMap((role) => callsOf(role)('kms:GenerateDataKey', key('Key'))),
      ...callsOf(roleOf(account, client))('kms:Encrypt kms:ReEncryptFrom', key('QueueKey')),
      ...callsOf(roleOf(account, archivist))('kms:Decrypt', key('InputKey')),
    ],
  };
}

/** What SNS does with the key of a queue, and CloudWatch with a topic for alarms and its key. */
function serviceCalls(account: Account): Calls {
  const key = account.arn('Key');
  const delivery = (source: string) =>
    callsOf('sns.amazonaws.com')('kms:Decrypt kms:GenerateDataKey', account.arn('QueueKey'), {
      'aws:SourceArn': `arn:aws:sns:${ENV.region}:${source}:any`,
    });
  const alarm = (source: string) => [
    ...callsOf('cloudwatch.amazonaws.com')('sns:Publish', account.arn('Alarms'), { 'aws:SourceAccount': source }),
    ...callsOf('cloudwatch.amazonaws.com')('kms:Decrypt kms:GenerateDataKey', key, { 'aws:SourceAccount': source }),
  ];
  return {
    allowed: [...delivery(ENV.account), ...alarm(ENV.account)],
    denied: [
      ...delivery(OTHER_ACCOUNT),
      ...alarm(OTHER_ACCOUNT),
      ...callsOf('events.amazonaws.com')('kms:Decrypt', key),
    ],
  };
}

/** The owner of keys can do away with them. */
function keyOwnerCalls(account: Account): Calls {
  return { allowed: callsOf(ADMIN)('kms:ScheduleKeyDeletion', account.all('AWS::KMS::Key')), denied: [] };
}

/** Whoever may do anything does it over TLS. */
function transportCalls(account: Account): Calls {
  const over = (context?: TestedCall['context']) => [
    ...account
      .all('AWS::S3::Bucket')
      .flatMap((arn) => [
        ...callsOf(ADMIN)('s3:ListBucket', arn, context),
        ...callsOf(ADMIN)('s3:GetObject', `${arn}/any`, context),
      ]),
    ...callsOf(ADMIN)('sns:Publish', account.all('AWS::SNS::Topic'), context),
    ...callsOf(ADMIN)('sqs:ReceiveMessage', account.all('AWS::SQS::Queue'), context),
  ];
  return { allowed: over(), denied: over(PLAIN_HTTP) };
}

function scenario(name: string, account: Account, ...calls: Calls[]): Scenario {
  return {
    name,
    account,
    allowed: calls.flatMap(({ allowed }) => allowed),
    denied: calls.flatMap(({ denied }) => denied),
  };
}

function anEndpointAlone(): Scenario {
  const stack = aStack({ env: ENV });
  const endpoint = anEndpoint(stack);
  const client = new iam.Role(stack, 'Client', { assumedBy: new iam.ServicePrincipal('ec2.amazonaws.com') });
  endpoint.grants.invokeAsync(client);
  endpoint.grants.readResults(client);
  const account = new Account(stack);
  return scenario(
    'an endpoint alone',
    account,
    executionCalls(account, endpoint),
    invokerCalls(account, endpoint),
    clientCalls(account, endpoint, client),
    transportCalls(account),
  );
}

/** What is called in each showcase. */
function common(account: Account, showcase: Showcase): Calls[] {
  const { endpoint, client } = showcase;
  return [
    executionCalls(account, endpoint),
    invokerCalls(account, endpoint),
    clientCalls(account, endpoint, client),
    payloadCalls(account, showcase),
    backPressureCalls(account, showcase),
    resultCalls(account, showcase),
    transportCalls(account),
  ];
}

function everything(): Scenario {
  const showcase = plainShowcase();
  const account = new Account(showcase.stack);
  return scenario('everything, with no more than is required', account, ...common(account, showcase));
}

function everythingStrict(): Scenario {
  const showcase = strictShowcase();
  const account = new Account(showcase.stack);
  return scenario(
    'everything, with the stricter choices',
    account,
    ...common(account, showcase),
    executionKeyCalls(account, showcase, (id) => account.arn(id)),
    strictExecutionCalls(account, showcase),
    ...[showcase.endpoint.invoker, showcase.archivist, showcase.requests.invoker].flatMap((invoker) => [
      networkCalls(account, invoker),
      strictInvokerCalls(account, invoker),
    ]),
    ...[showcase.callback.starterFunction, showcase.callback.resultFunction].map((each) => networkCalls(account, each)),
    callbackKeyCalls(account, showcase),
    keyCalls(account, showcase),
    keyOwnerCalls(account),
    serviceCalls(account),
  );
}

function closedKeys(): Scenario {
  const showcase = strictShowcaseWithClosedKeys();
  const account = new Account(showcase.stack);
  return scenario(
    'keys that name their users',
    account,
    executionKeyCalls(account, showcase, (id) => account.arn(id)),
    keyOwnerCalls(account),
    serviceCalls(account),
  );
}

function foreignKeys(): Scenario {
  const showcase = strictShowcaseWithForeignKeys();
  const account = new Account(showcase.stack);
  return scenario('keys of elsewhere', account, executionKeyCalls(account, showcase, foreignKey));
}

export const SCENARIOS: readonly Scenario[] = [
  anEndpointAlone(),
  everything(),
  everythingStrict(),
  closedKeys(),
  foreignKeys(),
];
