import { App, CfnOutput, CfnParameter, Stack } from 'aws-cdk-lib';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { Peer, Port, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { ApplicationLoadBalancer, ApplicationTargetGroup, TargetType } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { LambdaTarget } from 'aws-cdk-lib/aws-elasticloadbalancingv2-targets';
import { AsyncInferenceEndpoint, AsyncInferenceInvoker } from '../../lib';

// An internal load balancer. It authenticates nobody by itself, so its security group admits this VPC alone.

export const app = new App();
const stack = new Stack(app, 'ApplicationLoadBalancer');

const endpoint = AsyncInferenceEndpoint.fromEndpointName(stack, 'Endpoint', 'languages');
const invoker = new AsyncInferenceInvoker(stack, 'Invoker', { endpoint });

const vpc = new Vpc(stack, 'Vpc', {
  natGateways: 0,
  subnetConfiguration: [{ name: 'Internal', subnetType: SubnetType.PRIVATE_ISOLATED }],
  restrictDefaultSecurityGroup: false,
});
const certificateArn = new CfnParameter(stack, 'CertificateArn').valueAsString;
const loadBalancer = new ApplicationLoadBalancer(stack, 'LoadBalancer', { vpc, internetFacing: false });
const listener = loadBalancer.addListener('Listener', {
  port: 443,
  certificates: [Certificate.fromCertificateArn(stack, 'Certificate', certificateArn)],
  open: false,
  defaultTargetGroups: [
    new ApplicationTargetGroup(stack, 'TargetGroup', {
      targetType: TargetType.LAMBDA,
      targets: [new LambdaTarget(invoker.function)],
      multiValueHeadersEnabled: true,
    }),
  ],
});
listener.connections.allowFrom(Peer.ipv4(vpc.vpcCidrBlock), Port.tcp(443));

new CfnOutput(stack, 'Host', { value: loadBalancer.loadBalancerDnsName });
