import { resolve } from 'node:path';
import { fromEnvironment } from '../../lib/contract/invoker';
import type { InvokerConfig } from '../../lib/contract/invoker';
import { parseS3Uri } from '../../lib/contract/s3-location';
import type { SynthesizedStack } from './synthesis';
import { Template } from './template';

/** The configuration of an asynchronous endpoint in a template. */
export interface EndpointConfiguration {
  readonly name: string;
  readonly arn: string;
  readonly region: string;
  readonly executionRoleArn: string;
  readonly instanceType: string;
  readonly instances: number;
  readonly maxConcurrentInvocationsPerInstance?: number;
  readonly outputPath: string;
  readonly failurePath?: string;
  readonly successTopicArn?: string;
  readonly errorTopicArn?: string;
  readonly includeInferenceResponseIn: readonly string[];
  /** The model that runs on AWS: the Hugging Face model ID if there is one, else the image. */
  readonly model: string;
  /** The environment variables of the model container. */
  readonly containerEnvironment?: Readonly<Record<string, string>>;
}

/** The configuration of a Lambda function in a template. */
export interface FunctionConfiguration {
  readonly name: string;
  readonly arn: string;
  readonly region: string;
  /** The folder or the archive that becomes `/var/task`. */
  readonly code: string;
  readonly handler: string;
  readonly runtime: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutSeconds: number;
  readonly memoryMegabytes: number;
  readonly roleArn: string;
  /** The environment of an invoker, absent for other functions. */
  readonly invoker?: InvokerConfig;
}

/** The resources of an app that the local run emulates. */
export interface AppResources {
  readonly endpoints: readonly EndpointConfiguration[];
  readonly functions: readonly FunctionConfiguration[];
  readonly buckets: readonly string[];
  readonly topicArns: readonly string[];
}

interface AsyncInferenceConfig {
  readonly OutputConfig: {
    readonly S3OutputPath?: string;
    readonly S3FailurePath?: string;
    readonly NotificationConfig?: {
      readonly SuccessTopic?: string;
      readonly ErrorTopic?: string;
      readonly IncludeInferenceResponseIn?: readonly string[];
    };
  };
  readonly ClientConfig?: { readonly MaxConcurrentInvocationsPerInstance?: number };
}

interface ProductionVariant {
  readonly ModelName?: string;
  readonly InstanceType?: string;
  readonly InitialInstanceCount?: number;
  readonly InstancePools?: readonly { readonly InstanceType: string; readonly ModelNameOverride?: string }[];
}

interface EndpointConfigProperties {
  readonly AsyncInferenceConfig?: AsyncInferenceConfig;
  /** An asynchronous endpoint has exactly one. */
  readonly ProductionVariants: readonly [ProductionVariant];
}

interface ModelProperties {
  readonly ExecutionRoleArn: string;
  readonly PrimaryContainer?: { readonly Image?: string; readonly Environment?: Readonly<Record<string, string>> };
}

interface FunctionProperties {
  readonly Code: { readonly S3Key?: string };
  readonly Handler: string;
  readonly Runtime: string;
  readonly Environment?: { readonly Variables?: Readonly<Record<string, string>> };
  readonly Timeout?: number;
  readonly MemorySize?: number;
  readonly Role: string;
}

/** Reads the resources to emulate from the stacks of an app. */
export function readAppResources(stacks: readonly SynthesizedStack[]): AppResources {
  const templates = Template.all(stacks);
  const all = <T>(type: string, read: (template: Template, logicalId: string) => T): T[] =>
    templates.flatMap((template) => template.resources(type).map((logicalId) => read(template, logicalId)));
  /** All resources of a type by region and name, because stacks of several regions may repeat a name. */
  const byName = <T>(type: string): Map<string, T> =>
    new Map(all(type, (template, id) => [keyOf(template, template.nameOf(id)), template.properties(id) as T]));

  const models = byName<ModelProperties>('AWS::SageMaker::Model');
  const configs = byName<EndpointConfigProperties>('AWS::SageMaker::EndpointConfig');
  const endpoints = all('AWS::SageMaker::Endpoint', (template, id) => {
    const config = configs.get(keyOf(template, String(template.properties(id).EndpointConfigName)));
    const [variant] = config?.ProductionVariants ?? [];
    const model = models.get(keyOf(template, variant?.ModelName ?? variant?.InstancePools?.[0]?.ModelNameOverride));
    return config?.AsyncInferenceConfig && variant && model
      ? [readEndpoint(template, id, variant, config.AsyncInferenceConfig, model)]
      : [];
  }).flat();
  const functions = all('AWS::Lambda::Function', readFunction).flat();

  return {
    endpoints,
    functions,
    buckets: unique([
      ...all('AWS::S3::Bucket', (template, id) => template.nameOf(id)),
      ...endpoints
        .flatMap(({ outputPath, failurePath }) => [outputPath, failurePath ?? outputPath])
        .map((uri) => parseS3Uri(uri).Bucket),
      ...functions.map(({ invoker }) => invoker?.inputBucket),
    ]),
    topicArns: unique([
      ...all('AWS::SNS::Topic', (template, id) => template.arnOf(id)),
      ...endpoints.flatMap(({ successTopicArn, errorTopicArn }) => [successTopicArn, errorTopicArn]),
    ]),
  };
}

function readEndpoint(
  template: Template,
  logicalId: string,
  variant: ProductionVariant,
  asyncInference: AsyncInferenceConfig,
  model: ModelProperties,
): EndpointConfiguration {
  const name = template.nameOf(logicalId);
  const { S3OutputPath, S3FailurePath, NotificationConfig } = asyncInference.OutputConfig;
  if (!S3OutputPath) throw new Error(`The endpoint ${name} has no S3OutputPath, which the local run needs.`);
  return {
    name,
    arn: template.arnOf(logicalId),
    region: template.stack.region,
    executionRoleArn: model.ExecutionRoleArn,
    instanceType: variant.InstanceType ?? variant.InstancePools?.[0]?.InstanceType ?? 'unknown',
    instances: variant.InitialInstanceCount ?? 1,
    maxConcurrentInvocationsPerInstance: asyncInference.ClientConfig?.MaxConcurrentInvocationsPerInstance,
    outputPath: S3OutputPath,
    failurePath: S3FailurePath,
    successTopicArn: NotificationConfig?.SuccessTopic,
    errorTopicArn: NotificationConfig?.ErrorTopic,
    includeInferenceResponseIn: NotificationConfig?.IncludeInferenceResponseIn ?? [],
    model: model.PrimaryContainer?.Environment?.HF_MODEL_ID ?? model.PrimaryContainer?.Image ?? 'unknown',
    containerEnvironment: model.PrimaryContainer?.Environment ?? {},
  };
}

/** Reads a function, or nothing if the local run cannot execute it: a function without an asset or of another language. */
function readFunction(template: Template, logicalId: string): FunctionConfiguration[] {
  const { Code, Handler, Runtime, Environment, Timeout, MemorySize, Role } = template.properties(
    logicalId,
  ) as unknown as FunctionProperties;
  const code = template.stack.assets.get(Code.S3Key ?? '');
  if (!code || !Runtime.startsWith('nodejs')) return [];
  const environment = Environment?.Variables ?? {};
  return [
    {
      name: template.nameOf(logicalId),
      arn: template.arnOf(logicalId),
      region: template.stack.region,
      code: resolve(code),
      handler: Handler,
      runtime: Runtime,
      environment,
      timeoutSeconds: Timeout ?? 3,
      memoryMegabytes: MemorySize ?? 128,
      roleArn: Role,
      invoker: readInvoker(environment),
    },
  ];
}

function readInvoker(environment: Readonly<Record<string, string>>): InvokerConfig | undefined {
  try {
    return fromEnvironment(environment);
  } catch {
    return undefined; // Another function does not have the variables of an invoker.
  }
}

function keyOf(template: Template, name: string | undefined): string {
  return `${template.stack.region}/${name}`;
}

function unique(values: readonly (string | undefined)[]): string[] {
  return [...new Set(values)].filter((value) => value !== undefined);
}
