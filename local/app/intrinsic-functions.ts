/** The values that the intrinsic functions of a template refer to. */
export interface TemplateScope {
  readonly region: string;
  readonly account: string;
  readonly stackName: string;
  condition(name: string): boolean;
  mapping(map: string, first: string, second: string): unknown;
  ref(name: string): unknown;
  attribute(name: string, attribute: string): unknown;
  imported(exportName: string): unknown;
}

interface FunctionCall {
  readonly name: string;
  readonly argument: unknown;
}

/**
 * Resolves the intrinsic functions in a value.
 *
 * @throws Error for an unknown function
 */
export function resolve(value: unknown, scope: TemplateScope): unknown {
  if (Array.isArray(value)) return value.map((item) => resolve(item, scope)).filter((item) => item !== undefined);
  if (typeof value !== 'object' || value === null) return value;
  const functionCall = functionIn(value);
  if (functionCall) return call(functionCall, scope);
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, item]) => {
      const resolved = resolve(item, scope);
      return resolved === undefined ? [] : [[key, resolved]];
    }),
  );
}

/** The intrinsic function that a value consists of, if any. */
export function functionIn(value: object): FunctionCall | undefined {
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
  const functionCall = functionIn(value);
  const nested = Object.values(value).flatMap(namesIn);
  if (functionCall?.name === 'Ref') return [functionCall.argument as string];
  if (functionCall?.name === 'Fn::GetAtt') return [attributeParts(functionCall.argument)[0]];
  if (functionCall?.name === 'Fn::Sub') {
    const [text] = [functionCall.argument].flat() as [string];
    return [...nested, ...[...text.matchAll(/\$\{([^!}.]+)(\.[^}]+)?\}/g)].map(([, name]) => name!)];
  }
  return nested;
}

function attributeParts(argument: unknown): [name: string, attribute: string] {
  const [name, ...attribute] = typeof argument === 'string' ? argument.split('.') : (argument as string[]);
  return [name!, attribute.join('.')];
}

function call({ name, argument }: FunctionCall, scope: TemplateScope): unknown {
  switch (name) {
    case 'Ref':
      return ref(argument as string, scope);
    case 'Condition':
      return scope.condition(argument as string);
    case 'Fn::GetAtt':
      return scope.attribute(...attributeParts(argument));
    case 'Fn::If': {
      const [condition, ifTrue, ifFalse] = argument as [string, unknown, unknown];
      return resolve(scope.condition(condition) ? ifTrue : ifFalse, scope);
    }
    case 'Fn::Sub':
      return substitute([argument].flat() as [string, Record<string, unknown>?], scope);
  }
  const resolved = resolve(argument, scope) as never;
  switch (name) {
    case 'Fn::Join':
      return (([separator, parts]: [string, unknown[]]) => parts.join(separator))(resolved);
    case 'Fn::Split':
      return (([separator, text]: [string, string]) => text.split(separator))(resolved);
    case 'Fn::Select':
      return (([index, items]: [number, unknown[]]) => items[Number(index)])(resolved);
    case 'Fn::Equals':
      return (([left, right]: [unknown, unknown]) => left === right)(resolved);
    case 'Fn::Not':
      return !resolved[0];
    case 'Fn::And':
      return (resolved as boolean[]).every(Boolean);
    case 'Fn::Or':
      return (resolved as boolean[]).some(Boolean);
    case 'Fn::Base64':
      return Buffer.from(resolved).toString('base64');
    case 'Fn::FindInMap':
      return scope.mapping(...(resolved as [string, string, string]));
    case 'Fn::GetAZs':
      return ['a', 'b', 'c'].map((zone) => ((resolved as string) || scope.region) + zone);
    case 'Fn::ImportValue':
      return scope.imported(resolved);
  }
  throw new Error(`${scope.stackName}: ${name} is not supported.`);
}

function ref(name: string, scope: TemplateScope): unknown {
  const { region, account, stackName } = scope;
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
  return scope.ref(name);
}

function substitute([text, values = {}]: [string, Record<string, unknown>?], scope: TemplateScope): string {
  return text.replace(/\$\{(!?)([^}]+)\}/g, (_match, literal: string, name: string) => {
    if (literal) return `\${${name}}`;
    if (name in values) return String(resolve(values[name], scope));
    return String(name.includes('.') ? scope.attribute(...attributeParts(name)) : ref(name, scope));
  });
}
