import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { tableOf } from '../support/markdown-table';

const ROOT = join(__dirname, '../..');
const page = readFileSync(join(ROOT, 'docs/models.md'), 'utf8');

const rows = (header: string): string[][] => tableOf('docs/models.md', page, header);

test.each([
  'Large language models (LLM)',
  'vLLM',
  'SGLang',
  'llama.cpp',
  'Bring your own container',
  'Gated models',
  'GPU drivers and CUDA',
  'Concurrency',
  'Cold start',
])('the page has the heading %s, which people search for', (heading) => {
  expect(page).toMatch(new RegExp(`^##+ ${heading.replace(/[().]/g, '\\$&')}$`, 'm'));
});

test('the memory of the weights is their number times their bytes', () => {
  const gibibytes = (billions: number, bytes: number) => `${((billions * 1e9 * bytes) / 2 ** 30).toFixed(1)} GiB`;
  const table = rows('Parameters |');
  expect(table.length).toBeGreaterThan(3);
  expect(table).toEqual(
    table.map(([parameters]) => [parameters, ...[2, 1, 0.5].map((bytes) => gibibytes(parseInt(parameters!), bytes))]),
  );
});

test('the parts of a cold start add up', () => {
  /** The shortest and the longest duration in a cell, in minutes. */
  const range = (cell: string): [number, number] => {
    if (cell.startsWith('below')) return [0.5, 1];
    const [least, most] = [...cell.matchAll(/\d+/g)].map(([minutes]) => Number(minutes));
    return [least!, most ?? least!];
  };
  const parts = rows('Part |');
  const sums = parts.pop()!;
  for (const column of [1, 2]) {
    const total = parts
      .map((row) => range(row[column]!))
      .reduce(([least, most], [from, to]) => [least + from, most + to], [0, 0]);
    expect(range(sums[column]!)).toEqual(total.map(Math.round));
  }
});

test('the images of the examples are those of the page', () => {
  const listed = rows('Model |').flatMap(([, repositories, tags]) =>
    [...repositories!.matchAll(/`([^`]+)`/g)].flatMap(([, repository]) =>
      [...tags!.matchAll(/`([^`]+)`/g)].map(([, tag]) => `${repository}:${tag}`),
    ),
  );
  const apps = readdirSync(join(ROOT, 'examples'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('app.ts') || file.endsWith('Dockerfile'))
    .map((file) => readFileSync(join(ROOT, 'examples', file), 'utf8'));
  const used = apps.flatMap((app) => [
    ...[...app.matchAll(/fromDlc\('(vllm)', '([^']+)'\)/g)].map(([, repository, tag]) => `${repository}:${tag}`),
    ...[...app.matchAll(/^FROM public\.ecr\.aws\/deep-learning-containers\/(\S+)$/gm)].map(([, image]) => image!),
  ]);
  expect(used.length).toBeGreaterThan(1);
  for (const image of used) expect(listed).toContain(image);
});
