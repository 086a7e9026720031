import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { keyBehind } from './keys';

/** Statements instead of CDK's grants, which add more than is used, modify immutable roles or make stacks depend on each other. */

/** Pulls images from one repository. GetAuthorizationToken does not support resource-level permissions. */
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

/** Reads one object, and decrypts it if its bucket has a key. */
export function readObjectStatements(bucket: IBucket, objectKey: string): PolicyStatement[] {
  return [
    new PolicyStatement({
      sid: 'ReadModelData',
      actions: ['s3:GetObject'],
      resources: [bucket.arnForObjects(objectKey)],
    }),
    ...keyStatements('DecryptModelData', bucket.encryptionKey, 'kms:Decrypt'),
  ];
}

/** Reads all objects under a folder, which SageMaker finds by listing the bucket. */
export function readPrefixStatements(bucket: IBucket, folder: string): PolicyStatement[] {
  return [
    ...readObjectStatements(bucket, `${folder}*`),
    new PolicyStatement({ sid: 'ListModelData', actions: ['s3:ListBucket'], resources: [bucket.bucketArn] }),
  ];
}

/** Uses a key, if there is one. */
export function keyStatements(sid: string, key: IKey | undefined, ...actions: string[]): PolicyStatement[] {
  const used = keyBehind(key);
  return used ? [new PolicyStatement({ sid, actions, resources: [used.keyArn] })] : [];
}

/** Where payloads are. */
export interface InputPlace {
  readonly bucket: IBucket;
  readonly prefix: string;
  readonly encryptionKey?: IKey;
}

/** Uploads payloads under a prefix, and deletes those whose request was rejected. */
export function writeInputStatement({ bucket, prefix }: InputPlace): PolicyStatement {
  return new PolicyStatement({
    sid: 'WriteInputs',
    actions: ['s3:DeleteObject', 's3:PutObject'],
    resources: [bucket.arnForObjects(`${prefix}/*`)],
  });
}

/** Reads the payloads in these places. SageMaker does this with the execution role. */
export function readInputStatement(places: readonly InputPlace[]): PolicyStatement {
  return new PolicyStatement({
    sid: 'ReadInputs',
    actions: ['s3:GetObject'],
    resources: places.map(({ bucket, prefix }) => bucket.arnForObjects(`${prefix}/*`)),
  });
}

/** Decrypts the payloads in these places, if any of them has a key. */
export function decryptInputStatements(places: readonly InputPlace[]): PolicyStatement[] {
  const keys = places.map(({ bucket, encryptionKey }) => keyBehind(encryptionKey ?? bucket.encryptionKey)?.keyArn);
  const keyArns = [...new Set(keys)].filter((arn) => arn !== undefined);
  return keyArns.length === 0
    ? []
    : [new PolicyStatement({ sid: 'DecryptInputs', actions: ['kms:Decrypt'], resources: keyArns })];
}

/** Consumes the messages of a queue. Lambda does this with the role of the function. */
export function consumeStatement(queue: IQueue): PolicyStatement {
  return new PolicyStatement({
    sid: 'ConsumeMessages',
    actions: ['sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ReceiveMessage'],
    resources: [queue.queueArn],
  });
}

/** Hides messages of a queue until their retry, and moves them to its dead-letter queue. */
export function deadLetterStatements(queue: IQueue, deadLetterQueue: IQueue): PolicyStatement[] {
  return [
    new PolicyStatement({
      sid: 'DelayMessages',
      actions: ['sqs:ChangeMessageVisibility'],
      resources: [queue.queueArn],
    }),
    new PolicyStatement({
      sid: 'MoveMessages',
      actions: ['sqs:SendMessage'],
      resources: [deadLetterQueue.queueArn],
    }),
  ];
}
