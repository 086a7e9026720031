import { App, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import { Tracing } from 'aws-cdk-lib/aws-lambda';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import type { AsyncInferenceCallbackProps, AsyncInferenceEndpointProps, AsyncInferenceInvokerOptions } from '../../lib';
import {
  AsyncInferenceCallback,
  AsyncInferenceInvoker,
  AsyncInferenceMonitoring,
  AsyncInferenceRequestQueue,
  AsyncInferenceResultEvents,
  AsyncInferenceResultQueue,
  InferenceModel,
  InputPolicy,
  InvokeAsyncInference,
  ModelData,
} from '../../lib';
import { ENV, anEndpoint, anImage } from './stacks';

/** What the parts of a showcase are made with. */
interface Choices {
  readonly endpoint?: Partial<AsyncInferenceEndpointProps>;
  readonly invoker?: AsyncInferenceInvokerOptions;
  readonly queueKey?: kms.IKey;
  readonly callback?: AsyncInferenceCallbackProps;
  readonly alarmTopic?: sns.ITopic;
  readonly inputBucket?: s3.IBucket;
}

export type Showcase = ReturnType<typeof showcase>;

/** Everything that this package defines, each with no more than it requires. */
export const plainShowcase = () => showcase(() => ({}));

/** Everything that this package defines, each with all that makes it stricter: customer keys, networks, logs, limits. */
export const strictShowcase = (prepare?: (app: App) => void) =>
  showcase((stack) => strict(stack, (id) => new kms.Key(stack, id, { enableKeyRotation: true })), prepare);

/** The same, with keys that leave nothing to IAM: they name each of their users. */
export const strictShowcaseWithClosedKeys = () =>
  showcase((stack) =>
    strict(
      stack,
      (id) =>
        new kms.Key(stack, id, {
          policy: new iam.PolicyDocument({
            statements: [
              new iam.PolicyStatement({
                actions: ['kms:*'],
                resources: ['*'],
                principals: [new iam.ArnPrincipal(`arn:aws:iam::${ENV.account}:role/Admin`)],
              }),
            ],
          }),
        }),
    ),
  );

/** The same, with keys that are defined elsewhere and leave all to IAM. */
export const strictShowcaseWithForeignKeys = () =>
  showcase((stack) => strict(stack, (id) => kms.Key.fromKeyArn(stack, id, foreignKey(id))));

/** The name that the endpoint of a showcase generates, which its log group must have. */
const ENDPOINT_NAME = anEndpoint(new Stack(new App(), 'Stack', { env: ENV })).endpointName;

export const foreignKey = (id: string) => `arn:aws:kms:${ENV.region}:${ENV.account}:key/${id}`;

/** @param prepare what happens to the app before anything is defined in it */
function showcase(choose: (stack: Stack) => Choices, prepare?: (app: App) => void) {
  const app = new App();
  prepare?.(app);
  const stack = new Stack(app, 'Stack', { env: ENV });
  const { queueKey: encryptionKey, alarmTopic, ...choices } = choose(stack);
  const endpoint = anEndpoint(stack, { invokerOptions: choices.invoker, ...choices.endpoint });
  const archivist = new AsyncInferenceInvoker(stack, 'Archivist', {
    ...choices.invoker,
    endpoint,
    inputPolicy: InputPolicy.alwaysS3({ bucket: choices.inputBucket }),
  });
  const requests = new AsyncInferenceRequestQueue(stack, 'Requests', {
    endpoint,
    expectedProcessingTime: Duration.seconds(10),
    encryptionKey,
    invokerOptions: choices.invoker,
  });
  const results = new AsyncInferenceResultQueue(stack, 'Results', { endpoints: [endpoint], encryptionKey });
  const pipe = new AsyncInferenceResultEvents(stack, 'Pipe', { endpoints: [endpoint], encryptionKey });
  const callback = new AsyncInferenceCallback(stack, 'Callback', choices.callback);
  const workflow = new sfn.StateMachine(stack, 'Workflow', {
    queryLanguage: sfn.QueryLanguage.JSONATA,
    definitionBody: sfn.DefinitionBody.fromChainable(
      InvokeAsyncInference.jsonata(stack, 'Ask', {
        endpoint,
        callback,
        integrationPattern: sfn.IntegrationPattern.WAIT_FOR_TASK_TOKEN,
        body: sfn.TaskInput.fromText('{% $states.input %}'),
      }),
    ),
  });
  callback.addStateMachine(workflow);
  const monitoring = new AsyncInferenceMonitoring(stack, 'Monitoring', { endpoints: [endpoint], alarmTopic });
  if (alarmTopic) {
    const { backPressureAlarm, idleFleetAlarm } = requests;
    [requests, results, pipe.results, callback.results]
      .flatMap(({ deadLetterAlarm, ageAlarm }) => [deadLetterAlarm, ageAlarm])
      .concat(backPressureAlarm, idleFleetAlarm)
      .forEach((alarm) => alarm.addAlarmAction(new SnsAction(alarmTopic)));
  }
  const client = new iam.Role(stack, 'Client', { assumedBy: new iam.ServicePrincipal('ec2.amazonaws.com') });
  endpoint.grants.invokeAsync(client);
  endpoint.grants.readResults(client);
  requests.grantSendMessages(client);
  return { stack, endpoint, archivist, requests, results, pipe, callback, workflow, monitoring, client };
}

function strict(stack: Stack, key: (id: string) => kms.IKey): Choices {
  const encryptionKey = key('Key');
  const queueKey = key('QueueKey');
  const logKey = key('LogKey');
  const logGroup = (id: string, logGroupName?: string) =>
    new LogGroup(stack, id, { logGroupName, encryptionKey: logKey, retention: RetentionDays.ONE_YEAR });
  const vpc = ec2.Vpc.fromVpcAttributes(stack, 'Vpc', {
    vpcId: 'vpc-11111111',
    availabilityZones: ['eu-west-1a', 'eu-west-1b'],
    privateSubnetIds: ['subnet-11111111', 'subnet-22222222'],
  });
  const bucket = (id: string, bucketKey: kms.IKey) =>
    new s3.Bucket(stack, id, {
      encryptionKey: bucketKey,
      enforceSSL: true,
      versioned: true,
      blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
      serverAccessLogsBucket: s3.Bucket.fromBucketName(stack, `${id}Logs`, 'logs'),
      removalPolicy: RemovalPolicy.RETAIN,
    });
  const invoker: AsyncInferenceInvokerOptions = {
    vpc,
    reservedConcurrentExecutions: 10,
    tracing: Tracing.ACTIVE,
    environmentEncryption: encryptionKey,
    logGroup: logGroup('InvokerLogs'),
    onFailure: new SqsDestination(new sqs.Queue(stack, 'Failures', { enforceSSL: true })),
  };
  return {
    endpoint: {
      model: InferenceModel.fromContainer({
        image: anImage(),
        modelData: ModelData.fromPrefix(bucket('Models', key('ModelKey')), 'v1'),
      }),
      outputBucket: bucket('Output', encryptionKey),
      outputEncryptionKey: encryptionKey,
      volumeEncryptionKey: key('VolumeKey'),
      vpc,
      enableNetworkIsolation: true,
      logGroup: logGroup('Logs', `/aws/sagemaker/Endpoints/${ENDPOINT_NAME}`),
      rollbackAlarms: [
        Alarm.fromAlarmArn(stack, 'Alarm', `arn:aws:cloudwatch:${ENV.region}:${ENV.account}:alarm:quality`),
      ],
    },
    invoker,
    queueKey,
    callback: {
      encryptionKey: queueKey,
      vpc,
      starterLogGroup: logGroup('StarterLogs'),
      resultLogGroup: logGroup('ResultLogs'),
    },
    alarmTopic: new sns.Topic(stack, 'Alarms', { masterKey: encryptionKey, enforceSSL: true }),
    inputBucket: bucket('Inputs', key('InputKey')),
  };
}
