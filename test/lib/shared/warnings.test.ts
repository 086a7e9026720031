import { CfnParameter, Duration, Size, Stack, Validations } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Repository } from 'aws-cdk-lib/aws-ecr';
import { Role } from 'aws-cdk-lib/aws-iam';
import { Alias, Key } from 'aws-cdk-lib/aws-kms';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { IntegrationPattern, TaskInput } from 'aws-cdk-lib/aws-stepfunctions';
import {
  AsyncInferenceCallback,
  AsyncInferenceEndpoint,
  AsyncInferenceInvoker,
  AsyncInferenceMonitoring,
  AsyncInferenceRequestQueue,
  AsyncInferenceResultQueue,
  ContainerImage,
  InferenceAmiVersion,
  InferenceModel,
  InputPolicy,
  InstanceType,
  InvokeAsyncInference,
  ModelData,
} from '../../../lib';
import { WARNINGS } from '../../../lib/shared/warnings';
import type { WarningId } from '../../../lib/shared/warnings';
import { ENV, aStack, anEndpoint, anImage } from '../../../tools/showcase/stacks';

const FOREIGN = '444455556666';
const IMPORTED_KEY = `arn:aws:kms:${ENV.region}:${ENV.account}:key/k`;
const foreignTopic = (stack: Stack) => Topic.fromTopicArn(stack, 'Topic', `arn:aws:sns:${ENV.region}:${FOREIGN}:t`);
const foreignBucket = (stack: Stack) =>
  Bucket.fromBucketAttributes(stack, 'Bucket', { bucketName: 'bucket', account: FOREIGN });
const serve = (stack: Stack, image: ContainerImage, modelData?: ModelData) =>
  anEndpoint(stack, { model: InferenceModel.fromContainer({ image, modelData }), createInvoker: false });

/** What raises each warning. The compiler requires a line for every ID. */
const RAISED_BY: Record<WarningId, (stack: Stack) => unknown> = {
  alarmTopicKeyPolicy: (stack) =>
    new AsyncInferenceMonitoring(stack, 'Monitoring', {
      endpoints: [anEndpoint(stack)],
      alarmTopic: new Topic(stack, 'Topic', { masterKey: Alias.fromAliasName(stack, 'Key', 'alias/aws/sns') }),
    }),
  amiProcessor: (stack) =>
    anEndpoint(stack, { inferenceAmiVersion: InferenceAmiVersion.AL2_GPU_2, createInvoker: false }),
  callbackWithoutStateMachine: (stack) =>
    InvokeAsyncInference.jsonPath(stack, 'Task', {
      endpoint: anEndpoint(stack, { createInvoker: false }),
      callback: new AsyncInferenceCallback(stack, 'Callback'),
      integrationPattern: IntegrationPattern.WAIT_FOR_TASK_TOKEN,
      body: TaskInput.fromText('x'),
    }),
  cpuImageOnAccelerator: (stack) =>
    anEndpoint(stack, {
      model: InferenceModel.fromContainer({ image: ContainerImage.fromDlc('pytorch-inference', '2.6.0-cpu-py312') }),
      instanceType: InstanceType.G6_XLARGE,
      createInvoker: false,
    }),
  demandNotCounted: (stack) =>
    new AsyncInferenceRequestQueue(stack, 'Requests', {
      endpoint: AsyncInferenceEndpoint.fromEndpointName(stack, 'Endpoint', 'languages'),
      expectedProcessingTime: Duration.seconds(10),
    }),
  endpointNameCase: (stack) =>
    AsyncInferenceEndpoint.fromEndpointName(stack, 'Endpoint', new CfnParameter(stack, 'Name').valueAsString),
  foreignErrorTopic: (stack) => anEndpoint(stack, { errorTopic: foreignTopic(stack), createInvoker: false }),
  foreignKey: (stack) =>
    anEndpoint(stack, {
      outputEncryptionKey: Key.fromKeyArn(stack, 'Key', IMPORTED_KEY.replace(ENV.account, FOREIGN)),
      createInvoker: false,
    }),
  foreignModelDataBucket: (stack) =>
    serve(stack, anImage(), ModelData.fromBucket(foreignBucket(stack), 'v1/model.tar.gz')),
  foreignOutputBucket: (stack) => anEndpoint(stack, { outputBucket: foreignBucket(stack), createInvoker: false }),
  foreignRepository: (stack) =>
    serve(
      stack,
      ContainerImage.fromEcrRepository(
        Repository.fromRepositoryArn(stack, 'Repository', `arn:aws:ecr:${ENV.region}:${FOREIGN}:repository/r`),
        '1.0',
      ),
    ),
  foreignSuccessTopic: (stack) => anEndpoint(stack, { successTopic: foreignTopic(stack), createInvoker: false }),
  imagePullNotGranted: (stack) => serve(stack, ContainerImage.fromUri('registry.example.com/models:1.0')),
  inputNotReadable: (stack) =>
    new AsyncInferenceInvoker(stack, 'Invoker', {
      endpoint: AsyncInferenceEndpoint.fromEndpointName(stack, 'Endpoint', 'languages'),
      inputPolicy: InputPolicy.bySize(),
    }),
  isolatedDownload: (stack) =>
    anEndpoint(stack, {
      model: InferenceModel.fromContainer({ image: anImage(), environment: { HF_MODEL_ID: 'owner/model' } }),
      enableNetworkIsolation: true,
      createInvoker: false,
    }),
  managedPolicyQuota: (stack) => {
    const executionRole = Role.fromRoleArn(stack, 'Shared', `arn:aws:iam::${ENV.account}:role/shared`);
    for (let number = 0; number < 10; number += 1)
      anEndpoint(stack, { executionRole, createInvoker: false }, `Endpoint${number}`);
  },
  modelDataFormat: (stack) => {
    const models = Bucket.fromBucketName(stack, 'Bucket', 'bucket');
    anEndpoint(
      stack,
      {
        model: InferenceModel.fromContainer({
          image: anImage(),
          modelData: ModelData.fromPrefix(models, 'v1/model.tar.gz'),
        }),
        createInvoker: false,
      },
      'Other',
    );
  },
  modelPackageImage: (stack) =>
    anEndpoint(stack, {
      model: InferenceModel.fromModelPackageArn(
        `arn:aws:sagemaker:${ENV.region}:${ENV.account}:model-package/languages/7`,
      ),
      createInvoker: false,
    }),
  movingImageTag: (stack) => serve(stack, anImage('latest')),
  movingModelDataKey: (stack) =>
    serve(stack, anImage(), ModelData.fromBucket(Bucket.fromBucketName(stack, 'Bucket', 'bucket'), 'model.tar.gz')),
  noModel: (stack) => serve(stack, ContainerImage.fromDlc('huggingface-pytorch-inference', '2.1-cpu')),
  nvmeVolumeKey: (stack) =>
    anEndpoint(stack, {
      instanceType: InstanceType.G5_XLARGE,
      volumeEncryptionKey: Key.fromKeyArn(stack, 'Key', IMPORTED_KEY),
      createInvoker: false,
    }),
  nvmeVolumeSize: (stack) =>
    anEndpoint(stack, {
      instanceType: InstanceType.G5_XLARGE,
      volumeSize: Size.gibibytes(100),
      createInvoker: false,
    }),
  poolProcessor: (stack) =>
    anEndpoint(stack, {
      model: InferenceModel.fromContainer({
        image: ContainerImage.fromUri(`${ENV.account}.dkr.ecr.${ENV.region}.amazonaws.com/models:1.0`),
      }),
      instancePools: [{ instanceType: InstanceType.G6_XLARGE }],
      scaling: { minCapacity: 1, maxCapacity: 1 },
      createInvoker: false,
    }),
  regionNotAnnounced: () => {
    const stack = aStack({ env: { ...ENV, region: 'me-south-1' } });
    anEndpoint(stack, { createInvoker: false });
    return stack;
  },
  requestQueueAlarmsWithoutActions: (stack) => {
    const theirs = new Stack(stack.node.root, 'Theirs', { env: ENV });
    const endpoint = anEndpoint(theirs, { endpointName: 'languages', createInvoker: false });
    const queue = new AsyncInferenceRequestQueue(theirs, 'Requests', {
      endpoint,
      expectedProcessingTime: Duration.seconds(10),
    });
    return new AsyncInferenceMonitoring(stack, 'Monitoring', {
      endpoints: [endpoint],
      requestQueues: [queue],
      alarmTopic: new Topic(stack, 'OnCall'),
    });
  },
  resultQueueKeyPolicy: (stack) =>
    new AsyncInferenceResultQueue(stack, 'Results', { encryptionKey: Key.fromKeyArn(stack, 'Key', IMPORTED_KEY) }),
  roleNotKnown: (stack) => anEndpoint(stack, { model: InferenceModel.fromModelName('existing'), createInvoker: false }),
  roleNotModifiable: (stack) =>
    anEndpoint(stack, {
      executionRole: Role.fromRoleArn(stack, 'Role', `arn:aws:iam::${ENV.account}:role/r`, { mutable: false }),
      createInvoker: false,
    }),
  scaledVariant: (stack) => anEndpoint(stack, { variantName: 'main', createInvoker: false }),
  sharedOutputPrefix: (stack) => {
    const outputBucket = Bucket.fromBucketName(stack, 'Bucket', 'bucket');
    ['One', 'Two'].forEach((id) => anEndpoint(stack, { outputBucket, outputPrefix: 'a', createInvoker: false }, id));
  },
  unknownDlcRepository: (stack) => serve(stack, ContainerImage.fromDlc('pytorch-inferenc', '2.6.0')),
  unknownInstanceType: (stack) =>
    anEndpoint(stack, { instanceType: InstanceType.of('ml.m5.xlarg'), createInvoker: false }),
  vpcWithoutRoute: (stack) => {
    const subnetConfiguration = [{ name: 'Isolated', subnetType: SubnetType.PRIVATE_ISOLATED }];
    anEndpoint(stack, { vpc: new Vpc(stack, 'Vpc', { subnetConfiguration }), createInvoker: false });
  },
};

const idOf = (id: WarningId) => `cdk-sagemaker-async-inference:${id}`;
const ROWS = Object.keys(WARNINGS) as WarningId[];

function raise(id: WarningId): Stack {
  const stack = aStack({ env: ENV });
  const other = RAISED_BY[id](stack);
  return id === 'regionNotAnnounced' ? (other as Stack) : stack;
}

function warningsOf(stack: Stack): string[] {
  return Annotations.fromStack(stack)
    .findWarning('*', Match.anyValue())
    .map(({ entry }) => entry.data as string);
}

test.each(ROWS)('the warning %s is raised, alone and with its ID', (id) => {
  const warnings = warningsOf(raise(id));
  expect(warnings.length).toBeGreaterThan(0);
  for (const warning of warnings) expect(warning).toContain(`[ack: annotation::${idOf(id)}]`);
});

test.each(ROWS)(
  'the warning %s is silent once it is acknowledged by its ID, as printed or without the prefix of CDK',
  (id) => {
    for (const printed of [idOf(id), `annotation::${idOf(id)}`]) {
      const stack = raise(id);
      Validations.of(stack).acknowledge({ id: printed, reason: 'tested' });
      expect(warningsOf(stack)).toEqual([]);
    }
  },
);

test.each(ROWS)('the warning %s has a cause and an advice, each in full sentences', (id) => {
  const { cause, advice } = WARNINGS[id];
  for (const text of [cause, advice]) expect(text).toMatch(/^[A-Z][^]*\.$/);
});

test('a warning is acknowledged in a part of the app, and stays in the others', () => {
  const stack = aStack({ env: ENV });
  const endpoints = ['One', 'Two'].map((id) =>
    anEndpoint(stack, { model: InferenceModel.fromContainer({ image: anImage('latest') }), createInvoker: false }, id),
  );
  Validations.of(endpoints[0]!).acknowledge({ id: idOf('movingImageTag'), reason: 'tested' });
  Annotations.fromStack(stack).hasNoWarning('/Stack/One/Model', Match.anyValue());
  expect(warningsOf(stack)).toHaveLength(1);
});
