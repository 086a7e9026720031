import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { DemoRequest } from './round-trip';

export const HELP = `npm run demo -- [options]

Runs the app on this machine with emulated AWS services. Sends texts inline through the invoker to the asynchronous
endpoint and prints their results. Without a text of yours it sends twelve sentences in twelve languages, and then three
requests that the invoker rejects.

  --text TEXT      Sends a text. Can be repeated.
  --file PATH      Sends a file. A .json file is the payload, another file is a text, and - is standard input.
  --event JSON     Invokes the invoker with an event, such as '{"Body":{"inputs":"Hej"},"InferenceId":"my-id"}'.
  --app COMMAND    Runs another CDK app, given as a command or as a folder with a cloud assembly. The default is in cdk.json.
  --container COMMAND
                   Runs a command as the model container, which must serve /ping and /invocations on HOST and PORT.
                   The default is a language identification model. Needs --text, --file or --event.
  --endpoint NAME  Invokes another endpoint of the app. The default is the first one.
  --example NAME   Runs an example instead: workflow, a state machine that waits for results.
  --json           Prints one JSON object per request, and nothing else, to standard output.
  --keep           Keeps the services running, and prints how to reach them with the AWS CLI or an AWS SDK.
  --help           Prints this help.

Standard input is sent as a text too. Exit codes: 0 success, 1 a request failed or was rejected, 2 wrong usage.
`;

/** How long to wait for standard input, because a pipe in a CI run may stay open without any data. */
const STDIN_TIMEOUT_MILLISECONDS = 1_000;

/** The options of the demo are wrong. */
export class UsageError extends Error {}

/** The options of the demo. */
export interface CommandLine {
  /** The requests of the user, absent if there are none. */
  readonly requests?: readonly DemoRequest[];
  readonly app?: string;
  readonly container?: string;
  readonly endpoint?: string;
  readonly example?: string;
  readonly json: boolean;
  readonly keep: boolean;
  readonly help: boolean;
}

/**
 * Reads the command line, and standard input if it contains a request.
 *
 * @throws UsageError
 */
export async function readCommandLine(argv: readonly string[]): Promise<CommandLine> {
  const options = parse(argv);
  checkExample(options);
  const { text = [], file = [], event = [], ...rest } = options;
  const requests = [
    ...text.map(textRequest),
    ...(await Promise.all(file.map(fileRequest))),
    ...event.map(eventRequest),
  ];
  if (requests.length === 0 && !rest.help && !rest.example) {
    const input = await readStandardInput(STDIN_TIMEOUT_MILLISECONDS);
    if (input) requests.push(textRequest(decode(input, 'standard input')));
  }
  return { json: false, keep: false, help: false, ...rest, ...(requests.length > 0 && { requests }) };
}

/** The request for a text. An empty text becomes an empty payload, so that its rejection is visible. */
export function textRequest(text: string): DemoRequest {
  return { text, event: { Body: text === '' ? '' : { inputs: text } } };
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      options: {
        text: { type: 'string', multiple: true },
        file: { type: 'string', multiple: true },
        event: { type: 'string', multiple: true },
        app: { type: 'string' },
        container: { type: 'string' },
        endpoint: { type: 'string' },
        example: { type: 'string' },
        json: { type: 'boolean' },
        keep: { type: 'boolean' },
        help: { type: 'boolean' },
      },
    }).values;
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

/** An example has its own app and its own requests, so it would ignore the other options. */
function checkExample(options: ReturnType<typeof parse>): void {
  const { example } = options;
  if (example === undefined) return;
  if (example !== 'workflow') throw new UsageError(`--example must be workflow, got ${example}`);
  const ignored = Object.keys(options)
    .filter((name) => name !== 'example' && name !== 'help')
    .map((name) => `--${name}`);
  if (ignored.length > 0) throw new UsageError(`--example cannot be combined with ${ignored.join(', ')}`);
}

async function fileRequest(path: string): Promise<DemoRequest> {
  if (path === '-') return textRequest(decode((await readStandardInput()) ?? Buffer.alloc(0), 'standard input'));
  const content = readFile(path);
  if (!path.endsWith('.json')) return textRequest(decode(content, path));
  return { event: { BodyBase64: content.toString('base64'), ContentType: 'application/json' } };
}

function eventRequest(json: string): DemoRequest {
  try {
    return { event: JSON.parse(json) as unknown };
  } catch (error) {
    throw new UsageError(`--event must be JSON: ${(error as Error).message}`);
  }
}

function readFile(path: string): Buffer {
  try {
    // npm runs scripts in the folder of the package, and INIT_CWD is the folder of the user.
    return readFileSync(resolve(process.env.INIT_CWD ?? '.', path));
  } catch (error) {
    throw new UsageError(`--file cannot be read: ${(error as Error).message}`);
  }
}

function decode(bytes: Buffer, name: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new UsageError(`${name} is not UTF-8 text. To send bytes, use --event '{"BodyBase64":"…"}'.`);
  }
}

async function readStandardInput(timeoutMilliseconds?: number): Promise<Buffer | undefined> {
  const { stdin } = process;
  if (stdin.isTTY && timeoutMilliseconds !== undefined) return undefined;
  const timer = timeoutMilliseconds !== undefined && setTimeout(() => stdin.destroy(), timeoutMilliseconds);
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of stdin as AsyncIterable<Buffer>) {
      if (timer) clearTimeout(timer);
      chunks.push(chunk);
    }
  } catch (error) {
    // Without any data, standard input was closed, either by the timer or from the start.
    if (chunks.length > 0) throw error;
  }
  if (timer) clearTimeout(timer);
  return chunks.length > 0 ? Buffer.concat(chunks) : undefined;
}
