import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, NestedStack } from 'aws-cdk-lib';
import type { Stack } from 'aws-cdk-lib';

export type Values = Readonly<Record<string, unknown>>;

export interface ResourceDefinition {
  readonly Type: string;
  readonly Properties?: Values;
  readonly DependsOn?: string | readonly string[];
  readonly Condition?: string;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
  readonly Metadata?: Values;
}

export interface Output {
  readonly Value: unknown;
  readonly Condition?: string;
  readonly Export?: { readonly Name: unknown };
}

/** A CloudFormation template. */
export interface TemplateBody {
  readonly Resources?: Readonly<Record<string, ResourceDefinition>>;
  readonly Parameters?: Readonly<Record<string, { readonly Default?: unknown }>>;
  readonly Mappings?: Readonly<Record<string, Readonly<Record<string, Values>>>>;
  readonly Conditions?: Values;
  readonly Outputs?: Readonly<Record<string, Output>>;
}

/** A stack that is to be deployed: its template and those of its nested stacks, by the logical ID of the nested stack. */
export interface StackTemplate {
  readonly name: string;
  readonly account: string;
  readonly region: string;
  readonly body: TemplateBody;
  readonly nested?: Readonly<Record<string, StackTemplate>>;
}

/** An app whose templates carry the construct path of each resource, as those of the CDK CLI do. */
export const anApp = (): App => new App({ context: { 'aws:cdk:enable-path-metadata': true } });

/** The templates of an app's stacks, in the order in which the CDK CLI deploys them. */
export function templatesOf(app: App): StackTemplate[] {
  const assembly = app.synth();
  const stacks = new Map(
    app.node
      .findAll()
      .filter((construct): construct is Stack => 'templateFile' in construct && !NestedStack.isNestedStack(construct))
      .map((stack) => [stack.artifactId, stack]),
  );
  return assembly.stacks.map((artifact) => {
    const stack = stacks.get(artifact.id);
    if (!stack) throw new Error(`the app has no stack for the artifact ${artifact.id}`);
    return templateOf(stack, artifact.template as TemplateBody, assembly.directory);
  });
}

function templateOf(stack: Stack, body: TemplateBody, directory: string): StackTemplate {
  const nested = stack.node
    .findAll()
    .filter(
      (construct): construct is NestedStack =>
        NestedStack.isNestedStack(construct) && construct.nestedStackParent === stack,
    )
    .map((construct) => {
      const template = JSON.parse(readFileSync(join(directory, construct.templateFile), 'utf8')) as TemplateBody;
      const logicalId = stack.resolve(construct.nestedStackResource!.logicalId) as string;
      const name = `${stack.stackName}-${logicalId}`;
      return [logicalId, { ...templateOf(construct, template, directory), name }] as const;
    });
  const { stackName: name, account, region } = stack;
  return { name, account, region, body, nested: Object.fromEntries(nested) };
}
