import { join } from 'node:path';
import { ArnFormat, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { BoundPolicy } from './bound-policy';

export interface BundledFunctionProps extends lambda.FunctionOptions {
  /** The archive in lambda/dist that holds the code. */
  readonly bundle: string;
  /** All that the function's code does but writing its logs. */
  readonly statements: readonly iam.PolicyStatement[];
  readonly logRetention?: logs.RetentionDays;
}

/** A Lambda function whose code ships with this package, with its log group and its role, all of them children of the scope. */
export function bundledFunction(scope: Construct, props: BundledFunctionProps): lambda.Function {
  const { bundle, statements, logRetention, role: given, tracing, ...options } = props;
  const logGroup = new logs.LogGroup(scope, 'LogGroup', {
    retention: logRetention ?? logs.RetentionDays.ONE_MONTH,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  const rights = [
    ...statements,
    new iam.PolicyStatement({
      actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      resources: [logGroup.logGroupArn],
    }),
    ...(options.vpc ? networkStatements(scope) : []),
    // IAM knows no resource for these.
    ...(tracing
      ? [new iam.PolicyStatement({ actions: ['xray:PutTelemetryRecords', 'xray:PutTraceSegments'], resources: ['*'] })]
      : []),
  ];
  const bundled = new lambda.Function(scope, 'Function', {
    ...options,
    // Pinned: CDK's "latest" would change the runtime with the user's CDK version.
    runtime: lambda.Runtime.NODEJS_24_X,
    architecture: options.architecture ?? lambda.Architecture.ARM_64,
    code: lambda.Code.fromAsset(join(__dirname, '..', '..', 'lambda', 'dist', `${bundle}.zip`)),
    handler: 'index.handler',
    role:
      given ??
      new iam.Role(scope, 'Role', {
        assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
        inlinePolicies: { Rights: new iam.PolicyDocument({ statements: rights }) },
      }),
    memorySize: options.memorySize ?? 256,
    timeout: options.timeout ?? Duration.seconds(30),
    logGroup,
    loggingFormat: lambda.LoggingFormat.JSON,
  });
  // By the function's own prop, CDK would give a policy of its own to the role, and nothing to one that takes none.
  if (tracing) (bundled.node.defaultChild as lambda.CfnFunction).tracingConfig = { mode: tracing };
  // Lambda tries the role's rights on the network while it creates the function.
  if (given) bundled.node.addDependency(new BoundPolicy(scope, 'Rights', given, rights));
  return bundled;
}

/**
 * What Lambda does as the function's role to reach a VPC, withheld from the code of the function.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
 */
function networkStatements(scope: Construct): iam.PolicyStatement[] {
  const conditions = { Null: { 'lambda:SourceFunctionArn': 'true' } };
  return [
    new iam.PolicyStatement({
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
    // IAM knows no resource for these.
    new iam.PolicyStatement({
      actions: ['ec2:DescribeNetworkInterfaces', 'ec2:DescribeSubnets'],
      resources: ['*'],
      conditions,
    }),
  ];
}
