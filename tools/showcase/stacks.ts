import { App, Stack } from 'aws-cdk-lib';
import type { StackProps } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import type { Construct } from 'constructs';
import type { AsyncInferenceEndpointProps } from '../../lib';
import { AsyncInferenceEndpoint, ContainerImage, InferenceModel, InstanceType } from '../../lib';

export const ENV = { account: '111122223333', region: 'eu-west-1' };

export function aStack(props: StackProps = {}, context: Record<string, unknown> = {}): Stack {
  return new Stack(new App({ context }), 'Stack', props);
}

/** An image that is the same everywhere. */
export function anImage(tag = '1.0', repository = 'djl-inference'): ContainerImage {
  return ContainerImage.fromDlc(repository, tag, { accountId: '763104351884' });
}

export function anEndpoint(
  scope: Construct,
  props: Partial<AsyncInferenceEndpointProps> = {},
  id = 'Endpoint',
): AsyncInferenceEndpoint {
  return new AsyncInferenceEndpoint(scope, id, {
    model: InferenceModel.fromContainer({ image: anImage() }),
    instanceType: InstanceType.M5_XLARGE,
    ...props,
  });
}

export interface Resource {
  readonly Type: string;
  readonly Properties: Record<string, unknown>;
  readonly DependsOn?: string[];
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
}

export interface Statement {
  readonly Sid?: string;
  readonly Effect: string;
  readonly Action: string | string[];
  readonly Resource: unknown;
  readonly Condition?: unknown;
}

/** The resources of a type in the template of the scope's stack, by logical ID. Finds dependency cycles on its way. */
export function resources(scope: Construct, type: string): Record<string, Resource> {
  return Template.fromStack(Stack.of(scope)).findResources(type) as Record<string, Resource>;
}

/** The one resource of a type. */
export function only(scope: Construct, type: string): Resource {
  const found = Object.values(resources(scope, type));
  if (found.length !== 1) throw new Error(`expected one ${type}, found ${found.length}`);
  return found[0]!;
}

/** What the execution roles of the scope's stack may do to load models. */
export function modelStatements(scope: Construct): Statement[] {
  const loading = ['PullImage', 'LogInToRegistry', 'ReadModelData', 'DecryptModelData', 'ListModelData'];
  return statements(scope, 'EndpointPermissions').filter(({ Sid }) => loading.includes(Sid!));
}

/** The statements of the policies whose logical ID contains a text: our managed policies and the inline policies of CDK. */
export function statements(scope: Construct, id: string): Statement[] {
  return ['AWS::IAM::ManagedPolicy', 'AWS::IAM::Policy']
    .flatMap((type) => Object.entries(resources(scope, type)))
    .filter(([logicalId]) => logicalId.includes(id))
    .flatMap(([, policy]) => (policy.Properties.PolicyDocument as { Statement: Statement[] }).Statement);
}
