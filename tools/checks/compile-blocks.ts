// The TypeScript code blocks of the pages compile as a reader gets them: each by itself, in a project as `cdk init` makes it, with the
// packed package. A block has its own imports. It may use `stack` and `endpoint` if its page says what they are.
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import ts from 'typescript';
import type { CodeBlock } from './code-block';
import { codeBlocksOf, readPages } from './code-block';
import { conclude } from './exempt-pages';
import { output, part, readJson, ROOT } from './part';

/** The line by which a page says what its fragments use. */
const NAMES_LINE = 'In the examples, `stack` is your `Stack` and `endpoint` is an `AsyncInferenceEndpoint`.';

const { name: PACKAGE } = readJson<{ name: string }>(ROOT, 'package.json');

/** What that line says, in TypeScript. */
const NAMES = `
declare const stack: import("aws-cdk-lib").Stack
declare const endpoint: import("${PACKAGE}").AsyncInferenceEndpoint
`;

/** What readers install beside the package: its peers, and the SDK and types that the code of their own functions uses. */
const INSTALLED = ['aws-cdk-lib', 'constructs', '@aws-sdk', '@types/node'];

/** A project with the packed package beside what is installed here, so that no network is needed. */
function createProject(folder: string): void {
  const packed = output('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', folder], { cwd: ROOT });
  const [{ filename }] = JSON.parse(packed) as [{ filename: string }];
  const library = join(folder, 'node_modules', PACKAGE);
  mkdirSync(library, { recursive: true });
  output('tar', ['--extract', '--file', join(folder, filename), '--directory', library, '--strip-components=1'], {
    cwd: folder,
  });
  for (const installed of INSTALLED) {
    const link = join(folder, 'node_modules', installed);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(join(ROOT, 'node_modules', installed), link, 'dir');
  }
  writeFileSync(join(folder, 'package.json'), '{ "private": true }');
}

/** The options of a new CDK app. Each block is a module, also one without an import. */
function optionsOf(folder: string): ts.CompilerOptions {
  const cli = dirname(createRequire(__filename).resolve('aws-cdk/package.json'));
  const template = join(cli, 'lib/init-templates/app/typescript/tsconfig.json');
  const { config } = ts.readConfigFile(template, (path) => readFileSync(path, 'utf8')) as { config: object };
  const { options } = ts.parseJsonConfigFileContent(config, { ...ts.sys, readDirectory: () => [] }, folder);
  return { ...options, types: ['node'], moduleDetection: ts.ModuleDetectionKind.Force };
}

/** The findings in blocks that may use the names that `declarations` has. */
function compile(folder: string, host: ts.CompilerHost, blocks: readonly CodeBlock[], declarations: string): Finding[] {
  const names = join(folder, 'names.d.ts');
  const files = new Map(blocks.map((block, i) => [join(folder, `block-${i}.ts`), block]));
  mkdirSync(folder);
  writeFileSync(names, declarations);
  for (const [path, { code }] of files) writeFileSync(path, code);
  const program = ts.createProgram([names, ...files.keys()], optionsOf(dirname(folder)), host);
  return ts.getPreEmitDiagnostics(program).map(({ file, start, messageText }) => {
    const message = ts.flattenDiagnosticMessageText(messageText, ' ');
    const block = file && files.get(file.fileName);
    // Anything else is wrong with the project, not with a page.
    if (!block) throw new Error(`${file?.fileName ?? folder}: ${message}`);
    const line = block.line + file.getLineAndCharacterOfPosition(start!).line;
    return { page: block.page, text: `${block.page}:${line}: ${message}` };
  });
}

interface Finding {
  readonly page: string;
  readonly text: string;
}

/** A host that parses a file once, though several programs use it. */
function caching(host: ts.CompilerHost): ts.CompilerHost {
  const parsed = new Map<string, ts.SourceFile | undefined>();
  return {
    ...host,
    getSourceFile: (path, ...rest) => {
      if (!parsed.has(path)) parsed.set(path, host.getSourceFile(path, ...rest));
      return parsed.get(path);
    },
  };
}

void part((folder) => {
  const read = readPages();
  const naming = new Set(read.filter(({ text }) => text.includes(NAMES_LINE)).map(({ page }) => page));
  const blocks = read
    .flatMap(({ page, text }) => codeBlocksOf(page, text))
    .filter(({ language }) => ['ts', 'typescript'].includes(language));
  createProject(folder);
  const host = caching(ts.createCompilerHost(optionsOf(folder)));
  const findings = [
    ...compile(
      join(folder, 'named'),
      host,
      blocks.filter(({ page }) => naming.has(page)),
      NAMES,
    ),
    ...compile(
      join(folder, 'plain'),
      host,
      blocks.filter(({ page }) => !naming.has(page)),
      '',
    ),
  ];
  console.log(`${blocks.length} TypeScript blocks`);
  conclude(
    'codeBlocks',
    [...new Set(blocks.map(({ page }) => page))].map((page) => ({
      page,
      findings: findings.filter((finding) => finding.page === page).map(({ text }) => text),
    })),
  );
});
