import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { App } from 'aws-cdk-lib';
import { CfnOutput, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';

const EXAMPLES = join(__dirname, '../../examples');
const page = readFileSync(join(EXAMPLES, 'README.md'), 'utf8');
const folders = readdirSync(EXAMPLES, { withFileTypes: true }).filter((entry) => entry.isDirectory());
const names = folders.map(({ name }) => name).sort();

/** The rows of the table with this header, as cells. */
function rows(header: string): string[][] {
  const [, rest] = page.split(`\n| ${header} |\n`);
  const lines = rest!.split('\n\n')[0]!.trim().split('\n').slice(1);
  return lines.map((line) =>
    line
      .split(/(?<!\\)\|/)
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

const index = rows('Example | Use | What it shows | Needs | Resources | Idle');
const requests = rows('Example | Command');
const nameOf = (cell: string) => /`([^`]+)`/.exec(cell)![1]!;

function stacksOf(name: string): Stack[] {
  const { app } = jest.requireActual<{ app: App }>(join(EXAMPLES, name, 'app'));
  return app.node.findAll().filter((node) => Stack.isStack(node));
}

test('the index has every folder once, and says what it is for, what it shows and what it costs', () => {
  expect(index.map(([example]) => nameOf(example!)).sort()).toEqual(names);
  for (const [example, use, shows, , resources, idle] of index)
    expect([example, use, shows, resources, idle]).not.toContain('');
});

test('the index says once for every folder how to send one request', () => {
  const listed = requests.flatMap(([examples]) => [...examples!.matchAll(/`([^`]+)`/g)].map(([, name]) => name));
  expect(listed.sort()).toEqual(names);
});

test('an example with a page of its own is linked by its page', () => {
  for (const [example] of index) {
    const name = nameOf(example!);
    const [, link] = /\((.*)\)/.exec(example!)!;
    const file = existsSync(join(EXAMPLES, name, 'README.md'))
      ? 'README.md'
      : (/\.ts$/.exec(link!) && link!.split('/')[1])!;
    expect(link).toBe(`${name}/${file}`);
  }
});

const apps = names.filter((name) => existsSync(join(EXAMPLES, name, 'app.ts')));

test.each(apps)('%s has as many resources as the index says, and the outputs of its command', (name) => {
  const resources = index.find(([example]) => nameOf(example!) === name)![4];
  const [, command] = requests.find(([examples]) => examples!.includes(`\`${name}\``))!;
  const used = [...command!.matchAll(/\$\(output (\w+)\)/g)].map(([, output]) => output!);
  if (command!.includes('`invoke ')) used.push('InvokerName');
  for (const stack of stacksOf(name)) {
    const { Resources } = Template.fromStack(stack).toJSON() as { Resources: object };
    expect(Object.keys(Resources)).toHaveLength(parseInt(resources!));
    const outputs = stack.node
      .findAll()
      .filter((node) => node instanceof CfnOutput)
      .map(({ node }) => node.id);
    expect(outputs).toEqual(expect.arrayContaining(used));
  }
});

test('an example that uses the endpoint "languages" says so, and the examples that create it are named', () => {
  const creates = (stack: Stack) =>
    JSON.stringify(Template.fromStack(stack).toJSON()).includes('"EndpointName":"languages"');
  for (const name of apps) {
    const needs = index.find(([example]) => nameOf(example!) === name)![3]!;
    const [stack] = stacksOf(name);
    const mentions = JSON.stringify(Template.fromStack(stack!).toJSON()).search(/endpoint\/languages(?![\w-])/) >= 0;
    expect([name, needs.startsWith('languages')]).toEqual([name, mentions && !creates(stack!)]);
  }
  expect(apps.filter((name) => stacksOf(name).some(creates)).sort()).toEqual(['audit', 'mixed-sizes']);
});
