import { CfnParameter, Fn, Size, Token } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as logs from 'aws-cdk-lib/aws-logs';
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
