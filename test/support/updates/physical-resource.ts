import { oncePerObject } from './numbers';
import type { Values } from './stack-template';

/** A resource in the account. It is never changed: a new version takes its place. */
export interface PhysicalResource {
  readonly type: string;
  /** The physical ID. */
  readonly id: string;
  readonly stack: string;
  /** The ID in the stack, with those of nested stacks. */
  readonly logicalId: string;
  /** The construct path, else the stack and the logical ID. */
  readonly path: string;
  readonly properties: Values;
  /** What was in service before and still is, while an update is in progress. */
  readonly previous?: Values;
  readonly phase: 'creating' | 'in service' | 'deleting';
  readonly deletionPolicy?: string;
  readonly account: string;
  readonly region: string;
}

/** The types whose updates take a while, during which the old and the new version are both in service. */
const LONG = new Set([
  'AWS::Lambda::EventSourceMapping',
  'AWS::Lambda::Function',
  'AWS::Pipes::Pipe',
  'AWS::SageMaker::Endpoint',
]);

export const takesAWhile = (type: string): boolean => LONG.has(type);

/** The properties that identify a resource in its account and region, so that there cannot be two of one value. */
const IDENTITIES: Readonly<Record<string, readonly string[]>> = {
  'AWS::ApplicationAutoScaling::ScalableTarget': ['ServiceNamespace', 'ResourceId', 'ScalableDimension'],
  'AWS::ApplicationAutoScaling::ScalingPolicy': ['PolicyName', 'ScalingTargetId'],
  'AWS::EC2::SecurityGroup': ['VpcId', 'GroupName'],
  'AWS::Events::EventBus': ['Name'],
  'AWS::Events::Rule': ['EventBusName', 'Name'],
  'AWS::IAM::RolePolicy': ['RoleName', 'PolicyName'],
  'AWS::KMS::Alias': ['AliasName'],
  'AWS::Lambda::EventInvokeConfig': ['FunctionName', 'Qualifier'],
  'AWS::Lambda::EventSourceMapping': ['EventSourceArn', 'FunctionName'],
  'AWS::Pipes::Pipe': ['Name'],
  'AWS::S3::BucketPolicy': ['Bucket'],
};

/** Identities of which a part may be absent from the template. */
const OPTIONAL = new Set(['EventBusName', 'ScalableDimension', 'ServiceNamespace']);

/** What identifies a resource by its properties alone. Undefined if the service generates the name. */
export function identityOf(type: string, properties: Values): string | undefined {
  // A second inline policy of a name overwrites the first.
  if (type === 'AWS::IAM::Policy') return undefined;
  const names = IDENTITIES[type] ?? [`${kindOf(type)}Name`];
  if (names.some((name) => properties[name] === undefined && !OPTIONAL.has(name))) return undefined;
  return names.map((name) => String(properties[name])).join('|');
}

/** The types whose Ref is one of their names and no ID of the service's. */
const NAMES: Readonly<Record<string, string>> = {
  'AWS::Events::EventBus': 'Name',
  'AWS::Events::Rule': 'Name',
  'AWS::KMS::Alias': 'AliasName',
  'AWS::Pipes::Pipe': 'Name',
  'AWS::S3::BucketPolicy': 'Bucket',
};

/** The name that the template gives, if it does. */
export function givenName(type: string, properties: Values): string | undefined {
  const name = properties[NAMES[type] ?? `${kindOf(type)}Name`];
  // A security group and an inline policy have IDs besides.
  if (type === 'AWS::EC2::SecurityGroup' || type === 'AWS::IAM::Policy' || type === 'AWS::IAM::RolePolicy') {
    return undefined;
  }
  return typeof name === 'string' ? name : undefined;
}

/** What stands between the account and the name in an ARN. */
const ARN_RESOURCES: Readonly<Record<string, (name: string) => string>> = {
  'AWS::ApplicationAutoScaling::ScalingPolicy': (name) => `scalingPolicy:${name}`,
  'AWS::CloudWatch::Alarm': (name) => `alarm:${name}`,
  'AWS::DynamoDB::Table': (name) => `table/${name}`,
  'AWS::EC2::SecurityGroup': (name) => `security-group/${name}`,
  'AWS::Events::EventBus': (name) => `event-bus/${name}`,
  'AWS::Events::Rule': (name) => `rule/${name}`,
  'AWS::IAM::ManagedPolicy': (name) => `policy/${name}`,
  'AWS::IAM::Role': (name) => `role/${name}`,
  'AWS::KMS::Key': (name) => `key/${name}`,
  'AWS::Lambda::EventSourceMapping': (name) => `event-source-mapping:${name}`,
  'AWS::Lambda::Function': (name) => `function:${name}`,
  'AWS::Logs::LogGroup': (name) => `log-group:${name}:*`,
  'AWS::Pipes::Pipe': (name) => `pipe/${name}`,
  // SageMaker writes names in lower case here.
  'AWS::SageMaker::Endpoint': (name) => `endpoint/${name.toLowerCase()}`,
  'AWS::SageMaker::EndpointConfig': (name) => `endpoint-config/${name.toLowerCase()}`,
  'AWS::SageMaker::Model': (name) => `model/${name.toLowerCase()}`,
  'AWS::StepFunctions::StateMachine': (name) => `stateMachine:${name}`,
};

const SERVICES: Readonly<Record<string, string>> = {
  ApplicationAutoScaling: 'autoscaling',
  StepFunctions: 'states',
};

export const arnOf = oncePerObject(({ type, id, account, region }: PhysicalResource): string => {
  const [, namespace = ''] = type.split('::');
  if (type === 'AWS::S3::Bucket') return `arn:aws:s3:::${id}`;
  const service = SERVICES[namespace] ?? namespace.toLowerCase();
  return `arn:aws:${service}:${service === 'iam' ? '' : region}:${account}:${ARN_RESOURCES[type]?.(id) ?? id}`;
});

const REF_IS_ARN =
  /^AWS::(ApplicationAutoScaling::ScalingPolicy|IAM::ManagedPolicy|SNS::(Topic|Subscription)|SageMaker::\w+|StepFunctions::StateMachine)$/;

/** What Ref returns. */
export function refOf(resource: PhysicalResource): string {
  const { type, id, region, account } = resource;
  if (type === 'AWS::SQS::Queue') return `https://sqs.${region}.amazonaws.com/${account}/${id}`;
  return REF_IS_ARN.test(type) ? arnOf(resource) : id;
}

/** What Fn::GetAtt returns. An attribute that the simulator does not know has a value of its own. */
export function attributeOf(resource: PhysicalResource, attribute: string): string {
  const kind = kindOf(resource.type);
  const isArn = ['Arn', `${kind}Arn`].includes(attribute) || attribute === 'PolicyArn';
  if (isArn) return arnOf(resource);
  if (['Name', 'Id', 'GroupId', 'KeyId', `${kind}Name`].includes(attribute)) return resource.id;
  if (attribute === 'QueueUrl') return refOf(resource);
  return `${resource.id}.${attribute}`;
}

function kindOf(type: string): string {
  return type.split('::')[2] ?? '';
}
