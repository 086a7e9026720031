import { join } from 'node:path';
import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';

export interface BundledFunctionProps extends lambda.FunctionOptions {
  /** The folder in lambda/dist that holds the code. */
  readonly bundle: string;
  /** All that the function does but writing its logs. */
  readonly statements: readonly iam.PolicyStatement[];
  readonly logRetention?: logs.RetentionDays;
}

/** A Lambda function whose code ships with this package, with its log group and its role, all of them children of the scope. */
export function bundledFunction(scope: Construct, { bundle, statements, logRetention, ...options }: BundledFunctionProps): lambda.Function {
  const logGroup = new logs.LogGroup(scope, 'LogGroup', {
    retention: logRetention ?? logs.RetentionDays.ONE_MONTH,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  const log = new iam.PolicyStatement({ actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], resources: [logGroup.logGroupArn] });
  const role = new iam.Role(scope, 'Role', {
    assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
    inlinePolicies: { Rights: new iam.PolicyDocument({ statements: [...statements, log] }) },
  });
  return new lambda.Function(scope, 'Function', {
    ...options,
    // Pinned: CDK's "latest" would change the runtime with the user's CDK version.
    runtime: lambda.Runtime.NODEJS_24_X,
    architecture: lambda.Architecture.ARM_64,
    code: lambda.Code.fromAsset(join(__dirname, '..', '..', 'lambda', 'dist', bundle)),
    handler: 'index.handler',
    role,
    memorySize: options.memorySize ?? 256,
    timeout: options.timeout ?? Duration.seconds(30),
    logGroup,
    loggingFormat: lambda.LoggingFormat.JSON,
  });
}
