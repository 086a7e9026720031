import { ArnFormat, Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IConstruct } from 'constructs';

/** The resources that SageMaker uses for every asynchronous endpoint. */
export interface ExecutionTargets {
  readonly logGroup: ILogGroup;
  readonly logGroupName: string;
  readonly outputBucket: IBucket;
  readonly prefixes: readonly string[];
  readonly topics: readonly ITopic[];
}

/** What SageMaker does with the execution role of every asynchronous endpoint, whatever the model is. */
export function executionStatements(scope: IConstruct, targets: ExecutionTargets): PolicyStatement[] {
  const logGroup = Stack.of(scope).formatArn({
    service: 'logs',
    resource: 'log-group',
    resourceName: targets.logGroupName,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
  return [
    new PolicyStatement({
      sid: 'WriteResults',
      actions: ['s3:AbortMultipartUpload', 's3:PutObject'],
      resources: targets.prefixes.map((prefix) => targets.outputBucket.arnForObjects(`${prefix}/*`)),
    }),
    // AWS lists it among the prerequisites of asynchronous inference. A condition on the prefix was reported to fail the creation.
    new PolicyStatement({
      sid: 'ListOutputBucket',
      actions: ['s3:ListBucket'],
      resources: [targets.outputBucket.bucketArn],
    }),
    new PolicyStatement({
      sid: 'NotifyOfResults',
      actions: ['sns:Publish'],
      resources: targets.topics.map((topic) => topic.topicArn),
    }),
    new PolicyStatement({
      sid: 'WriteLogs',
      actions: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:PutLogEvents'],
      // The attribute ends in `:*`, which covers the streams but not the group itself.
      resources: [logGroup, targets.logGroup.logGroupArn],
    }),
    new PolicyStatement({
      sid: 'PutMetrics',
      actions: ['cloudwatch:PutMetricData'],
      resources: ['*'],
      conditions: { StringEquals: { 'cloudwatch:namespace': ['/aws/sagemaker/Endpoints', 'AWS/SageMaker'] } },
    }),
  ];
}

/** Encrypts results and messages with these keys. */
export function encryptStatements(keys: readonly IKey[]): PolicyStatement[] {
  if (keys.length === 0) return [];
  return [
    new PolicyStatement({
      sid: 'EncryptResults',
      actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
      resources: keys.map((key) => key.keyArn),
    }),
  ];
}

/** Lets the storage volumes of the instances use their key. */
export function volumeStatements(key: IKey | undefined): PolicyStatement[] {
  if (!key) return [];
  return [
    new PolicyStatement({
      sid: 'EncryptVolume',
      actions: ['kms:CreateGrant'],
      resources: [key.keyArn],
      conditions: { Bool: { 'kms:GrantIsForAWSResource': 'true' } },
    }),
  ];
}

/** Where the network interfaces of the containers are. */
export interface Network {
  readonly subnetIds: readonly string[];
  readonly securityGroupIds: readonly string[];
}

/**
 * Manages network interfaces in the given subnets and security groups.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html
 */
export function networkStatements(scope: IConstruct, network: Network | undefined): PolicyStatement[] {
  if (!network) return [];
  const arn = (resource: string) => (resourceName: string) =>
    Stack.of(scope).formatArn({ service: 'ec2', resource, resourceName });
  const interfaces = arn('network-interface')('*');
  return [
    new PolicyStatement({
      sid: 'CreateInterfaces',
      actions: ['ec2:CreateNetworkInterface'],
      resources: [
        interfaces,
        ...network.subnetIds.map(arn('subnet')),
        ...network.securityGroupIds.map(arn('security-group')),
      ],
    }),
    new PolicyStatement({
      sid: 'ManageInterfaces',
      actions: [
        'ec2:CreateNetworkInterfacePermission',
        'ec2:DeleteNetworkInterface',
        'ec2:DeleteNetworkInterfacePermission',
      ],
      resources: [interfaces],
      // The interface is an optional resource of DeleteNetworkInterfacePermission, where the condition key may be absent.
      conditions: { ArnEqualsIfExists: { 'ec2:Subnet': network.subnetIds.map(arn('subnet')) } },
    }),
    // These actions do not support resource-level permissions.
    new PolicyStatement({
      sid: 'DescribeNetwork',
      actions: [
        'ec2:DescribeDhcpOptions',
        'ec2:DescribeNetworkInterfaces',
        'ec2:DescribeSecurityGroups',
        'ec2:DescribeSubnets',
        'ec2:DescribeVpcs',
      ],
      resources: ['*'],
    }),
  ];
}

/** Reads the alarms that roll an update back. */
export function watchStatement(alarmArns: string[]): PolicyStatement {
  return new PolicyStatement({
    sid: 'WatchRollbackAlarms',
    actions: ['cloudwatch:DescribeAlarms'],
    resources: alarmArns,
  });
}
