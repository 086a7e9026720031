import { CfnParameter, Fn, Size, Token } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sns from 'aws-cdk-lib/aws-sns';
import { ENV, aStack, anEndpoint } from '../../../tools/showcase/stacks';

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

  test('a key that is not symmetric is an error', () => {
    const stack = aStack();
    const outputEncryptionKey = new kms.Key(stack, 'Key', { keySpec: kms.KeySpec.RSA_2048 });
    expect(() => anEndpoint(stack, { outputEncryptionKey })).toThrow(
      'outputEncryptionKey must be a symmetric key, got the key spec RSA_2048',
    );
  });
});
