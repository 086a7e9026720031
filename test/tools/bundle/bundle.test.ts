import { execFile, fork } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { unzipSync } from 'fflate';
import { ScriptTarget, transpileModule } from 'typescript';
import type { InvokerConfig } from '../../../lib/contract/invoker';
import { toEnvironment } from '../../../lib/contract/invoker';
import type { S3Server } from '../../support/s3-server';
import { afterTests } from '../../support/after-tests';
import { startS3 } from '../../support/s3-server';
import type { Server } from '../../support/sagemaker-runtime-server';
import { ACCEPT, refuse, startServer } from '../../support/sagemaker-runtime-server';

const ROOT = join(__dirname, '../../..');
const LICENSES = ['0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC', 'MIT'];
const run = promisify(execFile);

interface Built {
  readonly files: Record<string, string>;
  readonly inputs: readonly string[];
  /** The inputs of the invoker alone. */
  readonly invoker: readonly string[];
  readonly packages: readonly {
    readonly name: string;
    readonly version: string;
    readonly license: string;
    readonly text: string;
  }[];
}

const BUILD = `
import { createRequire } from 'node:module';
const { bundle } = createRequire(import.meta.url)(${JSON.stringify(join(ROOT, 'tools/bundle/bundle.ts'))});
const { files, metafile, packages } = await bundle({ plain: process.env.PLAIN !== undefined });
const base64 = Object.fromEntries([...files].map(([name, bytes]) => [name, Buffer.from(bytes).toString('base64')]));
const invoker = Object.keys(metafile.outputs['lambda/dist/invoker/index.js'].inputs);
process.stdout.write(JSON.stringify({ files: base64, inputs: Object.keys(metafile.inputs), invoker, packages }));
`;

async function build(cwd: string, { timeZone = 'UTC', plain = false } = {}): Promise<Built> {
  const { stdout } = await run(
    process.execPath,
    ['--import', pathToFileURL(require.resolve('tsx')).href, '--input-type=module', '--eval', BUILD],
    { cwd, env: { ...process.env, TZ: timeZone, ...(plain && { PLAIN: '1' }) }, maxBuffer: 2 ** 26 },
  );
  return JSON.parse(stdout) as Built;
}

let folder: string;
let built: Built;
let server: Server;
let s3: S3Server;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'bundle-'));
  [built, server, s3] = await Promise.all([build(ROOT), startServer(), startS3()]);
  for (const name of ['invoker', 'invoker-with-s3-and-sqs']) writeFileSync(join(folder, `${name}.js`), unzipped(name));
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await Promise.all([server.stop(), s3.stop()]);
});

test('has the same bytes in every build, in every folder and time zone', async () => {
  expect(digest(await build(folder, { timeZone: 'Asia/Tokyo' }))).toEqual(digest(built));
});

test('is the content of lambda/dist', () => {
  for (const [name, bytes] of Object.entries(built.files)) {
    expect(readFileSync(join(ROOT, 'lambda/dist', name)).toString('base64')).toBe(bytes);
  }
});

test('each archive contains only the handler, readable by everybody, beside the licenses', () => {
  const functions = ['invoker', 'invoker-with-s3-and-sqs', 'starter', 'callback'];
  expect(Object.keys(built.files).sort()).toEqual(
    ['THIRD-PARTY-LICENSES', ...functions.flatMap((name) => [`${name}.zip`, `${name}/index.js`])].sort(),
  );
  for (const name of functions) {
    const archive = Buffer.from(built.files[`${name}.zip`]!, 'base64');
    expect(unzipSync(archive)).toEqual({
      'index.js': new Uint8Array(Buffer.from(built.files[`${name}/index.js`]!, 'base64')),
    });
    const entry = archive.lastIndexOf('PK\x01\x02');
    expect(archive.readUInt32LE(entry + 38) >>> 16).toBe(0o100644);
  }
});

test('contains the functions, the contract, the runtime and packages, and nothing of CDK', () => {
  const own = built.inputs.filter(isOwn);
  const sources = ['lambda', 'runtime', 'lib/contract'].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && !name.startsWith('dist'))
      .map((name) => `${folder}/${name}`)
      .filter(hasCode),
  );
  expect(own.sort()).toEqual(sources.sort());
  expect(built.packages.map(({ name }) => name)).not.toEqual(
    expect.arrayContaining([expect.stringMatching(/^(aws-cdk-lib|constructs)$/)]),
  );
});

test('no bundle has a dynamic import, which would load the ECMAScript module loader of Node.js', () => {
  for (const [name, code] of Object.entries(built.files).filter(([name]) => name.endsWith('.js'))) {
    expect([name, Buffer.from(code, 'base64').toString().includes('import(')]).toEqual([name, false]);
  }
});

test('the invoker contains its own sources, the contract and one client', () => {
  const own = built.invoker.filter(isOwn).map((path) => dirname(path));
  expect(new Set(own)).toEqual(new Set(['lambda/invoker', 'lambda/invoker/callers', 'lambda/shared', 'lib/contract']));
  const clients = built.invoker.map((path) => /@aws-sdk\/client-[^/]+/.exec(path)?.[0]).filter(Boolean);
  expect([...new Set(clients)]).toEqual(['@aws-sdk/client-sagemaker-runtime']);
});

test('contains an SDK that supports the inline body', () => {
  const [major, minor] = built.packages
    .find(({ name }) => name === '@aws-sdk/client-sagemaker-runtime')!
    .version.split('.')
    .map(Number);
  expect(major === 3 && minor! >= 1068).toBe(true);
});

test('every package has a permissive license, whose text is beside the asset', () => {
  const text = Buffer.from(built.files['THIRD-PARTY-LICENSES']!, 'base64').toString();
  for (const { name, version, license, text: licenseText } of built.packages) {
    expect(LICENSES).toContain(license);
    expect(text).toContain(`${name} ${version} (${license})`);
    // Copies of the Apache License differ in spaces, and in a line with the owner, which is beside the name of the package.
    const owner = /^ *Copyright (\d{4}|\[yyyy\]).*$/m.exec(license === 'Apache-2.0' ? licenseText : '')?.[0] ?? '';
    expect(text).toContain(`${name} ${version} (${license})${owner && `, ${owner.trim()}`}`);
    const letters = (words: string) => words.replace(/[^a-z]/gi, '').toLowerCase();
    for (const part of owner ? licenseText.split(owner) : [licenseText]) expect(letters(text)).toContain(letters(part));
  }
});

describe('in a Node process of its own', () => {
  const RUN = `
const { handler } = require(process.argv[3]);
const context = { awsRequestId: 'request-1', getRemainingTimeInMillis: () => 30_000 };
const outcome = (event) => handler(event, context).catch(({ name, message }) => ({ errorType: name, errorMessage: message }));
(async () => {
  const outcomes = [];
  for (const event of JSON.parse(process.argv[2])) outcomes.push(await outcome(event));
  process.send(outcomes);
})();
`;

  async function outcomes(
    events: readonly unknown[],
    config: Partial<InvokerConfig> = {},
    variables: Record<string, string> = {},
    bundle = 'invoker',
  ): Promise<unknown> {
    writeFileSync(join(folder, 'run.js'), RUN);
    const environment = {
      ...toEnvironment({ endpointName: 'summaries', defaultContentType: 'text/plain', ...config }),
      AWS_REGION: 'eu-west-1',
      AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
      AWS_SECRET_ACCESS_KEY: 'secret',
      AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME: server.url,
      ...variables,
    };
    const child = fork(join(folder, 'run.js'), [JSON.stringify(events), `./${bundle}.js`], {
      env: environment,
      silent: true,
    });
    afterTests(() => child.kill());
    return new Promise((resolve, reject) => {
      child.once('message', (message) => {
        resolve(message);
        child.kill();
      });
      child.once('exit', (code) => {
        reject(new Error(`the child ended with ${code}`));
      });
    });
  }

  test('it serves a call, and its errors keep the names that callers match on', async () => {
    expect(await outcomes([{ Body: 'hi' }, {}, { Body: 'x'.repeat(128_001) }])).toEqual([
      {
        InferenceId: 'request-1',
        OutputLocation: 's3://results/request-1.out',
        FailureLocation: 's3://results/failures/request-1.out',
      },
      { errorType: 'InvalidRequestError', errorMessage: expect.stringContaining('no payload') as string },
      { errorType: 'PayloadTooLargeError', errorMessage: expect.stringContaining('128001') as string },
    ]);
    expect(server.received[0]!.body.toString()).toBe('hi');
    server.answerWith((response) => response.writeHead(202).end('{}'));
    expect(await outcomes([{ Body: 'hi' }])).toMatchObject([{ errorType: 'MissingOutputLocationError' }]);
    server.answerWith(refuse(400, 'ValidationError'));
    expect(await outcomes([{ Body: 'hi' }])).toMatchObject([{ errorType: 'ValidationError' }]);
  });

  test('it puts a large payload in S3 if it contains the S3 client, and sends none otherwise', async () => {
    server.clear();
    server.answerWith(ACCEPT);
    const bySize = (size: number, bundle: string) =>
      outcomes(
        [{ Body: 'x'.repeat(size) }],
        { inputPolicy: 'by-size', inputBucket: 'inputs' },
        { AWS_ENDPOINT_URL_S3: s3.url },
        bundle,
      );
    expect(await bySize(128_000, 'invoker')).toMatchObject([{ InferenceId: 'request-1' }]);
    expect(await bySize(128_001, 'invoker')).toMatchObject([
      { errorMessage: expect.stringContaining('cannot be put in S3') as string },
    ]);
    expect(await bySize(128_001, 'invoker-with-s3-and-sqs')).toMatchObject([{ InferenceId: 'request-1' }]);
    expect([...s3.objects.values()]).toMatchObject([{ body: Buffer.from('x'.repeat(128_001)) }]);
    expect(server.received).toHaveLength(2);
  });

  test('a plain bundle contains the unchanged SDK and returns the same', async () => {
    const plain = await build(ROOT, { plain: true });
    const code = Buffer.from(plain.files['invoker/index.js']!, 'base64').toString();
    expect(plain.invoker.filter((path) => path.startsWith('when-called:'))).toEqual([]);
    expect(plain.packages.map(({ name }) => name)).toContain('@aws-sdk/credential-provider-sso');
    expect(built.packages.map(({ name }) => name)).not.toContain('@aws-sdk/credential-provider-sso');
    expect(code.includes('InvalidRequestError = class')).toBe(true);
    writeFileSync(join(folder, 'plain.js'), code);
    server.clear();
    expect(await outcomes([{ Body: 'hi' }, {}], {}, {}, 'plain')).toMatchObject([
      { InferenceId: 'request-1' },
      { errorType: 'InvalidRequestError' },
    ]);
  });
});

function unzipped(name: string): Uint8Array {
  return unzipSync(Buffer.from(built.files[`${name}.zip`]!, 'base64'))['index.js']!;
}

/** A file that holds types alone leaves nothing in a bundle. */
function hasCode(file: string): boolean {
  const source = readFileSync(join(ROOT, file), 'utf8');
  const { outputText } = transpileModule(source, {
    compilerOptions: { target: ScriptTarget.ES2022, removeComments: true },
  });
  return outputText.replace('export {};', '').trim() !== '';
}

/** Neither a package nor what stands in for a module of Node.js. */
function isOwn(path: string): boolean {
  return !/^(node_modules\/|when-called:)/.test(path);
}

function digest({ files }: Built): Record<string, string> {
  return Object.fromEntries(
    Object.entries(files).map(([name, bytes]) => [name, createHash('sha256').update(bytes).digest('hex')]),
  );
}
