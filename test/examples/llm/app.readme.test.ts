import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { app } from '../../../examples/llm/app';
import { only } from '../../../tools/showcase/stacks';
import { cellsOf } from '../../support/markdown-table';

const page = readFileSync(join(__dirname, '../../../examples/llm/README.md'), 'utf8');
const stacks = app.node.children.filter((child) => Stack.isStack(child));

/** The rows of all tables with this header, as cells. */
function rows(header: string): string[][] {
  return page
    .split(`\n| ${header} |\n`)
    .slice(1)
    .flatMap((rest) => rest.split('\n\n')[0]!.split('\n').slice(1))
    .map(cellsOf);
}

/** The value of an expression of numbers, + − × ÷ and parentheses. */
function compute(expression: string): number {
  let rest = expression.replaceAll(' ', '');
  const take = (pattern: RegExp): string | undefined => {
    const [token] = pattern.exec(rest) ?? [];
    rest = rest.slice(token?.length ?? 0);
    return token;
  };
  const factor = (): number => {
    if (!take(/^\(/)) return Number(take(/^[\d.]+/));
    const value = sum();
    take(/^\)/);
    return value;
  };
  const product = (): number => {
    let value = factor();
    for (let sign = take(/^[×÷]/); sign; sign = take(/^[×÷]/))
      value = sign === '×' ? value * factor() : value / factor();
    return value;
  };
  const sum = (): number => {
    let value = product();
    for (let sign = take(/^[+−]/); sign; sign = take(/^[+−]/)) value += sign === '+' ? product() : -product();
    return value;
  };
  const value = sum();
  if (rest !== '' || !Number.isFinite(value)) throw new Error(`cannot compute ${expression}: ${rest}`);
  return value;
}

test('every figure is the result of its computation', () => {
  const computed = rows('What | Computation | Result');
  expect(computed.length).toBeGreaterThan(10);
  for (const [what, expression, result] of computed) {
    const [, number, fraction = ''] = /([\d,]+(?:\.(\d+))?)/.exec(result!)!;
    expect([what, compute(expression!).toFixed(fraction.length)]).toEqual([what, number!.replaceAll(',', '')]);
  }
});

test('the settings are those of both stacks', () => {
  const settings = Object.fromEntries(
    rows('Setting | Value | Why').flatMap(([names, value]) =>
      [...names!.matchAll(/`(\w+)`/g)].map(([, name]) => [name!, value!.replaceAll(',', '')]),
    ),
  );
  const minutes = (name: string) => 60 * Number(/^(\d+) minutes/.exec(settings[name]!)![1]);
  for (const stack of stacks) {
    const { ProductionVariants, AsyncInferenceConfig } = only(stack, 'AWS::SageMaker::EndpointConfig').Properties;
    const { Environment } = only(stack, 'AWS::SageMaker::Model').Properties.PrimaryContainer as {
      Environment: Record<string, string>;
    };
    const variables = JSON.stringify(only(stack, 'AWS::Lambda::Function').Properties.Environment);
    expect(ProductionVariants).toMatchObject([
      {
        ContainerStartupHealthCheckTimeoutInSeconds: minutes('containerStartupHealthCheckTimeout'),
        ModelDataDownloadTimeoutInSeconds: minutes('modelDataDownloadTimeout'),
      },
    ]);
    expect(AsyncInferenceConfig).toMatchObject({
      ClientConfig: { MaxConcurrentInvocationsPerInstance: Number(settings.maxConcurrentInvocationsPerInstance) },
    });
    for (const name of ['SM_VLLM_MAX_NUM_SEQS', 'VLLM_ENGINE_READY_TIMEOUT_S'])
      expect([name, Environment[name]]).toEqual([name, settings[name]]);
    expect(variables).toContain(`"${minutes('defaultInvocationTimeout')}"`);
    expect(settings.defaultRequestTtl).toBe('2 hours');
    expect(variables).toContain('"7200"');
  }
});

test('the number of resources is that of each stack', () => {
  const [, count] = /^(\d+) CloudFormation resources per stack/m.exec(page)!;
  for (const stack of stacks) {
    expect(Object.keys((Template.fromStack(stack).toJSON() as { Resources: object }).Resources)).toHaveLength(
      Number(count),
    );
  }
});
