import { Stack, Token, Validations } from 'aws-cdk-lib';
import type { IResource } from 'aws-cdk-lib';
import { RegionInfo } from 'aws-cdk-lib/region-info';
import type { IConstruct } from 'constructs';
import { differs } from './validation';

/** The prefix of all warning IDs. */
const PREFIX = 'cdk-sagemaker-async-inference';

interface Warning {
  readonly cause: string;
  readonly advice: string;
}

/** Keeps the texts out of the declarations in the package. */
function warnings<Id extends string>(table: Record<Id, Warning>): Readonly<Record<Id, Warning>> {
  return table;
}

/**
 * All warnings: what they mean, and what to do. The IDs are part of the public interface, because users acknowledge warnings by ID.
 * docs/warnings.md is generated from this table.
 */
export const WARNINGS = warnings({
  alarmTopicKeyPolicy: {
    cause:
      'The key of an alarm topic cannot be modified here, so CloudWatch may not be able to publish encrypted messages.',
    advice:
      'Add the printed statement to the key policy. The AWS managed key alias/aws/sns does not allow CloudWatch: use your own key.',
  },
  amiProcessor: {
    cause: 'The machine image is for other processors than those of an instance type.',
    advice: 'Leave inferenceAmiVersion out, or choose one for the processor.',
  },
  callbackWithoutStateMachine: {
    cause: 'A task waits for a callback that may not answer any state machine.',
    advice: 'Call addStateMachine(stateMachine) on the callback for each state machine that waits.',
  },
  cpuImageOnAccelerator: {
    cause: 'The image uses the CPU only, and the instance type has a GPU or an AWS Neuron device.',
    advice: 'Use an image for the GPU or for AWS Neuron, or a less expensive instance type.',
  },
  demandNotCounted: {
    cause: 'The scaling of the endpoint does not count the messages of a request queue, so it starts fewer instances.',
    advice:
      'In another stack than the endpoint, set queueName. For an imported endpoint, set scaling of the queue, or add the metric to your own policy.',
  },
  endpointNameCase: {
    cause:
      'The name of an imported endpoint is only known at deployment. SageMaker writes the name in lower case in the ARN.',
    advice: 'Pass endpointArn as well, or make sure that the name is in lower case.',
  },
  foreignErrorTopic: {
    cause: 'The error topic belongs to another account.',
    advice: 'Allow the execution role to publish in the policy of the topic.',
  },
  foreignKey: {
    cause: 'A key belongs to another account.',
    advice: 'Allow the execution role to use the key in the key policy.',
  },
  foreignModelDataBucket: {
    cause: 'The bucket of the model data belongs to another account.',
    advice: 'Allow the execution role to read the model data in the policy of the bucket.',
  },
  foreignOutputBucket: {
    cause: 'The output bucket belongs to another account.',
    advice: 'Allow the execution role to write results in the policy of the bucket.',
  },
  foreignRepository: {
    cause: 'The repository of the container image belongs to another account.',
    advice: 'Allow the execution role to pull in the policy of the repository.',
  },
  foreignSuccessTopic: {
    cause: 'The success topic belongs to another account.',
    advice: 'Allow the execution role to publish in the policy of the topic.',
  },
  imagePullNotGranted: {
    cause:
      'The repository of an image URI is not known at synth, so the execution role gets no permission to pull from it.',
    advice: 'Pass the repository in the options of ContainerImage.fromUri, or grant the permission yourself.',
  },
  inputNotReadable: {
    cause: 'The execution role of the endpoint is not known, so it gets no permission to read uploaded payloads.',
    advice: 'Pass executionRole when you import the endpoint, or add the printed statements to the role.',
  },
  isolatedDownload: {
    cause:
      'A variable such as HF_MODEL_ID makes the container download a model, also from S3, and enableNetworkIsolation does not let it.',
    advice: 'Use modelData. Acknowledge the warning if the image contains the model.',
  },
  managedPolicyQuota: {
    cause:
      'A role holds as many managed policies as the quota of IAM allows, which is 10 by default. An update needs one more, ' +
      'because CloudFormation creates a new policy before it removes the former one.',
    advice:
      'Use another role for some of the endpoints, or raise the quota "Managed policies attached to an IAM role" and acknowledge the warning.',
  },
  modelDataFormat: {
    cause: 'A prefix of model data looks like the key of an archive.',
    advice:
      'Use ModelData.fromBucket for a .tar.gz archive, and ModelData.fromPrefix for files that are not compressed.',
  },
  modelPackageImage: {
    cause: 'The image of a model package is not known, so the execution role gets no permission to pull it.',
    advice: 'Pass the image and modelData of the package, or grant the permissions yourself.',
  },
  movingImageTag: {
    cause:
      'An image tag without a version probably moves, for example `latest` or `cuda-v2`. CloudFormation deploys only when the ' +
      'template changes.',
    advice: 'Use a new tag or a digest for every image version.',
  },
  movingModelDataKey: {
    cause:
      'A key or prefix of model data without a digit probably moves. CloudFormation deploys only when the template changes.',
    advice: 'Use a new key or prefix for every model version.',
  },
  noModel: {
    cause:
      'The image serves any model and contains none, and the container gets neither model data nor the name of a model.',
    advice: 'Give modelData, or the variable of environment that names the model, such as HF_MODEL_ID.',
  },
  nvmeVolumeKey: {
    cause: 'The instance type has local NVMe storage, which volumeEncryptionKey does not encrypt.',
    advice: 'Acknowledge the warning if the hardware encryption of NVMe storage is enough for you.',
  },
  nvmeVolumeSize: {
    cause:
      'The instance type has local NVMe storage of a fixed size. It is not documented that volumeSize has an effect on it.',
    advice: 'Leave volumeSize out, or choose an instance type without local NVMe storage.',
  },
  poolProcessor: {
    cause: 'An instance pool has another processor than the instance type, and the same model.',
    advice: 'Give the pool a model of its own. Acknowledge the warning if the model runs on both.',
  },
  regionNotAnnounced: {
    cause: 'AWS has not announced inline payloads in this region.',
    advice: 'Check that InvokeEndpointAsync accepts Body in this region before you deploy.',
  },
  requestQueueAlarmsWithoutActions: {
    cause: 'The alarms of a monitored request queue are in another stack, so they get no actions.',
    advice: 'Add actions to `alarms` of the request queue in its own stack.',
  },
  resultQueueKeyPolicy: {
    cause: 'The key of a result queue cannot be modified here, so SNS may not be able to deliver results.',
    advice: 'Allow sns.amazonaws.com to use kms:Decrypt and kms:GenerateDataKey* in the key policy.',
  },
  roleNotKnown: {
    cause: 'The execution role of an existing model is not known, so it gets no permissions.',
    advice: 'Pass executionRole to InferenceModel.fromModelName, or add the printed statements to the role.',
  },
  roleNotModifiable: {
    cause: 'A given role cannot be modified (imported as immutable, or from another account).',
    advice:
      'Add the printed statements to the role. If they contain references such as Fn::GetAtt, give the endpoint a bucket and topics ' +
      'with names of your own.',
  },
  scaledVariant: {
    cause:
      'SageMaker refuses to change variantName, instancePools and instanceType of a variant that scales. The warning is printed if ' +
      'one of the first two is set.',
    advice: 'Follow "Fixed fleet first" in docs/updates.md when you change one of them. Acknowledge the warning.',
  },
  sharedOutputPrefix: {
    cause:
      'Two endpoints write to prefixes of a bucket of which one contains the other, or an invoker uploads payloads there. Results are mixed ' +
      'with those of others or with payloads.',
    advice: 'Use different prefixes, or acknowledge the warning if this is intended.',
  },
  unknownDlcRepository: {
    cause: 'A repository name is not in the tables of AWS that this version contains.',
    advice: 'Check the name. If it is right, pass accountId to ContainerImage.fromDlc.',
  },
  unknownInstanceType: {
    cause: 'This version does not know the instance type. It may be new, or its name may be wrong.',
    advice: 'Check the name. Acknowledge the warning if the type is new.',
  },
  vpcWithoutRoute: {
    cause: 'Subnets have neither a route to the internet nor a VPC endpoint of a service that is called from them.',
    advice: 'Add the VPC endpoints that the warning names, or use subnets with a NAT gateway.',
  },
});

export type WarningId = keyof typeof WARNINGS;

/** Adds a warning about something that is legal but probably a mistake. */
export function warn(scope: IConstruct, id: WarningId, message: string): void {
  Validations.of(scope).addWarning(`${PREFIX}:${id}`, message);
}

/** Warns about a name whose version has no digit, because what it refers to may change while the template stays the same. */
export function warnIfMoving(scope: IConstruct, id: WarningId, what: string, name: string, version = name): void {
  if (Token.isUnresolved(name) || /\d/.test(version)) return;
  warn(
    scope,
    id,
    `the ${what} '${name}' has no version: CloudFormation deploys only when the template changes, so use a new name for every version`,
  );
}

/** Warns about a resource of another account, whose policy cannot be modified here. */
export function warnIfForeign(
  scope: IConstruct,
  id: WarningId,
  what: string,
  resource: IResource,
  actions: readonly string[],
): void {
  const { account } = resource.env;
  if (!differs(account, Stack.of(scope).account)) return;
  warn(
    scope,
    id,
    `the ${what} belongs to account ${account}: its policy must allow the execution role ${actions.join(', ')}`,
  );
}

/** The regions in which inline payloads were announced. */
const ANNOUNCED_REGIONS = new Set(
  (
    'af-south-1 ap-east-1 ap-east-2 ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-south-1 ap-south-2 ap-southeast-1 ap-southeast-2 ' +
    'ap-southeast-3 ap-southeast-4 ap-southeast-5 ap-southeast-7 ca-central-1 ca-west-1 eu-central-1 eu-central-2 eu-north-1 ' +
    'eu-south-1 eu-south-2 eu-west-1 eu-west-2 eu-west-3 il-central-1 mx-central-1 sa-east-1 us-east-1 us-east-2 us-west-1 us-west-2'
  ).split(' '),
);

/** The list may have grown since the announcement, so this is no error. Regions that CDK does not know get no warning. */
export function warnIfRegionNotAnnounced(scope: IConstruct): void {
  const { region } = Stack.of(scope);
  if (ANNOUNCED_REGIONS.has(region) || !RegionInfo.regions.some(({ name }) => name === region)) return;
  warn(
    scope,
    'regionNotAnnounced',
    `AWS has not announced inline payloads in ${region}: check that InvokeEndpointAsync accepts Body in this region before you deploy`,
  );
}
