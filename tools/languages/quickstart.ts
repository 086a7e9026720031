import { readFileSync } from 'node:fs';

/** The ID of the stack in which a quickstart runs that is a fragment and uses `stack`. */
export const QUICKSTART_STACK = 'Quickstart';

/** The first block of a language in a Markdown page. */
export function firstBlock(page: string, language: RegExp): string {
  const [, block] = new RegExp(`^\`\`\`(?:${language.source})\\b.*\\n([^]*?)^\`\`\``, 'm').exec(page) ?? [];
  if (!block) throw new Error(`the page contains no block of ${language.source}`);
  return block;
}

/** The first TypeScript example of the README as an app. */
export function typescriptQuickstart(readme: string): string {
  const block = firstBlock(readFileSync(readme, 'utf8'), /ts|typescript/);
  if (block.includes('new App(')) return block;
  const declaration = /^declare const stack: .*;$/m;
  if (!declaration.test(block)) throw new Error('the first example defines neither an App nor a stack');
  return [
    "import * as quickstart from 'aws-cdk-lib';",
    block.replace(declaration, `const stack = new quickstart.Stack(new quickstart.App(), '${QUICKSTART_STACK}');`),
  ].join('\n');
}

/** The first Python example of the README that a wheel carries, which Rosetta translated, as an app. */
export function pythonQuickstart(wheelMetadata: string): string {
  const block = firstBlock(wheelMetadata, /python/);
  if (block.includes('App()')) return block;
  return [
    'import aws_cdk as quickstart',
    'app = quickstart.App()',
    `stack = quickstart.Stack(app, "${QUICKSTART_STACK}")`,
    block,
    'app.synth()',
  ].join('\n');
}
