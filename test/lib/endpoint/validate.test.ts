import { App, CfnParameter, Duration, Fn, NestedStack, Size, Stack, Token } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sns from 'aws-cdk-lib/aws-sns';
import {
  AsyncInferenceCallback,
  AsyncInferenceRequestQueue,
  AsyncInferenceResultQueue,
  ContainerImage,
  InferenceModel,
  InputPolicy,
  InstanceType,
  ModelData,
} from '../../../lib';
import { ENV, aStack, anEndpoint, anImage, only } from '../../../tools/showcase/stacks';

test('an execution role of another account is an error', () => {
  const stack = aStack({ env: ENV });
  const executionRole = iam.Role.fromRoleArn(stack, 'Role', 'arn:aws:iam::999999999999:role/other');
  expect(() => anEndpoint(stack, { executionRole })).toThrow(
    `executionRole must belong to the account of the endpoint ${ENV.account}, got 999999999999`,
  );
});

test('a log group with another name than the one that SageMaker writes to is an error', () => {
  const stack = aStack();
  const logGroup = logs.LogGroup.fromLogGroupName(stack, 'Logs', 'mine');
  expect(() => anEndpoint(stack, { endpointName: 'languages', logGroup })).toThrow(
    'logGroup must have the name /aws/sagemaker/Endpoints/languages, because SageMaker writes to no other log group, got mine',
  );
});

test.each<[string | undefined, string]>([
  ['mine', 'mine'],
  [undefined, 'a name that CloudFormation chooses'],
])('a log group of the app with the name %p is an error as well', (logGroupName, got) => {
  const stack = aStack();
  const logGroup = new logs.LogGroup(stack, 'Logs', { logGroupName });
  expect(() => anEndpoint(stack, { endpointName: 'languages', logGroup })).toThrow(
    `logGroup must have the name /aws/sagemaker/Endpoints/languages, because SageMaker writes to no other log group, got ${got}`,
  );
});

test('errors of the model and its image come together with those of the other props', () => {
  const stack = aStack({ env: ENV });
  const bucket = s3.Bucket.fromBucketAttributes(stack, 'Models', { bucketName: 'models', region: 'us-east-1' });
  const model = InferenceModel.fromContainer({
    image: ContainerImage.fromUri(`${ENV.account}.dkr.ecr.us-east-1.amazonaws.com/models:1.0`),
    modelData: ModelData.fromBucket(bucket, 'v1/model.tar.gz'),
    environment: { TOKEN: process.env.NOT_SET! },
  });
  const message =
    /^(Stack\/Endpoint:)\n {2}- (endpointName .*)\n {2}- (the value .*)\n {2}- (invokerOptions: .*)\n {2}- (.*)\n {2}- (.*)$/;
  expect(() => anEndpoint(stack, { endpointName: 'a_b', model, invokerOptions: { memorySize: 1 } })).toThrow(message);
  const pool = { instanceType: InstanceType.M5_2XLARGE, model };
  expect(() => anEndpoint(stack, { instancePools: [pool] }, 'Other')).toThrow(
    /the value[^]*the image must be in the region[^]*bucket of the model data must be in the region/,
  );
});

test.each([
  [{ model: undefined }, 'model must be an InferenceModel, .* got undefined'],
  [{ model: 'languages' }, 'model must be an InferenceModel, .* got string'],
  [{ instanceType: undefined }, 'instanceType must be an InstanceType of this library, .* got undefined'],
  [{ instanceType: 'ml.m5.xlarge' }, 'instanceType must be an InstanceType of this library, .* got string'],
  [
    { instanceType: ec2.InstanceType.of(ec2.InstanceClass.M5, ec2.InstanceSize.XLARGE) },
    'instanceType must be an InstanceType of this library, .* got object',
  ],
  [
    { instancePools: [{ instanceType: 'ml.m5.2xlarge' }] },
    'instanceType of instancePools must be an InstanceType of this library, .* got string',
  ],
])('%o, which the compiler does not accept, is an error with its name', (props, message) => {
  expect(() => anEndpoint(aStack(), props as never)).toThrow(new RegExp(`Stack/Endpoint: ${message}`));
});

test('what is missing, what the resources of other props refuse and what is out of bounds come in one message', () => {
  const stack = aStack({ env: ENV });
  const alarms = Array.from({ length: 11 }, (_, index) =>
    cloudwatch.Alarm.fromAlarmArn(stack, `${index}`, `arn:aws:cloudwatch:${ENV.region}:${ENV.account}:alarm:${index}`),
  );
  const role = iam.Role.fromRoleArn(stack, 'Role', 'arn:aws:iam::999999999999:role/other');
  const vpc = new ec2.Vpc(stack, 'Vpc', { maxAzs: 2 });
  const isolated = { subnetType: ec2.SubnetType.PRIVATE_ISOLATED };
  const props = {
    model: undefined,
    instanceType: undefined,
    endpointName: 'a_b',
    rollbackAlarms: alarms,
    vpc,
    vpcSubnets: isolated,
    invokerOptions: { role, vpc, vpcSubnets: isolated, memorySize: 1 },
  };
  const parts = [
    'Stack/Endpoint:',
    'model must be .*',
    'instanceType must be .*',
    'endpointName must be .*',
    'rollbackAlarms must have at most 10 alarms, got 11',
    "vpcSubnets selects no subnet of Stack/Vpc: There are no 'Isolated' subnet groups in this VPC. .*",
    'invokerOptions: memorySize must be .*',
    "invokerOptions: vpcSubnets selects no subnet of Stack/Vpc: There are no 'Isolated' subnet groups in this VPC. .*",
    `invokerOptions: role must belong to the account of the endpoint ${ENV.account}, got 999999999999`,
  ];
  expect(() => anEndpoint(stack, props as never)).toThrow(new RegExp(`^${parts.join('\\n  - ')}$`));
});

test('a prop that is null is as absent as one that is undefined', () => {
  expect(() => anEndpoint(aStack(), { outputEncryptionKey: null, outputBucket: null } as never)).not.toThrow();
});

test('a selection without subnets is an error', () => {
  const stack = aStack();
  const vpc = ec2.Vpc.fromVpcAttributes(stack, 'Vpc', {
    vpcId: 'vpc-1',
    availabilityZones: ['a', 'b'],
    privateSubnetIds: ['1', '2'],
  });
  expect(() => anEndpoint(stack, { vpc, vpcSubnets: { subnets: [] } })).toThrow(
    'vpcSubnets selects no subnet of Stack/Vpc',
  );
});

test('subnets of a VPC that CDK looks up are no error before the lookup', () => {
  const stack = aStack({ env: ENV });
  const vpc = ec2.Vpc.fromLookup(stack, 'Vpc', { vpcId: 'vpc-1' });
  const vpcSubnets = { subnetFilters: [ec2.SubnetFilter.byIds(['subnet-1', 'subnet-2'])] };
  anEndpoint(stack, { vpc, vpcSubnets, invokerOptions: { vpc, vpcSubnets } });
  const { manifest } = (stack.node.root as App).synth();
  expect(manifest.missing).toHaveLength(1);
});

test('instance pools of one type are an error, also with models of their own', () => {
  const model = InferenceModel.fromContainer({ image: anImage() });
  const pool = { instanceType: InstanceType.G5_XLARGE, model };
  expect(() => anEndpoint(aStack(), { instancePools: [pool, pool] })).toThrow(
    'instanceType and instancePools must differ, got ml.m5.xlarge, ml.g5.xlarge, ml.g5.xlarge',
  );
});

test('a rollback alarm of another region is an error, and one that is given or imported twice counts once', () => {
  const stack = aStack({ env: ENV });
  const alarm = (id: string, region: string) =>
    cloudwatch.Alarm.fromAlarmArn(stack, id, `arn:aws:cloudwatch:${region}:${ENV.account}:alarm:quality`);
  const near = alarm('Near', ENV.region);
  anEndpoint(stack, { rollbackAlarms: [near, near, alarm('Again', ENV.region)] });
  expect(only(stack, 'AWS::SageMaker::Endpoint').Properties.DeploymentConfig).toMatchObject({
    AutoRollbackConfiguration: { Alarms: [{ AlarmName: 'quality' }] },
  });
  expect(() => anEndpoint(stack, { rollbackAlarms: [alarm('Far', 'us-east-1')] }, 'Other')).toThrow(
    'the rollback alarm Stack/Far must be in the region of the endpoint, eu-west-1, got us-east-1',
  );
});

test('a list of subnets that is only known at deployment is an error', () => {
  const stack = aStack();
  const subnetIds = Token.asList(new CfnParameter(stack, 'Subnets', { type: 'CommaDelimitedList' }).value);
  const vpc = ec2.Vpc.fromVpcAttributes(stack, 'Vpc', {
    vpcId: 'vpc-1',
    availabilityZones: Token.asList(Fn.getAzs()),
    privateSubnetIds: subnetIds,
  });
  expect(() => anEndpoint(stack, { vpc })).toThrow('vpcSubnets is a list that is only known at deployment');
});

test('a volume size that is a token of another unit than gibibytes is an error', () => {
  const stack = aStack();
  const tebibytes = new CfnParameter(stack, 'Tebibytes', { type: 'Number' }).valueAsNumber;
  expect(() => anEndpoint(stack, { volumeSize: Size.tebibytes(tebibytes) })).toThrow(
    'volumeSize is a token that cannot be converted: use Size.gibibytes(...)',
  );
});

describe('what is known of other resources at synth', () => {
  const elsewhere = { region: 'us-east-1', account: ENV.account };

  test('resources of another region are errors, all at once', () => {
    const stack = aStack({ env: ENV });
    const topic = sns.Topic.fromTopicArn(stack, 'Topic', `arn:aws:sns:us-east-1:${ENV.account}:topic`);
    const key = kms.Key.fromKeyArn(stack, 'Key', `arn:aws:kms:us-east-1:${ENV.account}:key/1`);
    const props = {
      outputBucket: s3.Bucket.fromBucketAttributes(stack, 'Bucket', { bucketName: 'results', ...elsewhere }),
      successTopic: topic,
      errorTopic: topic,
      outputEncryptionKey: key,
      volumeEncryptionKey: key,
    };
    expect(() => anEndpoint(stack, props)).toThrow(
      new RegExp(
        Object.keys(props)
          .map((prop) => `${prop} must be in the region of the endpoint, eu-west-1, got us-east-1`)
          .join('[^]*'),
      ),
    );
  });

  test('two endpoints of one name in a stack are an error, whatever the case', () => {
    const stack = aStack();
    anEndpoint(stack, { endpointName: 'languages' }, 'One');
    expect(() => anEndpoint(stack, { endpointName: 'Languages' }, 'Two')).toThrow(
      "Stack/Two: endpointName must be unique regardless of case, and Stack/One has the name 'Languages' as well",
    );
  });

  test('so are two of one name in a stack without an environment and a nested stack of it', () => {
    const stack = aStack();
    anEndpoint(stack, { endpointName: 'languages' });
    expect(() => anEndpoint(new NestedStack(stack, 'Inner'), { endpointName: 'languages' })).toThrow(
      "endpointName must be unique regardless of case, and Stack/Endpoint has the name 'languages' as well",
    );
  });

  test('two endpoints of one name in two stacks of one environment are an error, and in two environments they are none', () => {
    const app = new App();
    const stacks = (...regions: (string | undefined)[]) =>
      regions.map((region, index) => new Stack(app, `${region}${index}`, { env: region ? { ...ENV, region } : {} }));
    const [one, two, three, four, five] = stacks('eu-west-1', 'eu-west-1', 'us-east-1', undefined, undefined);
    for (const stack of [one, three, four, five]) anEndpoint(stack!, { endpointName: 'languages' });
    expect(() => anEndpoint(two!, { endpointName: 'languages' })).toThrow(
      "endpointName must be unique regardless of case, and eu-west-10/Endpoint has the name 'languages' as well",
    );
  });

  test('what an invoker uses in another region is an error, all at once', () => {
    const stack = aStack({ env: ENV });
    const encryptionKey = kms.Key.fromKeyArn(stack, 'Key', `arn:aws:kms:us-east-1:${ENV.account}:key/1`);
    const bucket = s3.Bucket.fromBucketAttributes(stack, 'Bucket', { bucketName: 'inputs', ...elsewhere });
    const invokerOptions = {
      environmentEncryption: encryptionKey,
      inputPolicy: InputPolicy.bySize({ bucket }),
      readableInputLocations: [{ bucket, prefix: 'former', encryptionKey }],
    };
    expect(() => anEndpoint(stack, { invokerOptions })).toThrow(
      new RegExp(
        [
          'environmentEncryption',
          'inputPolicy: bucket',
          'readableInputLocations: bucket',
          'readableInputLocations: encryptionKey',
        ]
          .map((prop) => `invokerOptions: ${prop} must be in the region of the endpoint, eu-west-1, got us-east-1`)
          .join('[^]*'),
      ),
    );
  });

  test('queues and callbacks need keys of their region', () => {
    const stack = aStack({ env: ENV });
    const endpoint = anEndpoint(stack);
    const encryptionKey = kms.Key.fromKeyArn(stack, 'Key', `arn:aws:kms:us-east-1:${ENV.account}:key/1`);
    const message = 'encryptionKey must be in the region of the endpoint, eu-west-1, got us-east-1';
    const expectedProcessingTime = Duration.seconds(10);
    expect(
      () => new AsyncInferenceRequestQueue(stack, 'Requests', { endpoint, expectedProcessingTime, encryptionKey }),
    ).toThrow(message);
    expect(() => new AsyncInferenceResultQueue(stack, 'Results', { encryptionKey })).toThrow(message);
    expect(() => new AsyncInferenceCallback(stack, 'Callback', { encryptionKey })).toThrow(message);
  });

  test('a key that is not symmetric is an error', () => {
    const stack = aStack();
    const outputEncryptionKey = new kms.Key(stack, 'Key', { keySpec: kms.KeySpec.RSA_2048 });
    expect(() => anEndpoint(stack, { outputEncryptionKey })).toThrow(
      'outputEncryptionKey must be a symmetric key, got the key spec RSA_2048',
    );
  });
});
