import { readFileSync } from 'node:fs';
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
    if (Array.isArray(value)) return value.map((item) => this.resolve(item)).filter((item) => item !== undefined);
    if (typeof value !== 'object' || value === null) return value;
    const [[name, argument] = ['', undefined], ...others] = Object.entries(value);
    if (others.length === 0 && (name === 'Ref' || name === 'Condition' || name.startsWith('Fn::')))
      return this.call(name, argument);
    return Object.fromEntries(
      Object.entries(value).flatMap(([key, item]) => {
        const resolved = this.resolve(item);
        return resolved === undefined ? [] : [[key, resolved]];
      }),
    );
  }

  private call(name: string, argument: unknown): unknown {
    if (name === 'Ref') return this.ref(argument as string);
    if (name === 'Condition') return this.condition(argument as string);
    if (name === 'Fn::If') {
      const [condition, ifTrue, ifFalse] = argument as [string, unknown, unknown];
      return this.resolve(this.condition(condition) ? ifTrue : ifFalse);
    }
    if (name === 'Fn::Sub')
      return this.substitute(...((typeof argument === 'string' ? [argument] : argument) as [string, Values?]));
    if (name === 'Fn::GetAtt') {
      const [logicalId, ...attribute] = typeof argument === 'string' ? argument.split('.') : (argument as string[]);
      return this.attribute(logicalId!, attribute.join('.'));
    }

    const list = this.resolve(argument) as never;
    switch (name) {
      case 'Fn::Join':
        return (([separator, parts]: [string, unknown[]]) => parts.join(separator))(list);
      case 'Fn::Split':
        return (([separator, text]: [string, string]) => text.split(separator))(list);
      case 'Fn::Select':
        return (([index, items]: [number, unknown[]]) => items[Number(index)])(list);
      case 'Fn::Equals':
        return (([left, right]: [unknown, unknown]) => left === right)(list);
      case 'Fn::Not':
        return !list[0];
      case 'Fn::And':
        return (list as boolean[]).every(Boolean);
      case 'Fn::Or':
        return (list as boolean[]).some(Boolean);
      case 'Fn::Base64':
        return Buffer.from(list).toString('base64');
      case 'Fn::FindInMap':
        return this.findInMap(...(list as [string, string, string]));
      case 'Fn::ImportValue':
        return this.exported(list);
      default:
        throw new Error(`${this.stack.name}: the local run does not support ${name}.`);
    }
  }

  private ref(name: string): unknown {
    const { name: stackName, region, account } = this.stack;
    switch (name) {
      case 'AWS::NoValue':
        return undefined;
      case 'AWS::Partition':
        return 'aws';
      case 'AWS::URLSuffix':
        return 'amazonaws.com';
      case 'AWS::Region':
        return region;
      case 'AWS::AccountId':
        return account;
      case 'AWS::StackName':
        return stackName;
      case 'AWS::StackId':
        return `arn:aws:cloudformation:${region}:${account}:stack/${stackName}/local`;
      case 'AWS::NotificationARNs':
        return [];
    }
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
    // The local run uses no attribute that only AWS knows, such as a domain name, so a placeholder is enough.
    return `\${${logicalId}.${attribute}}`;
  }

  private substitute(text: string, values: Values = {}): string {
    return text.replace(/\$\{(!?)([^}]+)\}/g, (_match, literal: string, name: string) => {
      if (literal) return `\${${name}}`;
      if (name in values) return String(this.resolve(values[name]));
      return String(this.resolve(name.includes('.') ? { 'Fn::GetAtt': name } : { Ref: name }));
    });
  }

  private findInMap(map: string, first: string, second: string): unknown {
    const value = this.stack.template.Mappings?.[map]?.[first]?.[second];
    if (value === undefined)
      throw new Error(`${this.stack.name}: the mapping ${map} has no value for ${first}, ${second}.`);
    return value;
  }

  private condition(name: string): boolean {
    return this.resolve(this.stack.template.Conditions?.[name]) === true;
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
