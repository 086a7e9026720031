import { CfnElement, DefaultTokenResolver, Reference, Stack, StringConcat, Tokenization } from 'aws-cdk-lib';
import type { IPostProcessor, IResolvable, IResolveContext } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** A construct that uses one of another stack, so that its stack depends on that one. */
export interface Dependency {
  readonly user: IConstruct;
  readonly used: IConstruct;
}

/**
 * Why a stack depends on another one, directly or through further stacks: what uses what, from the first stack to the last. CDK finds
 * out only while it synthesizes, and tells no way out.
 */
export function dependencyOn(target: Stack, from: Stack): readonly Dependency[] | undefined {
  const chains = new Map<Stack, readonly Dependency[]>([[rootOf(from), []]]);
  // The map grows while it is read.
  for (const [stack, chain] of chains) {
    if (stack === rootOf(target)) return chain.length > 0 ? chain : undefined;
    for (const dependency of dependenciesOf(stack)) {
      const next = rootOf(Stack.of(dependency.used));
      if (!chains.has(next)) chains.set(next, [...chain, dependency]);
    }
  }
  return undefined;
}

function dependenciesOf(stack: Stack): Dependency[] {
  return stack.node
    .findAll()
    .filter((node) => rootOf(Stack.of(node)) === stack)
    .flatMap((user) => [...user.node.dependencies, ...referencesOf(user)].map((used) => ({ user, used })));
}

function referencesOf(node: IConstruct): IConstruct[] {
  if (!CfnElement.isCfnElement(node)) return [];
  const resolver = new ReferenceCollector();
  Tokenization.resolve((node as unknown as Rendered)._toCloudFormation(), { scope: node, resolver, preparing: true });
  return resolver.targets;
}

/** A nested stack belongs to the stack that contains it. */
export function rootOf(stack: Stack): Stack {
  return stack.nestedStackParent ? rootOf(stack.nestedStackParent) : stack;
}

interface Rendered {
  _toCloudFormation(): object;
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
