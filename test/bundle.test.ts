import { execFile, fork } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import type { InvokerConfig } from '../lib/invoker-contract';
import { toEnvironment } from '../lib/invoker-contract';
import { startS3 } from './lambda/s3-server';
import type { Server } from './lambda/sagemaker-runtime-server';
import { refuse, startServer } from './lambda/sagemaker-runtime-server';

const ROOT = join(__dirname, '..');
const LICENCES = ['0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC', 'MIT'];
const run = promisify(execFile);

interface Built {
  readonly files: Record<string, string>;
  readonly inputs: readonly string[];
  /** The inputs of the invoker alone. */
  readonly invoker: readonly string[];
  readonly packages: readonly { readonly name: string; readonly version: string; readonly license: string; readonly text: string }[];
}

const BUILD = `
import { bundle } from ${JSON.stringify(pathToFileURL(join(ROOT, 'lambda/bundle.mjs')))};
const { files, metafile, packages } = await bundle();
const base64 = Object.fromEntries([...files].map(([name, bytes]) => [name, Buffer.from(bytes).toString('base64')]));
const invoker = Object.keys(metafile.outputs['lambda/dist/invoker/index.js'].inputs);
process.stdout.write(JSON.stringify({ files: base64, inputs: Object.keys(metafile.inputs), invoker, packages }));
`;

async function build(cwd: string): Promise<Built> {
  const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', BUILD], { cwd, maxBuffer: 2 ** 26 });
  return JSON.parse(stdout) as Built;
}

let folder: string;
let built: Built;
let server: Server;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'bundle-'));
  [built, server] = await Promise.all([build(ROOT), startServer()]);
  writeFileSync(join(folder, 'index.js'), Buffer.from(built.files['invoker/index.js']!, 'base64'));
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await server.stop();
});

test('has the same bytes from build to build and from wherever it is built', async () => {
  expect(digest(await build(folder))).toEqual(digest(built));
});

test('is what stands in lambda/dist', () => {
  for (const [name, bytes] of Object.entries(built.files)) {
    expect(readFileSync(join(ROOT, 'lambda/dist', name)).toString('base64')).toBe(bytes);
  }
});

test('the asset holds the handler and nothing else, and licences stand beside it', () => {
  expect(Object.keys(built.files)).toEqual([
    'invoker/index.js', 'invoker/input-store.js', 'starter/index.js', 'callback/index.js', 'THIRD-PARTY-LICENSES',
  ]);
});

test('holds the functions, the contracts, the runtime and packages, and nothing of CDK', () => {
  const own = built.inputs.filter((path) => !path.startsWith('node_modules/'));
  const sources = ['lambda/invoker', 'lambda/starter', 'lambda/callback', 'runtime'].flatMap((room) =>
    readdirSync(join(ROOT, room)).filter((name) => name.endsWith('.ts')).map((name) => `${room}/${name}`));
  expect(own.sort()).toEqual([...sources, 'lib/invoker-contract.ts', 'lib/callback-contract.ts'].sort());
  expect(built.packages.map(({ name }) => name)).not.toEqual(expect.arrayContaining([expect.stringMatching(/^(aws-cdk-lib|constructs)$/)]));
});

test('the invoker holds its own sources, the contract and one client', () => {
  const own = built.invoker.filter((path) => !path.startsWith('node_modules/')).map((path) => path.replace(/[^/]+$/, ''));
  expect(new Set(own)).toEqual(new Set(['lambda/invoker/', 'lib/']));
  const clients = built.invoker.map((path) => /@aws-sdk\/client-[^/]+/.exec(path)?.[0]).filter(Boolean);
  expect([...new Set(clients)]).toEqual(['@aws-sdk/client-sagemaker-runtime']);
});

test('holds an SDK that knows the inline body', () => {
  const [major, minor] = built.packages.find(({ name }) => name === '@aws-sdk/client-sagemaker-runtime')!.version.split('.').map(Number);
  expect(major === 3 && minor! >= 1068).toBe(true);
});

test('every package has a permissive licence, whose text is beside the asset', () => {
  const text = Buffer.from(built.files['THIRD-PARTY-LICENSES']!, 'base64').toString();
  for (const { name, version, license, text: licence } of built.packages) {
    expect(LICENCES).toContain(license);
    expect(text).toContain(`${name} ${version} (${license})`);
    expect(text).toContain(licence.trim());
  }
});

describe('in a Node process of its own', () => {
  const RUN = `
const { handler } = require('./index.js');
const context = { awsRequestId: 'request-1', getRemainingTimeInMillis: () => 30_000 };
const outcome = (event) => handler(event, context).catch(({ name, message }) => ({ errorType: name, errorMessage: message }));
(async () => {
  const outcomes = [];
  for (const event of JSON.parse(process.argv[2])) outcomes.push(await outcome(event));
  process.send(outcomes);
})();
`;

  async function outcomes(events: readonly unknown[], config: Partial<InvokerConfig> = {}, variables: Record<string, string> = {}): Promise<unknown> {
    writeFileSync(join(folder, 'run.js'), RUN);
    const environment = {
      ...toEnvironment({ endpointName: 'summaries', defaultContentType: 'text/plain', ...config }),
      AWS_REGION: 'eu-west-1',
      AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
      AWS_SECRET_ACCESS_KEY: 'secret',
      AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME: server.url,
      ...variables,
    };
    const child = fork(join(folder, 'run.js'), [JSON.stringify(events)], { env: environment, silent: true });
    return new Promise((resolve, reject) => {
      child.once('message', (message) => { resolve(message); child.disconnect(); });
      child.once('exit', (code) => { reject(new Error(`the child ended with ${code}`)); });
    });
  }

  test('it serves a call, and its errors keep the names that callers match on', async () => {
    expect(await outcomes([{ Body: 'hi' }, {}, { Body: 'x'.repeat(128_001) }])).toEqual([
      { InferenceId: 'request-1', OutputLocation: 's3://results/request-1.out', FailureLocation: 's3://results/failures/request-1.out' },
      { errorType: 'InvalidRequestError', errorMessage: expect.stringContaining('no payload') as string },
      { errorType: 'PayloadTooLargeError', errorMessage: expect.stringContaining('128001') as string },
    ]);
    expect(server.received[0]!.body.toString()).toBe('hi');
    server.answerWith((response) => response.writeHead(202).end('{}'));
    expect(await outcomes([{ Body: 'hi' }])).toMatchObject([{ errorType: 'MissingOutputLocationError' }]);
    server.answerWith(refuse(400, 'ValidationError'));
    expect(await outcomes([{ Body: 'hi' }])).toMatchObject([{ errorType: 'ValidationError' }]);
  });

  test('it loads S3\'s client for a payload that goes through S3, and not before', async () => {
    const s3 = await startS3();
    server.clear();
    const bySize = (Body: string) => outcomes([{ Body }], { inputPolicy: 'by-size', inputBucket: 'inputs' }, { AWS_ENDPOINT_URL_S3: s3.url });
    expect(await bySize('x'.repeat(128_000))).toMatchObject([{ InferenceId: 'request-1' }]);
    expect(await bySize('x'.repeat(128_001))).toMatchObject([{ errorMessage: expect.stringContaining('input-store.js') as string }]);
    writeFileSync(join(folder, 'input-store.js'), Buffer.from(built.files['invoker/input-store.js']!, 'base64'));
    expect(await bySize('x'.repeat(128_001))).toMatchObject([{ InferenceId: 'request-1' }]);
    expect([...s3.objects.values()]).toMatchObject([{ body: Buffer.from('x'.repeat(128_001)) }]);
    await s3.stop();
  });
});

function digest({ files }: Built): Record<string, string> {
  return Object.fromEntries(Object.entries(files).map(([name, bytes]) => [name, createHash('sha256').update(bytes).digest('hex')]));
}
