import { join } from 'node:path';
import { ArnFormat, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { attachPermissions } from './permissions';

export interface BundledFunctionProps extends Omit<lambda.FunctionOptions, 'logGroup'> {
  readonly logGroup?: logs.ILogGroup;
  /** The archive in lambda/dist that contains the code. */
  readonly bundle: string;
  /** Everything that the code does, except for writing its logs. */
  readonly statements: readonly iam.PolicyStatement[];
  readonly logRetention?: logs.RetentionDays;
}

/** A Lambda function whose code is part of this package, with its log group, role and permissions as children of the scope. */
export function bundledFunction(scope: Construct, props: BundledFunctionProps): lambda.Function {
  const { bundle, statements, logRetention, tracing, ...options } = props;
  const logGroup =
    options.logGroup ??
    new logs.LogGroup(scope, 'LogGroup', {
      retention: logRetention ?? logs.RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
  const role =
    options.role ?? new iam.Role(scope, 'Role', { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') });
  const bundled = new lambda.Function(scope, 'Function', {
    ...options,
    // Pinned: the latest runtime of CDK would change with the CDK version of the user.
    runtime: lambda.Runtime.NODEJS_24_X,
    architecture: options.architecture ?? lambda.Architecture.ARM_64,
    code: lambda.Code.fromAsset(join(__dirname, '..', '..', 'lambda', 'dist', `${bundle}.zip`)),
    handler: 'index.handler',
    role,
    memorySize: options.memorySize ?? 256,
    timeout: options.timeout ?? Duration.seconds(30),
    logGroup,
    loggingFormat: lambda.LoggingFormat.JSON,
  });
  // With the prop of the function, CDK would add an inline policy of its own, and nothing to a role that cannot be modified.
  if (tracing) (bundled.node.defaultChild as lambda.CfnFunction).tracingConfig = { mode: tracing };
  // Lambda checks the network permissions of the role while it creates the function.
  bundled.node.addDependency(
    ...attachPermissions(scope, 'Permissions', role, [
      ...statements,
      new iam.PolicyStatement({
        sid: 'WriteLogs',
        actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        resources: [logGroup.logGroupArn],
      }),
      ...(options.vpc ? networkStatements(scope) : []),
      ...(tracing ? [traceStatement()] : []),
    ]),
  );
  return bundled;
}

/** X-Ray does not support resource-level permissions for these actions. */
function traceStatement(): iam.PolicyStatement {
  return new iam.PolicyStatement({
    sid: 'WriteTraces',
    actions: ['xray:PutTelemetryRecords', 'xray:PutTraceSegments'],
    resources: ['*'],
  });
}

/**
 * What Lambda needs to reach a VPC. The condition withholds the permissions from the code of the function.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
 */
function networkStatements(scope: Construct): iam.PolicyStatement[] {
  const conditions = { Null: { 'lambda:SourceFunctionArn': 'true' } };
  return [
    new iam.PolicyStatement({
      sid: 'ManageInterfaces',
      actions: [
        'ec2:AssignPrivateIpAddresses',
        'ec2:CreateNetworkInterface',
        'ec2:DeleteNetworkInterface',
        'ec2:UnassignPrivateIpAddresses',
      ],
      resources: ['network-interface', 'security-group', 'subnet'].map((resource) =>
        Stack.of(scope).formatArn({
          service: 'ec2',
          resource,
          resourceName: '*',
          arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
        }),
      ),
      conditions,
    }),
    // These actions do not support resource-level permissions.
    new iam.PolicyStatement({
      sid: 'DescribeNetwork',
      actions: ['ec2:DescribeNetworkInterfaces', 'ec2:DescribeSubnets'],
      resources: ['*'],
      conditions,
    }),
  ];
}
