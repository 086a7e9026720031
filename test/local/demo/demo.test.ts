import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { InvokeEndpointAsyncCommand, SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import sentences from '../../../local/demo/sentences.json';
import { defaultApp, synthesize } from '../../../local/app/synthesis';
import { afterTests } from '../../support/after-tests';

const folder = mkdtempSync(join(tmpdir(), 'demo-test-'));
/** The example, synthesized once for all tests. */
const app = join(folder, 'cdk.out');

beforeAll(async () => {
  mkdirSync(app);
  await synthesize(defaultApp(), app);
});

afterAll(() => rmSync(folder, { recursive: true }));

const DEMO = [process.execPath, '--import', 'tsx', 'local/demo/demo.ts'];
/** Without the script that builds the bundles first, because other tests use them at the same time. */
const NPM_RUN_DEMO = ['npm', 'run', '--ignore-scripts', 'demo', '--'];

/** The demo in a process of its own. */
class Demo {
  public output = '';
  public errors = '';
  public readonly process: ChildProcess;
  public readonly exitCode: Promise<number | null>;

  /** @param stdin the data of standard input, or null to leave it open without data */
  constructor(argv: readonly string[], stdin: string | null = '', command = DEMO) {
    const [file, ...args] = [...command, ...argv];
    this.process = spawn(file!, args, {
      stdio: 'pipe',
      env: { ...process.env, TMPDIR: folder },
    });
    afterTests(() => this.process.kill('SIGKILL'));
    if (stdin !== null) this.process.stdin!.end(stdin);
    this.process.stdout!.on('data', (chunk) => {
      this.output += String(chunk);
    });
    this.process.stderr!.on('data', (chunk) => {
      this.errors += String(chunk);
    });
    this.exitCode = new Promise((resolve) => this.process.once('close', resolve));
  }

  public get objects(): Record<string, unknown>[] {
    return this.output
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  }

  /** Waits until the demo has printed a text. */
  public async prints(text: string): Promise<void> {
    await until(`the demo prints "${text}"`, () => {
      if (this.process.exitCode !== null) throw new Error(`The demo ended without "${text}":\n${this.errors}`);
      return this.output.includes(text);
    });
  }

  /** The process and all its descendants. */
  public family(): number[] {
    return [this.process.pid!, ...descendants(this.process.pid!)];
  }
}

async function until(description: string, condition: () => boolean): Promise<void> {
  const limit = Date.now() + 40_000;
  while (!condition()) {
    if (Date.now() > limit) throw new Error(`Waited for 40 seconds until ${description}.`);
    await wait(20);
  }
}

function ended(pids: readonly number[]): Promise<void> {
  return until('all processes have ended', () => !pids.some(isAlive));
}

/** The descendants of a process, which Linux lists in /proc. */
function descendants(pid: number): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
    .trim()
    .split(' ')
    .filter(Boolean)
    .map(Number);
  return children.flatMap((child) => [child, ...descendants(child)]);
}

function isAlive(pid: number): boolean {
  try {
    return !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');
  } catch {
    return false;
  }
}

function temporaryFolders(): string[] {
  return readdirSync(folder).filter((name) => /^(async-inference-demo|function)-/.test(name));
}

/** The addresses on which a process listens, from the kernel. */
function listening(pid: number): string[] {
  const sockets = new Set(
    readdirSync(`/proc/${pid}/fd`).map((fd) => {
      try {
        return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1];
      } catch {
        return undefined; // The descriptor was closed in the meantime.
      }
    }),
  );
  return ['tcp', 'tcp6'].flatMap((family) =>
    readFileSync(`/proc/${pid}/net/${family}`, 'utf8')
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.trim().split(/\s+/))
      .filter(([, , , state, , , , , , inode]) => state === '0A' && sockets.has(inode))
      .map(([, address]) => address!.split(':')[0]!),
  );
}

const onLinux = process.platform === 'linux' ? describe : describe.skip;

test('the demo prints twelve languages and three rejected requests', async () => {
  const demo = new Demo([]);
  expect(await demo.exitCode).toBe(0);
  for (const label of [
    '"label":"en"',
    ...'fr de es it pt pl tr ru ja ko ar'.split(' ').map((code) => `\n  ${code}  `),
  ]) {
    expect(demo.output).toContain(label);
  }
  for (const sentence of sentences) expect(demo.output).toContain(sentence);
  expect(demo.output).toMatch(
    /bytes, inline\n {2}202 .*\n +result {3}s3:.*\n +failure {2}s3:.*\n {2}notified {3}Completed .*\n {2}result /,
  );
  expect(demo.output).toMatch(/128,001 bytes, one more than the limit\n {4}PayloadTooLargeError: /);
  expect(demo.output).toMatch(/An empty payload\n {4}InvalidRequestError: /);
  expect(demo.output).toMatch(/Two inputs\n {4}InvalidRequestError: /);
  expect(demo.output).toContain('about 5 to 13 minutes (estimate)');
  expect(demo.errors).toBe('');
});

test('the demo sends the texts, files and events of the user and prints each as JSON', async () => {
  const json = join(folder, 'payload.json');
  const text = join(folder, 'letter.txt');
  writeFileSync(json, '{ "inputs" : "Le boulanger ouvre sa boutique." }\n');
  writeFileSync(text, 'Der Regen hat die ganze Nacht gegen das Fenster geklopft.');
  const demo = new Demo(
    [
      '--app',
      app,
      '--json',
      '--text',
      'Good morning, how are you today?',
      '--text',
      '',
      '--text',
      '  ',
      '--file',
      json,
      '--file',
      text,
      '--file',
      '-',
      '--event',
      '{"Body":"x","InputLocation":"s3://bucket/key"}',
    ],
    'Kot śpi na parapecie i nie zwraca uwagi na gołębie.',
  );
  expect(await demo.exitCode).toBe(1);
  const locations = {
    OutputLocation: expect.stringMatching(/^s3:/),
    FailureLocation: expect.stringMatching(/^s3:/),
    InferenceId: expect.any(String),
  };
  const [english, empty, blank, french, german, polish, both, ...others] = demo.objects;
  expect(others).toEqual([]);
  expect(english).toEqual({
    text: 'Good morning, how are you today?',
    bytes: 45,
    result: [{ label: 'en', score: expect.any(Number) }],
    ...locations,
  });
  expect(empty).toEqual({
    text: '',
    bytes: 0,
    errorType: 'InvalidRequestError',
    errorMessage: expect.stringContaining('empty'),
  });
  expect(blank).toEqual({
    text: '  ',
    bytes: 15,
    errorType: 'Failed',
    errorMessage: expect.stringContaining('400'),
    failure: { error: expect.any(String) },
    ...locations,
  });
  expect(french).toMatchObject({ bytes: 49, result: [{ label: 'fr' }] });
  expect(german).toMatchObject({
    text: 'Der Regen hat die ganze Nacht gegen das Fenster geklopft.',
    result: [{ label: 'de' }],
  });
  expect(polish).toMatchObject({ result: [{ label: 'pl' }] });
  expect(both).toMatchObject({ errorType: 'InvalidRequestError' });
  expect(demo.errors).toBe('');
});

test('the demo sends the text of standard input', async () => {
  const demo = new Demo(['--app', app, '--json'], 'Os pescadores voltaram ao porto com as redes cheias.\n');
  expect(await demo.exitCode).toBe(0);
  expect(demo.objects).toEqual([
    expect.objectContaining({
      text: 'Os pescadores voltaram ao porto com as redes cheias.\n',
      result: [{ label: 'pt', score: expect.any(Number) }],
    }),
  ]);
});

test('the demo sends its own sentences if standard input stays open without data', async () => {
  const demo = new Demo(['--app', app, '--json'], null);
  expect(await demo.exitCode).toBe(0);
  expect(demo.objects.map(({ text }) => text)).toEqual(sentences);
});

test.each([
  [2, ['--nothing'], "Unknown option '--nothing'"],
  [2, ['--app', app, '--endpoint', 'Nowhere', '--text', 'Hej'], '--endpoint must be one of asyncinferenceexample-'],
  [2, ['--app', app, '--container', 'true'], '--container needs --text, --file or --event'],
  [
    1,
    ['--app', app, '--container', 'exit 3', '--text', 'Hej'],
    'The container command "exit 3" ended with exit code 3',
  ],
  [1, ['--app', 'echo no such prop >&2; exit 3', '--text', 'Hej'], 'no such prop'],
])('the demo ends with exit code %d and prints nothing to standard output for %j', async (exitCode, argv, message) => {
  const demo = new Demo(argv);
  expect(await demo.exitCode).toBe(exitCode);
  expect(demo.errors).toContain(message);
  expect(demo.output).toBe('');
});

onLinux('a demo with --keep', () => {
  let demo: Demo;
  let family: number[];

  beforeAll(async () => {
    demo = new Demo(['--app', app, '--keep', '--text', 'Good morning, how are you today?']);
    await demo.prints('aws s3 cp');
    family = demo.family();
  });

  test('the services of a demo with --keep accept SDK clients with the printed variables', async () => {
    const variables = Object.fromEntries(
      [...demo.output.matchAll(/^export (\w+)=(.*)$/gm)].map(([, name, value]) => [name!, value!]),
    );
    const at = (service: string) => ({
      endpoint: variables[`AWS_ENDPOINT_URL_${service}`]!,
      region: variables.AWS_REGION!,
      credentials: { accessKeyId: variables.AWS_ACCESS_KEY_ID!, secretAccessKey: variables.AWS_SECRET_ACCESS_KEY! },
    });
    const { OutputLocation, InferenceId } = await new SageMakerRuntimeClient(at('SAGEMAKER_RUNTIME')).send(
      new InvokeEndpointAsyncCommand({
        EndpointName: /--endpoint-name (\S+)/.exec(demo.output)![1]!,
        ContentType: 'application/json',
        Body: '{"inputs":"Wie spät ist es jetzt?"}',
      }),
    );
    const { Messages } = await new SQSClient({ ...at('SQS'), useQueueUrlAsEndpoint: false }).send(
      new ReceiveMessageCommand({
        QueueUrl: /--queue-url (\S+)/.exec(demo.output)![1]!,
        WaitTimeSeconds: 10,
      }),
    );
    expect(JSON.parse(Messages![0]!.Body!)).toMatchObject({ inferenceId: InferenceId, invocationStatus: 'Completed' });
    const [, bucket, key] = /^s3:\/\/([^/]+)\/(.*)$/.exec(OutputLocation!)!;
    const { Body } = await new S3Client(at('S3')).send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    expect(JSON.parse(await Body!.transformToString())).toMatchObject([{ label: 'de' }]);
  });

  test('the processes of the demo listen on 127.0.0.1 only', () => {
    const addresses = family.flatMap(listening);
    expect(addresses.length).toBeGreaterThanOrEqual(3);
    expect(new Set(addresses)).toEqual(new Set(['0100007F']));
  });

  test('Ctrl-C ends a demo with --keep with exit code 0 and leaves neither processes nor files', async () => {
    expect(family.length).toBeGreaterThanOrEqual(3);
    demo.process.kill('SIGINT');
    expect(await demo.exitCode).toBe(0);
    await ended(family);
    expect(temporaryFolders()).toEqual([]);
  });
});

onLinux('the end of a demo', () => {
  /** The processes of a demo, which a failing test must not leave behind. */
  function familyOf(demo: Demo): number[] {
    const family = demo.family();
    afterTests(() => family.filter(isAlive).forEach((pid) => process.kill(pid, 'SIGKILL')));
    return family;
  }

  /** The processes of a demo with `--keep` when it has started all of them. */
  async function keptFamilyOf(demo: Demo): Promise<number[]> {
    await demo.prints('aws s3 cp');
    const family = familyOf(demo);
    expect(family.length).toBeGreaterThanOrEqual(3);
    return family;
  }

  test.each(['SIGTERM', 'SIGKILL', 'SIGHUP'] as const)('a demo that receives %s leaves no process', async (signal) => {
    const demo = new Demo(['--app', app, '--keep', '--text', 'Hej']);
    const family = await keptFamilyOf(demo);
    demo.process.kill(signal);
    await ended(family);
  });

  test.each(['SIGTERM', 'SIGKILL'] as const)('npm that receives %s leaves no process of the demo', async (signal) => {
    const before = temporaryFolders();
    const npm = new Demo(['--app', app, '--keep', '--text', 'Hej'], '', NPM_RUN_DEMO);
    const family = await keptFamilyOf(npm);
    npm.process.kill(signal);
    await ended(family);
    expect(temporaryFolders()).toEqual(before);
  });

  test('a demo that receives SIGTERM while the app runs leaves no process and has its exit code', async () => {
    const demo = new Demo(['--app', 'sleep 600 & sleep 600', '--text', 'Hej']);
    await until('the app runs', () => demo.family().length >= 4);
    const family = familyOf(demo);
    demo.process.kill('SIGTERM');
    expect(await demo.exitCode).toBe(128 + 15);
    await ended(family);
  });
});
