import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pythonQuickstart, typescriptQuickstart } from '../../../tools/languages/quickstart';

const work = mkdtempSync(join(tmpdir(), 'quickstart-'));
afterAll(() => rmSync(work, { recursive: true, force: true }));

const fenced = (language: string, ...lines: string[]) =>
  ['# Page', '', `\`\`\`${language}`, ...lines, '```', ''].join('\n');

function readme(...lines: string[]): string {
  const file = join(work, 'README.md');
  writeFileSync(file, fenced('ts nofixture', ...lines));
  return file;
}

test('a TypeScript fragment gets the stack that it declares', () => {
  const app = typescriptQuickstart(readme('declare const stack: Stack;', 'new Endpoint(stack);'));
  expect(app).toContain(
    "const stack = new quickstart.Stack(new quickstart.App(), 'Quickstart');\nnew Endpoint(stack);",
  );
});

test('a TypeScript app stays as it is', () => {
  expect(typescriptQuickstart(readme('const app = new App();'))).toBe('const app = new App();\n');
});

test('a TypeScript fragment without a stack is an error', () => {
  expect(() => typescriptQuickstart(readme('new Endpoint(this);'))).toThrow('neither an App nor a stack');
});

test('a Python fragment gets a stack and is synthesized', () => {
  const lines = pythonQuickstart(fenced('python', '# stack: Stack', 'Endpoint(stack)')).split('\n');
  expect(lines).toContain('stack = quickstart.Stack(app, "Quickstart")');
  expect(lines.at(-1)).toBe('app.synth()');
});

test('a Python app stays as it is', () => {
  expect(pythonQuickstart(fenced('python', 'app = App()'))).toBe('app = App()\n');
});

test('a page without a block of the language is an error', () => {
  expect(() => pythonQuickstart(fenced('sh', 'ls'))).toThrow('contains no block');
});
