import { resolve } from 'node:path';
import { fromEnvironment } from '../../lib/contract/invoker';
import { parseS3Uri } from '../../lib/contract/s3-location';
import type { SynthesizedStack } from './synthesis';
import { Template } from './template';

/** An asynchronous endpoint, as its template has it. */
export interface EndpointBlueprint {
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
  /** What runs on AWS, to tell it from the model that answers here: the Hugging Face model, else the image. */
  readonly model: string;
}

/** A Lambda function, as its template has it. */
export interface FunctionBlueprint {
  readonly name: string;
  readonly arn: string;
  readonly region: string;
  /** The folder, or the archive, that becomes `/var/task`. */
  readonly code: string;
  readonly handler: string;
  readonly runtime: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutSeconds: number;
  readonly memoryMegabytes: number;
  readonly roleArn: string;
  /** The endpoint that it invokes, where it is an invoker. */
  readonly endpointName?: string;
}

/** What the local run deploys of an app. */
export interface Blueprint {
  readonly endpoints: readonly EndpointBlueprint[];
  readonly functions: readonly FunctionBlueprint[];
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

interface EndpointConfigProperties {
  readonly AsyncInferenceConfig?: AsyncInferenceConfig;
  readonly ProductionVariants: readonly [
    {
      readonly ModelName: string;
      readonly InstanceType?: string;
      readonly InitialInstanceCount?: number;
    },
  ];
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

/** Reads what the local run deploys from the stacks of an app. */
export function readBlueprint(stacks: readonly SynthesizedStack[]): Blueprint {
  const templates = Template.all(stacks);
  const all = <T>(type: string, read: (template: Template, logicalId: string) => T): T[] =>
    templates.flatMap((template) => template.resources(type).map((logicalId) => read(template, logicalId)));

  const models = new Map(
    all('AWS::SageMaker::Model', (template, id) => [template.nameOf(id), properties<ModelProperties>(template, id)]),
  );
  const configs = new Map(
    all('AWS::SageMaker::EndpointConfig', (template, id) => [
      template.nameOf(id),
      properties<EndpointConfigProperties>(template, id),
    ]),
  );
  const endpoints = all('AWS::SageMaker::Endpoint', (template, id) => {
    const config = configs.get(String(template.properties(id).EndpointConfigName));
    const model = models.get(config?.ProductionVariants[0].ModelName ?? '');
    return config?.AsyncInferenceConfig && model
      ? [readEndpoint(template, id, config, config.AsyncInferenceConfig, model)]
      : [];
  }).flat();

  return {
    endpoints,
    functions: all('AWS::Lambda::Function', readFunction).flat(),
    buckets: [
      ...new Set([
        ...all('AWS::S3::Bucket', (template, id) => template.nameOf(id)),
        ...endpoints
          .flatMap(({ outputPath, failurePath }) => [outputPath, failurePath ?? outputPath])
          .map((uri) => parseS3Uri(uri).Bucket),
      ]),
    ],
    topicArns: [
      ...new Set([
        ...all('AWS::SNS::Topic', (template, id) => template.arnOf(id)),
        ...endpoints
          .flatMap(({ successTopicArn, errorTopicArn }) => [successTopicArn, errorTopicArn])
          .filter((arn) => arn !== undefined),
      ]),
    ],
  };
}

function readEndpoint(
  template: Template,
  logicalId: string,
  config: EndpointConfigProperties,
  asynchronous: AsyncInferenceConfig,
  model: ModelProperties,
): EndpointBlueprint {
  const name = template.nameOf(logicalId);
  const { S3OutputPath, S3FailurePath, NotificationConfig } = asynchronous.OutputConfig;
  if (!S3OutputPath)
    throw new Error(`the endpoint ${name} has no S3OutputPath: the local run has nowhere to put its results`);
  const [variant] = config.ProductionVariants;
  return {
    name,
    arn: template.arnOf(logicalId),
    region: template.stack.region,
    executionRoleArn: model.ExecutionRoleArn,
    instanceType: variant.InstanceType ?? 'unknown',
    instances: variant.InitialInstanceCount ?? 1,
    maxConcurrentInvocationsPerInstance: asynchronous.ClientConfig?.MaxConcurrentInvocationsPerInstance,
    outputPath: S3OutputPath,
    failurePath: S3FailurePath,
    successTopicArn: NotificationConfig?.SuccessTopic,
    errorTopicArn: NotificationConfig?.ErrorTopic,
    includeInferenceResponseIn: NotificationConfig?.IncludeInferenceResponseIn ?? [],
    model: model.PrimaryContainer?.Environment?.HF_MODEL_ID ?? model.PrimaryContainer?.Image ?? 'unknown',
  };
}

// A function whose code is not among the assets, such as one with its code in the template, is left out.
function readFunction(template: Template, logicalId: string): FunctionBlueprint[] {
  const { Code, Handler, Runtime, Environment, Timeout, MemorySize, Role } = properties<FunctionProperties>(
    template,
    logicalId,
  );
  const code = template.stack.assets.get(Code.S3Key?.replace(/\.zip$/, '') ?? '');
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
      endpointName: invokedEndpoint(environment),
    },
  ];
}

function invokedEndpoint(environment: Readonly<Record<string, string>>): string | undefined {
  try {
    return fromEnvironment(environment).endpointName;
  } catch {
    return undefined; // not the environment of an invoker
  }
}

function properties<T>(template: Template, logicalId: string): T {
  return template.properties(logicalId) as T;
}
