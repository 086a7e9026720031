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
/** The example, synthesised once for all. */
const app = join(folder, 'cdk.out');

beforeAll(async () => {
  mkdirSync(app);
  await synthesize(defaultApp(), app);
});

afterAll(() => rmSync(folder, { recursive: true }));

/** The demo as a process, with what it printed so far. */
class Demo {
  public output = '';
  public errors = '';
  public readonly process: ChildProcess;
  public readonly exitCode: Promise<number | null>;

  /** @param stdin what standard input has; null leaves it open and silent */
  constructor(argv: readonly string[], stdin: string | null = '') {
    this.process = spawn(process.execPath, ['--import', 'tsx', 'local/demo/demo.ts', ...argv], {
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

  /** Waits until it has printed a text. */
  public async says(text: string): Promise<void> {
    await until(() => this.output.includes(text));
  }
}

async function until(condition: () => boolean): Promise<void> {
  const limit = Date.now() + 40_000;
  while (!condition()) {
    if (Date.now() > limit) throw new Error(`waited 40 seconds in vain for: ${String(condition)}`);
    await wait(20);
  }
}

/** All processes that descend from one, which only Linux tells so easily. */
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

/** The addresses that a process listens on, as the kernel has them. */
function listening(pid: number): string[] {
  const sockets = new Set(
    readdirSync(`/proc/${pid}/fd`).map((fd) => {
      try {
        return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1];
      } catch {
        return undefined; // closed meanwhile
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

test('shows a dozen languages and what is refused', async () => {
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
  expect(demo.output).toMatch(/too many: 128,001\n {4}PayloadTooLargeError: /);
  expect(demo.output).toMatch(/no byte at all\n {4}InvalidRequestError: /);
  expect(demo.output).toMatch(/both inputs\n {4}InvalidRequestError: /);
  expect(demo.output).toContain('about 5 to 13 minutes, an estimate');
  expect(demo.errors).toBe('');
});

test('sends what the user gives, and tells of each in JSON', async () => {
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
    labels: [{ label: 'en', score: expect.any(Number) }],
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
  expect(french).toMatchObject({ bytes: 49, labels: [{ label: 'fr' }] });
  expect(german).toMatchObject({
    text: 'Der Regen hat die ganze Nacht gegen das Fenster geklopft.',
    labels: [{ label: 'de' }],
  });
  expect(polish).toMatchObject({ labels: [{ label: 'pl' }] });
  expect(both).toMatchObject({ errorType: 'InvalidRequestError' });
  expect(demo.errors).toBe('');
});

test('sends what is piped in', async () => {
  const demo = new Demo(['--app', app, '--json'], 'Os pescadores voltaram ao porto com as redes cheias.\n');
  expect(await demo.exitCode).toBe(0);
  expect(demo.objects).toEqual([
    expect.objectContaining({
      text: 'Os pescadores voltaram ao porto com as redes cheias.\n',
      labels: [{ label: 'pt', score: expect.any(Number) }],
    }),
  ]);
});

test('sends its own sentences when standard input is open and silent', async () => {
  const demo = new Demo(['--app', app, '--json'], null);
  expect(await demo.exitCode).toBe(0);
  expect(demo.objects.map(({ text }) => text)).toEqual(sentences);
});

test.each([
  [2, ['--nothing'], "Unknown option '--nothing'"],
  [2, ['--app', app, '--endpoint', 'Nowhere', '--text', 'Hej'], '--endpoint is none of asyncinferenceexample-'],
  [1, ['--app', 'echo no such prop >&2; exit 3', '--text', 'Hej'], 'no such prop'],
])('ends with %d and nothing on standard output: %j', async (exitCode, argv, message) => {
  const demo = new Demo(argv);
  expect(await demo.exitCode).toBe(exitCode);
  expect(demo.errors).toContain(message);
  expect(demo.output).toBe('');
});

onLinux('when it is kept', () => {
  let demo: Demo;
  let family: number[];

  beforeAll(async () => {
    demo = new Demo(['--app', app, '--keep', '--text', 'Good morning, how are you today?']);
    await demo.says('aws s3 cp');
    family = [demo.process.pid!, ...descendants(demo.process.pid!)];
  });

  test('is reached by any client, with the variables that it tells', async () => {
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

  test('listens on this machine only', () => {
    const addresses = family.flatMap(listening);
    expect(addresses.length).toBeGreaterThanOrEqual(3);
    expect(new Set(addresses)).toEqual(new Set(['0100007F']));
  });

  test('ends well by Ctrl-C, and leaves nothing behind', async () => {
    expect(family.length).toBeGreaterThanOrEqual(3);
    demo.process.kill('SIGINT');
    expect(await demo.exitCode).toBe(0);
    await until(() => !family.some(isAlive));
    expect(readdirSync(folder).filter((name) => /^(async-inference-demo|function)-/.test(name))).toEqual([]);
  });
});

onLinux('leaves no process behind', () => {
  test('when it is killed', async () => {
    const demo = new Demo(['--app', app, '--keep', '--text', 'Hej']);
    await demo.says('aws s3 cp');
    const family = descendants(demo.process.pid!);
    expect(family.length).toBeGreaterThanOrEqual(2);
    demo.process.kill('SIGKILL');
    await until(() => !family.some(isAlive));
  });

  test('when it is ended while the app runs', async () => {
    const demo = new Demo(['--app', 'sleep 600 & sleep 600', '--text', 'Hej']);
    await until(() => descendants(demo.process.pid!).length >= 3);
    const family = descendants(demo.process.pid!);
    demo.process.kill('SIGTERM');
    expect(await demo.exitCode).toBe(130);
    await until(() => !family.some(isAlive));
  });
});
