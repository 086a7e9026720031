import { ArnFormat, Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';

/** Statements, not CDK's grants: these add more than is used, change immutable roles or make stacks depend on each other. */

export interface ExecutionRights {
  readonly logGroup: ILogGroup;
  readonly logGroupName: string;
  readonly outputBucket: IBucket;
  readonly prefixes: readonly string[];
  readonly topics: readonly ITopic[];
}

/** What SageMaker does as the execution role for every asynchronous endpoint, whatever the model is. */
export function executionStatements(scope: Construct, rights: ExecutionRights): PolicyStatement[] {
  const logGroup = Stack.of(scope).formatArn({
    service: 'logs',
    resource: 'log-group',
    resourceName: rights.logGroupName,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
  return [
    new PolicyStatement({
      sid: 'WriteResults',
      actions: ['s3:AbortMultipartUpload', 's3:PutObject'],
      resources: rights.prefixes.map((prefix) => rights.outputBucket.arnForObjects(`${prefix}/*`)),
    }),
    // AWS lists it among the prerequisites of asynchronous inference, and endpoint creation was seen to be refused
    // where a condition narrowed it to a prefix.
    new PolicyStatement({
      sid: 'ListOutputBucket',
      actions: ['s3:ListBucket'],
      resources: [rights.outputBucket.bucketArn],
    }),
    new PolicyStatement({
      sid: 'NotifyOfResults',
      actions: ['sns:Publish'],
      resources: rights.topics.map((topic) => topic.topicArn),
    }),
    new PolicyStatement({
      sid: 'WriteLogs',
      actions: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:PutLogEvents'],
      // The attribute ends in `:*`, which covers the group's streams and not the group.
      resources: [logGroup, rights.logGroup.logGroupArn],
    }),
    new PolicyStatement({
      sid: 'PutMetrics',
      actions: ['cloudwatch:PutMetricData'],
      resources: ['*'],
      conditions: { StringEquals: { 'cloudwatch:namespace': ['/aws/sagemaker/Endpoints', 'AWS/SageMaker'] } },
    }),
  ];
}

/** Pulling the images of one repository. The token statement stands alone: IAM knows no resource for it. */
export function pullStatements(repositoryArn: string): PolicyStatement[] {
  return [
    new PolicyStatement({
      sid: 'PullImage',
      actions: ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
      resources: [repositoryArn],
    }),
    new PolicyStatement({ sid: 'LogInToRegistry', actions: ['ecr:GetAuthorizationToken'], resources: ['*'] }),
  ];
}

/** Reading one object, and decrypting it where its bucket has a key. */
export function readObjectStatements(bucket: IBucket, objectKey: string): PolicyStatement[] {
  return [
    new PolicyStatement({
      sid: 'ReadModelData',
      actions: ['s3:GetObject'],
      resources: [bucket.arnForObjects(objectKey)],
    }),
    ...decryptStatements('DecryptModelData', bucket.encryptionKey),
  ];
}

/** Reading all objects under a folder, which SageMaker finds by listing the bucket. */
export function readPrefixStatements(bucket: IBucket, folder: string): PolicyStatement[] {
  return [
    ...readObjectStatements(bucket, `${folder}*`),
    new PolicyStatement({ sid: 'ListModelData', actions: ['s3:ListBucket'], resources: [bucket.bucketArn] }),
  ];
}

export function decryptStatements(sid: string, key: IKey | undefined): PolicyStatement[] {
  return key ? [new PolicyStatement({ sid, actions: ['kms:Decrypt'], resources: [key.keyArn] })] : [];
}

/** Uploading payloads under a prefix, and taking back those whose request was refused. */
export function writeInputStatements(bucket: IBucket, prefix: string): PolicyStatement[] {
  const key = bucket.encryptionKey;
  return [
    new PolicyStatement({
      sid: 'WriteInputs',
      actions: ['s3:DeleteObject', 's3:PutObject'],
      resources: [bucket.arnForObjects(`${prefix}/*`)],
    }),
    ...(key
      ? [new PolicyStatement({ sid: 'EncryptInputs', actions: ['kms:GenerateDataKey'], resources: [key.keyArn] })]
      : []),
  ];
}

/** Reading the payloads under a prefix, which SageMaker does as the execution role. */
export function readInputStatements(bucket: IBucket, prefix: string): PolicyStatement[] {
  return [
    new PolicyStatement({
      sid: 'ReadInputs',
      actions: ['s3:GetObject'],
      resources: [bucket.arnForObjects(`${prefix}/*`)],
    }),
    ...decryptStatements('DecryptInputs', bucket.encryptionKey),
  ];
}

/** Taking messages from a queue, which Lambda does as the function's role. */
export function consumeStatements(queue: IQueue): PolicyStatement[] {
  return [
    new PolicyStatement({
      sid: 'ConsumeRequests',
      actions: ['sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ReceiveMessage'],
      resources: [queue.queueArn],
    }),
    ...decryptStatements('DecryptRequests', queue.encryptionMasterKey),
  ];
}
