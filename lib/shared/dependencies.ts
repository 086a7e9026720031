import {
  CfnElement,
  CfnResource,
  DefaultTokenResolver,
  Reference,
  Stack,
  StringConcat,
  Tokenization,
} from 'aws-cdk-lib';
import type { IPostProcessor, IResolvable, IResolveContext } from 'aws-cdk-lib';
import { Dependable } from 'constructs';
import type { IConstruct, IDependable } from 'constructs';

/** A construct that uses another one, so that it, or its stack, depends on that one. */
export interface Use {
  readonly user: IConstruct;
  readonly used: IConstruct;
}

/**
 * What a resource waits for, decided when CDK orders resources: after aspects, which may change what uses what, and before CDK looks
 * for cycles.
 */
export function decidedAtSynth(produce: () => IConstruct[]): IDependable {
  const dependable: IDependable = {};
  let isDeciding = false;
  Dependable.implement(dependable, {
    get dependencyRoots() {
      // To decide, `produce` may look at what others wait for, and they at this.
      if (isDeciding) return [];
      isDeciding = true;
      try {
        return produce();
      } finally {
        isDeciding = false;
      }
    },
  });
  return dependable;
}

/** Why resources depend on a resource of their stack or of any other: what uses what, from one of them to that resource. */
export function pathToResource(from: readonly IConstruct[], target: IConstruct): readonly Use[] | undefined {
  return pathTo(from, target, (node) => usesOf(node).map((used) => [used, { user: node, used }]));
}

/**
 * Why a stack depends on another one, directly or through further stacks: what uses what, from the first stack to the last. CDK finds
 * out only while it synthesizes, and tells no way out.
 */
export function pathToStack(from: Stack, target: Stack): readonly Use[] | undefined {
  return pathTo([rootOf(from)], rootOf(target), (stack) =>
    usesOfStack(stack as Stack).map((use) => [rootOf(Stack.of(use.used)), use]),
  );
}

function pathTo(
  from: readonly IConstruct[],
  target: IConstruct,
  next: (node: IConstruct) => readonly (readonly [IConstruct, Use])[],
): readonly Use[] | undefined {
  const paths = new Map<IConstruct, readonly Use[]>(from.map((node) => [node, []]));
  // The map grows while it is read.
  for (const [node, path] of paths) {
    if (node === target) return path;
    for (const [used, use] of next(node)) if (!paths.has(used)) paths.set(used, [...path, use]);
  }
  return undefined;
}

const usesOfStacks = new WeakMap<Stack, readonly Use[]>();

/** What a stack uses of others. Several endpoints may ask. */
function usesOfStack(stack: Stack): readonly Use[] {
  const known = usesOfStacks.get(stack);
  if (known) return known;
  const elements = stack.node.findAll().filter((node) => CfnElement.isCfnElement(node));
  const uses = [
    ...elements
      .filter((element) => rootOf(element.stack) === stack)
      .flatMap((user) => usesOf(user).map((used) => ({ user, used })))
      .filter(({ used }) => rootOf(Stack.of(used)) !== stack),
    ...stack.dependencies.map((used) => ({ user: stack, used })),
  ];
  usesOfStacks.set(stack, uses);
  return uses;
}

/** The elements of templates that an element refers to or waits for, by itself or as a part of other constructs. */
function usesOf(node: IConstruct): IConstruct[] {
  if (!CfnElement.isCfnElement(node)) return [];
  const waitsFor = node.node.scopes.flatMap((scope) => scope.node.dependencies);
  return [
    ...referencesOf(node),
    ...(CfnResource.isCfnResource(node) ? node.obtainDependencies() : []),
    ...waitsFor.flatMap((used) => used.node.findAll().filter((part) => CfnResource.isCfnResource(part))),
  ];
}

function referencesOf(element: CfnElement): readonly IConstruct[] {
  return resolveWithTargets(element, templateOf(element), true).targets;
}

/** A value as it appears in the template of the scope's stack, and what it refers to. */
export function resolveWithTargets<T extends object>(
  scope: IConstruct,
  tokens: T,
  preparing = false,
): { readonly value: Readonly<Record<keyof T, unknown>>; readonly targets: readonly IConstruct[] } {
  const resolver = new ReferenceCollector();
  const value = Tokenization.resolve(tokens, { scope, resolver, preparing }) as Readonly<Record<keyof T, unknown>>;
  return { value, targets: resolver.targets };
}

/** A nested stack belongs to the stack that contains it. */
export function rootOf(stack: Stack): Stack {
  return stack.nestedStackParent ? rootOf(stack.nestedStackParent) : stack;
}

/** What CDK writes into the template for an element, with tokens. */
export function templateOf(element: CfnElement): object {
  return (element as unknown as { _toCloudFormation(): object })._toCloudFormation();
}

class ReferenceCollector extends DefaultTokenResolver {
  public readonly targets: IConstruct[] = [];

  constructor() {
    super(new StringConcat());
  }

  public override resolveToken(
    token: IResolvable,
    context: IResolveContext,
    postProcessor: IPostProcessor,
  ): ReturnType<DefaultTokenResolver['resolveToken']> {
    if (Reference.isReference(token)) this.targets.push(token.target);
    return super.resolveToken(token, context, postProcessor) as unknown;
  }
}
