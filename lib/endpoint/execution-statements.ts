import { Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';

/** What SageMaker does as the execution role where the endpoint asks for more than every endpoint does. */

/** Encrypting results, and messages on topics with this key. */
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

/** Letting the storage of the instances use its key. */
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

export interface Network {
  readonly subnetIds: readonly string[];
  readonly securityGroupIds: readonly string[];
}

/**
 * Network interfaces in the given subnets and security groups.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html
 */
export function networkStatements(scope: Construct, network: Network | undefined): PolicyStatement[] {
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
      conditions: { ArnEquals: { 'ec2:Subnet': network.subnetIds.map(arn('subnet')) } },
    }),
    // IAM knows no resource for these.
    new PolicyStatement({
      sid: 'SeeNetwork',
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

/** Watching the alarms that roll an update back. */
export function watchStatement(alarmArns: string[]): PolicyStatement {
  return new PolicyStatement({
    sid: 'WatchRollbackAlarms',
    actions: ['cloudwatch:DescribeAlarms'],
    resources: alarmArns,
  });
}
