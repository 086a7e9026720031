/** What the intrinsic functions of a template need to know. */
export interface Surroundings {
  evaluate(value: unknown): unknown;
  condition(name: string): boolean;
  mapping(map: string, first: string, second: string): unknown;
  ref(name: string): unknown;
  attribute(name: string, attribute: string): unknown;
  imported(exportName: string): unknown;
  readonly pseudo: { readonly region: string; readonly account: string; readonly stackName: string };
}

/** The intrinsic function that a value is, if any. */
export function functionIn(value: object): { readonly name: string; readonly argument: unknown } | undefined {
  const [entry, ...others] = Object.entries(value);
  if (!entry || others.length > 0) return undefined;
  const [name, argument] = entry as [string, unknown];
  // A policy statement has a member of the same name, which is not a text.
  const isCondition = name === 'Condition' && typeof argument === 'string';
  return name === 'Ref' || isCondition || name.startsWith('Fn::') ? { name, argument } : undefined;
}

/** The names that a value refers to with Ref, Fn::GetAtt and Fn::Sub. */
export function namesIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  const found = functionIn(value);
  const nested = Object.values(value).flatMap(namesIn);
  if (found?.name === 'Ref') return [found.argument as string];
  if (found?.name === 'Fn::GetAtt') return [attributeParts(found.argument)[0]];
  if (found?.name === 'Fn::Sub') {
    const [text] = [found.argument].flat() as [string];
    return [...nested, ...[...text.matchAll(/\$\{([^!}.]+)(\.[^}]+)?\}/g)].map(([, name]) => name!)];
  }
  return nested;
}

function attributeParts(argument: unknown): [string, string] {
  const [name, ...attribute] = typeof argument === 'string' ? argument.split('.') : (argument as string[]);
  return [name!, attribute.join('.')];
}

/** @throws Error for a function that the simulator does not know */
export function call(name: string, argument: unknown, surroundings: Surroundings): unknown {
  const evaluate = (value: unknown) => surroundings.evaluate(value);
  switch (name) {
    case 'Ref':
      return ref(argument as string, surroundings);
    case 'Condition':
      return surroundings.condition(argument as string);
    case 'Fn::GetAtt':
      return surroundings.attribute(...attributeParts(argument));
    case 'Fn::If': {
      const [condition, yes, no] = argument as [string, unknown, unknown];
      return evaluate(surroundings.condition(condition) ? yes : no);
    }
    case 'Fn::Sub':
      return substitute([argument].flat() as [string, Record<string, unknown>?], surroundings);
  }
  const list = evaluate(argument) as never;
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
      return surroundings.mapping(...(list as [string, string, string]));
    case 'Fn::GetAZs':
      return ['a', 'b', 'c'].map((zone) => `${surroundings.pseudo.region}${zone}`);
    case 'Fn::ImportValue':
      return surroundings.imported(list);
  }
  throw new Error(`the update simulator does not know ${name}`);
}

function ref(name: string, surroundings: Surroundings): unknown {
  const { region, account, stackName } = surroundings.pseudo;
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
      return `arn:aws:cloudformation:${region}:${account}:stack/${stackName}/simulated`;
    case 'AWS::NotificationARNs':
      return [];
  }
  return surroundings.ref(name);
}

function substitute([text, values = {}]: [string, Record<string, unknown>?], surroundings: Surroundings): string {
  return text.replace(/\$\{(!?)([^}]+)\}/g, (_match, literal: string, name: string) => {
    if (literal) return `\${${name}}`;
    if (name in values) return String(surroundings.evaluate(values[name]));
    return String(name.includes('.') ? surroundings.attribute(...attributeParts(name)) : ref(name, surroundings));
  });
}
