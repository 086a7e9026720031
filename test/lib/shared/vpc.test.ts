import { Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import {
  GatewayVpcEndpointAwsService,
  InterfaceVpcEndpoint,
  InterfaceVpcEndpointAwsService,
  SubnetType,
  Vpc,
} from 'aws-cdk-lib/aws-ec2';
import { AsyncInferenceCallback, AsyncInferenceInvoker, AsyncInferenceRequestQueue, InputPolicy } from '../../../lib';
import { Duration } from 'aws-cdk-lib';
import { aStack, anEndpoint } from '../../../tools/showcase/stacks';

const ISOLATED = { subnetType: SubnetType.PRIVATE_ISOLATED };

const isolatedVpc = (stack: Stack) =>
  new Vpc(stack, 'Vpc', { subnetConfiguration: [{ name: 'Isolated', ...ISOLATED }] });

/** The services that the warnings miss, by the construct that needs them. */
function missing(stack: Stack): Record<string, string> {
  return Object.fromEntries(
    Annotations.fromStack(stack)
      .findWarning('*', Match.stringLikeRegexp('vpcWithoutRoute'))
      .map(({ id, entry }) => [id, /no endpoint of (.*): add/.exec(entry.data as string)![1]!]),
  );
}

test('each construct in isolated subnets names the services that it cannot reach', () => {
  const stack = aStack();
  const vpc = isolatedVpc(stack);
  const endpoint = anEndpoint(stack, { vpc, invokerOptions: { vpc, vpcSubnets: ISOLATED } });
  new AsyncInferenceInvoker(stack, 'Uploads', {
    endpoint,
    vpc,
    vpcSubnets: ISOLATED,
    inputPolicy: InputPolicy.bySize(),
  });
  new AsyncInferenceRequestQueue(stack, 'Requests', {
    endpoint,
    expectedProcessingTime: Duration.seconds(10),
    invokerOptions: { vpc, vpcSubnets: ISOLATED },
  });
  new AsyncInferenceCallback(stack, 'Callback', { vpc, vpcSubnets: ISOLATED });
  expect(missing(stack)).toEqual({
    '/Stack/Endpoint': 's3',
    '/Stack/Endpoint/Invoker': 'sagemaker.runtime',
    '/Stack/Uploads': 'sagemaker.runtime, s3',
    '/Stack/Requests/Invoker': 'sagemaker.runtime, sqs',
    '/Stack/Callback': 'sagemaker.runtime, dynamodb, states, s3',
  });
});

test('a public subnet gives the container no route, because its network interface has no public address', () => {
  const stack = aStack();
  const vpc = new Vpc(stack, 'Vpc', { natGateways: 0 });
  anEndpoint(stack, { vpc, vpcSubnets: { subnetType: SubnetType.PUBLIC } });
  expect(missing(stack)).toEqual({ '/Stack/Endpoint': 's3' });
});

test('VPC endpoints are counted, also those that are added later, and those in another place of the app', () => {
  const stack = aStack();
  const vpc = isolatedVpc(stack);
  anEndpoint(stack, { vpc, invokerOptions: { vpc, vpcSubnets: ISOLATED } });
  vpc.addGatewayEndpoint('S3', { service: GatewayVpcEndpointAwsService.S3 });
  new InterfaceVpcEndpoint(new Stack(stack.node.root, 'Network'), 'Runtime', {
    vpc,
    service: InterfaceVpcEndpointAwsService.SAGEMAKER_RUNTIME,
  });
  expect(missing(stack)).toEqual({});
});

test('the VPC endpoints of another VPC do not help', () => {
  const stack = aStack();
  anEndpoint(stack, { vpc: isolatedVpc(stack) });
  new Vpc(stack, 'Other', { gatewayEndpoints: { S3: { service: GatewayVpcEndpointAwsService.S3 } } });
  expect(missing(stack)).toEqual({ '/Stack/Endpoint': 's3' });
});

test('subnets with a NAT gateway reach everything, and what an imported VPC has is not known', () => {
  const stack = aStack();
  anEndpoint(stack, { vpc: new Vpc(stack, 'Vpc') });
  const vpc = Vpc.fromVpcAttributes(stack, 'Imported', {
    vpcId: 'vpc-1',
    availabilityZones: ['a', 'b'],
    isolatedSubnetIds: ['subnet-1', 'subnet-2'],
  });
  anEndpoint(stack, { vpc }, 'Other');
  expect(missing(stack)).toEqual({});
});
