import { join } from 'node:path';
import { Aws, CfnDeletionPolicy, RemovalPolicy } from 'aws-cdk-lib';
import { CfnScalableTarget, CfnScalingPolicy } from 'aws-cdk-lib/aws-applicationautoscaling';
import { CfnAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import { CfnManagedPolicy, CfnRole } from 'aws-cdk-lib/aws-iam';
import { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnLogGroup } from 'aws-cdk-lib/aws-logs';
import { CfnBucket, CfnBucketPolicy } from 'aws-cdk-lib/aws-s3';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import { CfnEndpoint, CfnEndpointConfig, CfnModel } from 'aws-cdk-lib/aws-sagemaker';
import { CfnTopic, CfnTopicPolicy } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { trackedDemand, wakeDemand } from '../lib/scaling/demand';

const arn = (service: string, resource: string, region: string = Aws.REGION) =>
  `arn:${Aws.PARTITION}:${service}:${region}:${Aws.ACCOUNT_ID}:${resource}`;
const policy = (...Statement: object[]) => ({ Version: '2012-10-17', Statement });
const trust = (Service: string, more: object = {}) =>
  policy({ Action: 'sts:AssumeRole', Effect: 'Allow', Principal: { Service }, ...more });
const allow = (Action: string | string[], Resource: unknown, more: object = {}) => ({
  Action,
  Effect: 'Allow',
  Resource,
  ...more,
});
/** Metrics of an endpoint by their names in an expression, and the expression. */
const queries = <P extends object>(
  endpointName: string,
  metrics: Readonly<Record<string, string>>,
  expression: string,
  period: P,
) => [
  ...Object.entries(metrics).map(([id, metricName]) => ({
    id,
    metricStat: {
      metric: {
        dimensions: [{ name: 'EndpointName', value: endpointName }],
        metricName,
        namespace: 'AWS/SageMaker',
      },
      stat: id === 'age' ? 'Maximum' : 'Average',
      ...period,
    },
    returnData: false,
  })),
  { id: 'value', expression, returnData: true },
];
const OVER_TLS_ONLY = { Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } };

/** The resources of a default endpoint, as one writes them who has the L1 constructs alone. */
export class HandWrittenEndpoint extends Construct {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    const endpointName = `hand-written-${id.toLowerCase()}`;
    const bucket = new CfnBucket(this, 'Bucket', {
      bucketEncryption: {
        serverSideEncryptionConfiguration: [{ serverSideEncryptionByDefault: { sseAlgorithm: 'AES256' } }],
      },
      lifecycleConfiguration: {
        rules: [{ abortIncompleteMultipartUpload: { daysAfterInitiation: 1 }, status: 'Enabled' }],
      },
      publicAccessBlockConfiguration: {
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      },
    });
    bucket.applyRemovalPolicy(RemovalPolicy.RETAIN);
    const bucketPolicy = new CfnBucketPolicy(this, 'BucketPolicy', {
      bucket: bucket.ref,
      policyDocument: policy({
        ...OVER_TLS_ONLY,
        Action: 's3:*',
        Principal: { AWS: '*' },
        Resource: [bucket.attrArn, `${bucket.attrArn}/*`],
      }),
    });
    bucketPolicy.applyRemovalPolicy(RemovalPolicy.RETAIN);

    const [success, error] = ['Success', 'Error'].map((outcome) => {
      const topic = new CfnTopic(this, `${outcome}Topic`, { kmsMasterKeyId: arn('kms', 'alias/aws/sns') });
      new CfnTopicPolicy(this, `${outcome}TopicPolicy`, {
        topics: [topic.ref],
        policyDocument: policy({
          ...OVER_TLS_ONLY,
          Action: 'sns:Publish',
          Principal: '*',
          Resource: topic.ref,
          Sid: 'AllowPublishThroughSSLOnly',
        }),
      });
      return topic.ref;
    });

    const logs = new CfnLogGroup(this, 'Logs', {
      logGroupName: `/aws/sagemaker/Endpoints/${endpointName}`,
      retentionInDays: 30,
    });
    logs.applyRemovalPolicy(RemovalPolicy.DESTROY);
    const role = new CfnRole(this, 'Role', {
      assumeRolePolicyDocument: trust('sagemaker.amazonaws.com', {
        Condition: {
          StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID },
          ArnLike: { 'aws:SourceArn': arn('sagemaker', '*') },
        },
      }),
    });
    const permissions = new CfnManagedPolicy(this, 'Permissions', {
      description: `${this.node.path} 1`,
      path: '/',
      roles: [role.ref],
      policyDocument: policy(
        allow(
          ['s3:AbortMultipartUpload', 's3:PutObject'],
          [`${bucket.attrArn}/output/*`, `${bucket.attrArn}/failure/*`],
          { Sid: 'WriteResults' },
        ),
        allow('s3:ListBucket', bucket.attrArn, { Sid: 'ListOutputBucket' }),
        allow('sns:Publish', [success, error], { Sid: 'NotifyOfResults' }),
        allow(
          ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:PutLogEvents'],
          [arn('logs', `log-group:/aws/sagemaker/Endpoints/${endpointName}`), logs.attrArn],
          { Sid: 'WriteLogs' },
        ),
        allow('cloudwatch:PutMetricData', '*', {
          Sid: 'PutMetrics',
          Condition: { StringEquals: { 'cloudwatch:namespace': ['/aws/sagemaker/Endpoints', 'AWS/SageMaker'] } },
        }),
        allow(
          ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
          `arn:${Aws.PARTITION}:ecr:${Aws.REGION}:763104351884:repository/djl-inference`,
          { Sid: 'PullImage' },
        ),
        allow('ecr:GetAuthorizationToken', '*', { Sid: 'LogInToRegistry' }),
      ),
    });
    permissions.cfnOptions.updateReplacePolicy = CfnDeletionPolicy.DELETE;

    const model = new CfnModel(this, 'Model', {
      executionRoleArn: role.attrArn,
      primaryContainer: { image: `763104351884.dkr.ecr.${Aws.REGION}.${Aws.URL_SUFFIX}/djl-inference:1.0` },
    });
    const config = new CfnEndpointConfig(this, 'Config', {
      asyncInferenceConfig: {
        outputConfig: {
          notificationConfig: { successTopic: success, errorTopic: error },
          s3OutputPath: `s3://${bucket.ref}/output`,
          s3FailurePath: `s3://${bucket.ref}/failure`,
        },
      },
      productionVariants: [
        {
          initialInstanceCount: 1,
          initialVariantWeight: 1,
          instanceType: 'ml.m5.xlarge',
          modelName: model.attrModelName,
          variantName: 'AllTraffic',
        },
      ],
    });
    const endpoint = new CfnEndpoint(this, 'Endpoint', {
      endpointConfigName: config.attrEndpointConfigName,
      endpointName,
    });
    for (const dependent of [model, endpoint]) {
      for (const dependency of [role, permissions]) dependent.addDependency(dependency);
    }
    endpoint.addDependency(logs);

    const target = new CfnScalableTarget(this, 'Target', {
      minCapacity: 0,
      maxCapacity: 1,
      resourceId: `endpoint/${endpointName}/variant/AllTraffic`,
      roleArn: arn(
        'iam',
        'role/aws-service-role/sagemaker.application-autoscaling.amazonaws.com/' +
          'AWSServiceRoleForApplicationAutoScaling_SageMakerEndpoint',
        '',
      ),
      scalableDimension: 'sagemaker:variant:DesiredInstanceCount',
      serviceNamespace: 'sagemaker',
    });
    target.addDependency(endpoint);
    new CfnScalingPolicy(this, 'Demand', {
      policyName: `${id}Demand`,
      policyType: 'TargetTrackingScaling',
      scalingTargetId: target.ref,
      targetTrackingScalingPolicyConfiguration: {
        customizedMetricSpecification: {
          metrics: queries(
            endpointName,
            {
              backlog: 'ApproximateBacklogSize',
              backlogPerInstance: 'ApproximateBacklogSizePerInstance',
              age: 'ApproximateAgeOfOldestRequest',
              unserved: 'HasBacklogWithoutCapacity',
            },
            trackedDemand(5, 0, 21_600),
            {},
          ),
        },
        scaleInCooldown: 900,
        scaleOutCooldown: 300,
        targetValue: 5,
      },
    });
    const wake = new CfnScalingPolicy(this, 'Wake', {
      policyName: `${id}Wake`,
      policyType: 'StepScaling',
      scalingTargetId: target.ref,
      stepScalingPolicyConfiguration: {
        adjustmentType: 'ExactCapacity',
        cooldown: 0,
        metricAggregationType: 'Maximum',
        stepAdjustments: [{ metricIntervalLowerBound: 0, scalingAdjustment: 1 }],
      },
    });
    new CfnAlarm(this, 'WakeAlarm', {
      alarmActions: [wake.ref],
      alarmDescription: `Requests wait for ${endpointName}, which has no instance: some are started`,
      comparisonOperator: 'GreaterThanOrEqualToThreshold',
      datapointsToAlarm: 2,
      evaluationPeriods: 5,
      metrics: queries(
        endpointName,
        { backlog: 'ApproximateBacklogSize', unserved: 'HasBacklogWithoutCapacity' },
        wakeDemand(0),
        { period: 60 },
      ),
      threshold: 1,
      treatMissingData: 'missing',
    });

    const invokerLogs = new CfnLogGroup(this, 'InvokerLogs', { retentionInDays: 30 });
    invokerLogs.applyRemovalPolicy(RemovalPolicy.DESTROY);
    const invokerRole = new CfnRole(this, 'InvokerRole', {
      assumeRolePolicyDocument: trust('lambda.amazonaws.com'),
    });
    const invokerPermissions = new CfnManagedPolicy(this, 'InvokerPermissions', {
      description: `${this.node.path}/Invoker 1`,
      path: '/',
      roles: [invokerRole.ref],
      policyDocument: policy(
        allow('sagemaker:InvokeEndpointAsync', arn('sagemaker', `endpoint/${endpointName}`), { Sid: 'InvokeEndpoint' }),
        allow(['logs:CreateLogStream', 'logs:PutLogEvents'], invokerLogs.attrArn, { Sid: 'WriteLogs' }),
      ),
    });
    invokerPermissions.cfnOptions.updateReplacePolicy = CfnDeletionPolicy.DELETE;
    const code = new Asset(this, 'Code', { path: join(__dirname, '../lambda/dist/invoker.zip') });
    const invoker = new CfnFunction(this, 'Invoker', {
      architectures: ['arm64'],
      code: { s3Bucket: code.s3BucketName, s3Key: code.s3ObjectKey },
      description: `Sends payloads to the asynchronous inference endpoint ${endpointName}`,
      environment: {
        variables: {
          ENDPOINT_NAME: endpointName,
          DEFAULT_CONTENT_TYPE: 'application/json',
          DEFAULT_REQUEST_TTL_SECONDS: '21600',
          DEFAULT_INVOCATION_TIMEOUT_SECONDS: '900',
        },
      },
      handler: 'index.handler',
      loggingConfig: { logFormat: 'JSON', logGroup: invokerLogs.ref },
      memorySize: 256,
      role: invokerRole.attrArn,
      runtime: 'nodejs24.x',
      timeout: 30,
    });
    for (const dependency of [endpoint, invokerRole, invokerPermissions]) invoker.addDependency(dependency);
  }
}
