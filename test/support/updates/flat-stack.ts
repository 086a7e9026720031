import { functionIn, namesIn, resolve } from '../../../local/app/intrinsic-functions';
import type { Output, ResourceDefinition, StackTemplate, Values } from './stack-template';

const NESTED_STACK = 'AWS::CloudFormation::Stack';

/** A resource of a stack or of one of its nested stacks. */
export interface Node {
  /** The logical ID, behind those of the nested stacks that the resource is in. */
  readonly id: string;
  readonly definition: ResourceDefinition;
  /** The resources that CloudFormation processes before this one. */
  readonly dependencies: ReadonlySet<string>;
  readonly level: Level;
}

/** What evaluates the references of a template. */
export interface References {
  ref(id: string): unknown;
  attribute(id: string, name: string): unknown;
  imported(exportName: string): unknown;
}

/** A template with its place in the tree of nested stacks. */
interface Level {
  readonly template: StackTemplate;
  readonly prefix: string;
  readonly parent?: Level;
  readonly parameters: Values;
}

/**
 * A stack with its nested stacks as one graph of resources. A nested stack waits for what its parameters refer to, and what
 * refers to a nested stack waits for all of its resources. Cleanup belongs to the root stack, so it needs no graph of its own.
 */
export class FlatStack {
  public readonly name: string;
  public readonly account: string;
  public readonly region: string;
  public readonly nodes: ReadonlyMap<string, Node>;
  private readonly levels = new Map<string, Level>();

  constructor(template: StackTemplate) {
    this.name = template.name;
    this.account = template.account;
    this.region = template.region;
    const root: Level = { template, prefix: '', parameters: {} };
    const found: { id: string; level: Level; outer: ReadonlySet<string> }[] = [];
    const collect = (level: Level, outer: ReadonlySet<string>) => {
      this.levels.set(level.prefix, level);
      for (const [logicalId, definition] of Object.entries(level.template.body.Resources ?? {})) {
        if (!this.exists(level, definition)) continue;
        const id = `${level.prefix}${logicalId}`;
        if (definition.Type === NESTED_STACK) {
          const nested = level.template.nested?.[logicalId];
          if (!nested) throw new Error(`the nested stack ${id} has no template`);
          const parameters = (definition.Properties?.Parameters ?? {}) as Values;
          const waitsFor = new Set([...outer, ...this.dependenciesIn(level, definition)]);
          collect({ template: nested, prefix: `${id}/`, parent: level, parameters }, waitsFor);
        } else {
          found.push({ id, level, outer });
        }
      }
    };
    collect(root, new Set());
    const all = found.map(({ id }) => id);
    const resourcesOf = (id: string) => all.filter((each) => each === id || each.startsWith(`${id}/`));
    this.nodes = new Map(
      found.map(({ id, level, outer }) => {
        const definition = level.template.body.Resources![id.slice(level.prefix.length)]!;
        const named = [...outer, ...this.dependenciesIn(level, definition)];
        const dependencies = new Set(named.flatMap(resourcesOf).filter((each) => each !== id));
        return [id, { id, definition, dependencies, level }];
      }),
    );
  }

  /** The IDs of the nodes, each after those that it depends on. */
  public get order(): string[] {
    const sorted = new Set<string>();
    const visit = (id: string, trail: readonly string[]) => {
      if (sorted.has(id)) return;
      if (trail.includes(id)) throw new Error(`circular dependency: ${[...trail, id].join(' → ')}`);
      this.nodes.get(id)!.dependencies.forEach((dependency) => visit(dependency, [...trail, id]));
      sorted.add(id);
    };
    [...this.nodes.keys()].forEach((id) => visit(id, []));
    return [...sorted];
  }

  public properties(id: string, references: References): Values {
    const { level, definition } = this.nodes.get(id)!;
    return (this.evaluate(level, definition.Properties ?? {}, references) ?? {}) as Values;
  }

  /** The values that the root stack exports, by name. */
  public exports(references: References): Map<string, unknown> {
    const root = this.levels.get('')!;
    const outputs = Object.values(root.template.body.Outputs ?? {}).filter(
      (output) => output.Export && this.exists(root, output),
    );
    return new Map(
      outputs.map(({ Value, Export }) => [
        this.evaluate(root, Export!.Name, references) as string,
        this.evaluate(root, Value, references),
      ]),
    );
  }

  /** The names of the exports that the stack imports. */
  public get imports(): Set<string> {
    const names = new Set<string>();
    const collect = (level: Level, value: unknown): void => {
      if (typeof value !== 'object' || value === null) return;
      const found = functionIn(value);
      if (found?.name === 'Fn::ImportValue') names.add(this.evaluate(level, found.argument) as string);
      Object.values(value).forEach((each) => collect(level, each));
    };
    this.levels.forEach((level) => collect(level, level.template.body));
    return names;
  }

  private exists(level: Level, { Condition }: ResourceDefinition | Output): boolean {
    return Condition === undefined || this.evaluate(level, { Condition }) === true;
  }

  /** What a definition refers to in its own template, by ID. */
  private dependenciesIn(level: Level, { Properties, DependsOn = [] }: ResourceDefinition): Set<string> {
    return new Set([
      ...[DependsOn].flat().map((name) => `${level.prefix}${name}`),
      ...namesIn(Properties).flatMap((name) => this.idsOf(level, name)),
    ]);
  }

  /** The resource, or the nested stack, that a name in a template stands for. A parameter stands for what it is given. */
  private idsOf(level: Level, name: string): string[] {
    if (level.template.body.Resources?.[name]) return [`${level.prefix}${name}`];
    if (!level.parent || !(name in level.parameters)) return [];
    return namesIn(level.parameters[name]).flatMap((each) => this.idsOf(level.parent!, each));
  }

  private evaluate(level: Level, value: unknown, references?: References): unknown {
    const { body, region, account, name: stackName } = level.template;
    const need = () => {
      if (!references) throw new Error(`${JSON.stringify(value)} cannot be used in a condition`);
      return references;
    };
    return resolve(value, {
      region,
      account,
      stackName,
      condition: (condition) => this.evaluate(level, body.Conditions?.[condition], references) === true,
      mapping: (map, first, second) => body.Mappings?.[map]?.[first]?.[second],
      imported: (exportName) => need().imported(exportName),
      ref: (target) => {
        if (body.Resources?.[target]) return need().ref(`${level.prefix}${target}`);
        if (level.parent && target in level.parameters) {
          return this.evaluate(level.parent, level.parameters[target], references);
        }
        if (body.Parameters?.[target]) return body.Parameters[target].Default;
        throw new Error(`${level.template.name} refers to ${target}, which it does not have`);
      },
      attribute: (target, attribute) => {
        const nested = this.levels.get(`${level.prefix}${target}/`);
        if (!nested) return need().attribute(`${level.prefix}${target}`, attribute);
        return this.evaluate(
          nested,
          nested.template.body.Outputs?.[attribute.replace(/^Outputs\./, '')]?.Value,
          references,
        );
      },
    });
  }
}
