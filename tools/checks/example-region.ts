import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './part';

const PACKAGE = 'cdk-sagemaker-async-inference';

/**
 * The code that a source such as `examples/sqs/app.ts#queue` names, as a reader takes it over: imports name the package, and nothing
 * is exported for our tests. Without a region it is the whole file.
 */
export function exampleCode(source: string): string {
  const [path = '', region] = source.split('#');
  if (!path.startsWith('examples/') || !existsSync(join(ROOT, path))) {
    throw new Error(`the source ${source} must be a file under examples/`);
  }
  return codeOfRegion(readFileSync(join(ROOT, path), 'utf8'), source, region);
}

export function codeOfRegion(text: string, source: string, region?: string): string {
  const lines = text.split('\n');
  const start = region === undefined ? -1 : lines.findIndex((line) => line.trim() === `// #region ${region}`);
  const end =
    region === undefined ? lines.length : lines.findIndex((line, i) => i > start && /^\s*\/\/ #endregion/.test(line));
  if (region !== undefined && (start < 0 || end < 0)) throw new Error(`the source ${source} has no such region`);
  const code = lines.slice(start + 1, end).filter((line) => !/^\s*\/\/ #(end)?region/.test(line));
  const indent = Math.min(...code.filter(Boolean).map((line) => line.length - line.trimStart().length));
  return `${code
    .map((line) => line.slice(indent))
    .join('\n')
    .trim()
    .replace(/'(?:\.\.\/)+lib'/g, `'${PACKAGE}'`)
    .replace(/'(?:\.\.\/)+runtime'/g, `'${PACKAGE}/runtime'`)
    .replace(/^export (?=const )/gm, '')}\n`;
}
