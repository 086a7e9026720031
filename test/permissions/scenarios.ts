import * as iam from 'aws-cdk-lib/aws-iam';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import type { AsyncInferenceEndpoint } from '../../lib';
import { ENV, aStack, anEndpoint } from '../support/stacks';
import { Account } from './account';
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
    actions.split(' ').flatMap((action) => [resources].flat().map((resource) => ({ principal, action, resource, context })));
}

function roleOf(account: Account, grantee: IGrantable): string {
  return account.template.value((grantee.grantPrincipal as iam.IRole).roleArn);
}

/** What SageMaker does as the execution role of every endpoint. */
function executionCalls(account: Account, endpoint: AsyncInferenceEndpoint): Calls {
  const value = (token: unknown) => account.template.value(token);
  const role = roleOf(account, endpoint.executionRole);
  const call = callsOf(role);
  const assume = (service: string, source = ENV.account) => callsOf(service)('sts:AssumeRole', role, {
    'aws:SourceAccount': source, 'aws:SourceArn': `arn:aws:sagemaker:${ENV.region}:${source}:endpoint/any`,
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
      ...call('s3:PutObject', [...objects('a.out', 'other/a.out', `${outputPrefix}-other/a.out`), 'arn:aws:s3:::other/output/a.out']),
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
function invokerCalls(account: Account, { endpointArn, invoker, outputBucket, successTopic }: AsyncInferenceEndpoint): Calls {
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
  const results = [`${outputPrefix}/a.out`, `${failurePrefix}/a.out`].map((key) => value(outputBucket.arnForObjects(key)));
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

function scenario(name: string, account: Account, ...calls: Calls[]): Scenario {
  return { name, account, allowed: calls.flatMap(({ allowed }) => allowed), denied: calls.flatMap(({ denied }) => denied) };
}

function byDefault(): Scenario {
  const stack = aStack({ env: ENV });
  const endpoint = anEndpoint(stack);
  const client = new iam.Role(stack, 'Client', { assumedBy: new iam.ServicePrincipal('ec2.amazonaws.com') });
  endpoint.grantInvokeAsync(client);
  endpoint.grantReadResults(client);
  const account = new Account(stack);
  return scenario('by default', account, executionCalls(account, endpoint), invokerCalls(account, endpoint), clientCalls(account, endpoint, client));
}

export const SCENARIOS: readonly Scenario[] = [byDefault()];
