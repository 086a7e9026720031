import { readFileSync } from 'node:fs';
import { resolve } from './intrinsic-functions';
import type { SynthesizedStack, TemplateBody } from './synthesis';

type Values = Readonly<Record<string, unknown>>;

/** The ARNs of types that do not follow the pattern `arn:aws:<service>:<region>:<account>:<name>`. */
const ARNS: Readonly<Record<string, (name: string, region: string, account: string) => string>> = {
  'AWS::S3::Bucket': (name) => `arn:aws:s3:::${name}`,
  'AWS::IAM::Role': (name, _region, account) => `arn:aws:iam::${account}:role/${name}`,
  'AWS::Lambda::Function': (name, region, account) => `arn:aws:lambda:${region}:${account}:function:${name}`,
  // SageMaker converts the name to lower case.
  'AWS::SageMaker::Endpoint': (name, region, account) =>
    `arn:aws:sagemaker:${region}:${account}:endpoint/${name.toLowerCase()}`,
};

/** The types whose `Ref` is their ARN. */
const REF_IS_ARN = /^AWS::(SNS::Topic|SageMaker::.*)$/;

/** The template of a stack with resolved intrinsic functions, as if the stack had been deployed. */
export class Template {
  /** The templates of all stacks of an app, which can import each other's exports. */
  public static all(stacks: readonly SynthesizedStack[]): Template[] {
    const templates: Template[] = [];
    const exported = (name: string): unknown => {
      for (const template of templates) {
        for (const { Value, Export } of Object.values(template.stack.template.Outputs ?? {})) {
          if (Export && template.resolve(Export.Name) === name) return template.resolve(Value);
        }
      }
      throw new Error(`No stack of this app exports ${name}.`);
    };
    templates.push(...stacks.flatMap((stack) => new Template(stack, {}, exported).withNested()));
    return templates;
  }

  constructor(
    public readonly stack: SynthesizedStack,
    private readonly parameters: Values = {},
    private readonly exported: (name: string) => unknown = (name) => {
      throw new Error(`No stack exports ${name}.`);
    },
  ) {}

  /** The logical IDs of a type's resources, without those whose condition is false. */
  public resources(type: string): string[] {
    return Object.entries(this.stack.template.Resources ?? {})
      .filter(([, { Type, Condition }]) => Type === type && (Condition === undefined || this.condition(Condition)))
      .map(([logicalId]) => logicalId);
  }

  /** The resolved properties of a resource. */
  public properties(logicalId: string): Values {
    return (this.resolve(this.resource(logicalId).Properties) ?? {}) as Values;
  }

  /** The physical name of a resource. A resource without one gets a name from the stack's name and the logical ID. */
  public nameOf(logicalId: string): string {
    const { Type, Properties } = this.resource(logicalId);
    const [, , type] = Type.split('::');
    const given = this.resolve((Properties as Values | undefined)?.[`${type}Name`]);
    if (typeof given === 'string') return given;
    // The end is kept, because the end of a logical ID makes it unique.
    const generated = `${this.stack.name}-${logicalId}`.slice(-63).replace(/^-+/, '');
    return type === 'Bucket' ? generated.toLowerCase() : generated;
  }

  public arnOf(logicalId: string): string {
    const { Type } = this.resource(logicalId);
    const { region, account } = this.stack;
    const [, service] = Type.toLowerCase().split('::');
    return (
      ARNS[Type]?.(this.nameOf(logicalId), region, account) ??
      `arn:aws:${service}:${region}:${account}:${this.nameOf(logicalId)}`
    );
  }

  /**
   * Resolves the intrinsic functions in a value.
   *
   * @throws Error for an unknown function, and for a reference to something that does not exist
   */
  public resolve(value: unknown): unknown {
    const { name: stackName, region, account } = this.stack;
    return resolve(value, {
      stackName,
      region,
      account,
      condition: (name) => this.condition(name),
      mapping: (map, first, second) => this.mapping(map, first, second),
      ref: (name) => this.ref(name),
      attribute: (logicalId, attribute) => this.attribute(logicalId, attribute),
      imported: this.exported,
    });
  }

  private condition(name: string): boolean {
    return this.resolve(this.stack.template.Conditions?.[name]) === true;
  }

  private mapping(map: string, first: string, second: string): unknown {
    const value = this.stack.template.Mappings?.[map]?.[first]?.[second];
    if (value === undefined)
      throw new Error(`${this.stack.name}: the mapping ${map} has no value for ${first}, ${second}.`);
    return value;
  }

  private ref(name: string): unknown {
    if (name in this.parameters) return this.parameters[name];
    const parameter = this.stack.template.Parameters?.[name];
    if (parameter) return parameter.Default;
    return REF_IS_ARN.test(this.resource(name).Type) ? this.arnOf(name) : this.nameOf(name);
  }

  private attribute(logicalId: string, attribute: string): unknown {
    const { Type } = this.resource(logicalId);
    const [, , type] = Type.split('::');
    if (Type === 'AWS::CloudFormation::Stack') {
      const nested = this.nested(logicalId);
      return nested.resolve(nested.stack.template.Outputs?.[attribute.replace(/^Outputs\./, '')]?.Value);
    }
    if (attribute === 'Arn' || attribute === `${type}Arn`) return this.arnOf(logicalId);
    if (attribute === `${type}Name`) return this.nameOf(logicalId);
    // Nothing here uses an attribute that only AWS knows, such as a domain name, so a placeholder is enough.
    return `${logicalId}.${attribute}`;
  }

  private resource(logicalId: string): { readonly Type: string; readonly Properties?: unknown } {
    const resource = this.stack.template.Resources?.[logicalId];
    if (!resource) throw new Error(`${this.stack.name}: the template refers to ${logicalId}, which does not exist.`);
    return resource;
  }

  private withNested(): Template[] {
    return [
      this,
      ...this.resources('AWS::CloudFormation::Stack').flatMap((logicalId) => this.nested(logicalId).withNested()),
    ];
  }

  private nested(logicalId: string): Template {
    const { TemplateURL, Parameters } = this.properties(logicalId);
    const [, path] = [...this.stack.assets].find(([key]) => String(TemplateURL).endsWith(`/${key}`)) ?? [];
    if (path === undefined)
      throw new Error(`${this.stack.name}: the template of the nested stack ${logicalId} is not among the assets.`);
    const template = JSON.parse(readFileSync(path, 'utf8')) as TemplateBody;
    return new Template(
      { ...this.stack, name: `${this.stack.name}-${logicalId}`, template },
      (Parameters ?? {}) as Values,
      this.exported,
    );
  }
}
