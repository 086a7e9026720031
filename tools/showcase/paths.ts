import { CfnElement } from 'aws-cdk-lib';
import type { Stack } from 'aws-cdk-lib';

/** The path of each resource in its stack, by logical ID. */
export function pathsOf(stack: Stack): Map<string, string> {
  return new Map(
    stack.node
      .findAll()
      .filter((child) => CfnElement.isCfnElement(child))
      .map((child) => [
        stack.resolve(child.logicalId) as string,
        child.node.path.replace(`${stack.node.path}/`, '').replace(/\/Resource$/, ''),
      ]),
  );
}
