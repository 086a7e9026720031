import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { DemoRequest } from './round-trip';

export const HELP = `npm run demo -- [options]

Sends text inline through the invoker's bundle to an asynchronous endpoint on this machine, and follows it to its result.
With no text of yours it sends a dozen sentences in as many languages, and then three requests that are refused.

  --text TEXT      a text to send; may be repeated
  --file PATH      a file to send: a .json file is the payload as it stands, any other file is text; - is standard input
  --event JSON     a direct call of the invoker as it stands, such as '{"Body":{"inputs":"Hej"},"InferenceId":"mine"}'
  --app COMMAND    the CDK app to run, or a folder that it has been synthesised into (default: the app of cdk.json)
  --endpoint NAME  the endpoint to invoke, where the app has several (default: the first)
  --example NAME   runs an example in place of that: workflow, a state machine that waits for its answers
  --json           one JSON object a request on standard output, and nothing else there
  --keep           leave it running, and tell how to reach it with the AWS CLI or any AWS SDK
  --help           this text

A text that is piped in is sent as well. Exit codes: 0 done, 1 a request was refused or failed, 2 wrong usage.
`;

/** The demo was called in a way that it does not understand. */
export class UsageError extends Error {}

/** What the demo was asked for. */
export interface CommandLine {
  /** The user's own requests; absent where there are none. */
  readonly requests?: readonly DemoRequest[];
  readonly app?: string;
  readonly endpoint?: string;
  readonly example?: string;
  readonly json: boolean;
  readonly keep: boolean;
  readonly help: boolean;
}

/**
 * Reads the command line, and standard input where that is a part of it.
 *
 * @throws UsageError
 */
export async function readCommandLine(argv: readonly string[]): Promise<CommandLine> {
  const { text = [], file = [], event = [], ...rest } = parse(argv);
  const requests = [
    ...text.map(textRequest),
    ...(await Promise.all(file.map(fileRequest))),
    ...event.map(eventRequest),
  ];
  if (rest.example !== undefined && rest.example !== 'workflow') throw new UsageError('--example is none of: workflow');
  if (requests.length === 0 && !rest.help && !rest.example) {
    const piped = await readStandardInput(PIPE_PATIENCE_MILLISECONDS);
    if (piped) requests.push(textRequest(decode(piped, 'standard input')));
  }
  return { json: false, keep: false, help: false, ...rest, ...(requests.length > 0 && { requests }) };
}

/** A text as the model takes it; no text at all is an empty payload, so that what comes of that shows. */
export function textRequest(text: string): DemoRequest {
  return { text, event: { Body: text === '' ? '' : { inputs: text } } };
}

// In a CI run standard input may be a pipe that nobody ever writes to or closes.
const PIPE_PATIENCE_MILLISECONDS = 1_000;

function parse(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      options: {
        text: { type: 'string', multiple: true },
        file: { type: 'string', multiple: true },
        event: { type: 'string', multiple: true },
        app: { type: 'string' },
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
    throw new UsageError(`--event is not JSON: ${(error as Error).message}`);
  }
}

function readFile(path: string): Buffer {
  try {
    // npm runs scripts in the package's folder, and tells where the user was.
    return readFileSync(resolve(process.env.INIT_CWD ?? '.', path));
  } catch (error) {
    throw new UsageError(`--file cannot be read: ${(error as Error).message}`);
  }
}

function decode(bytes: Buffer, name: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new UsageError(`${name} is not UTF-8 text; a payload of bytes goes by --event '{"BodyBase64":"…"}'`);
  }
}

async function readStandardInput(patience?: number): Promise<Buffer | undefined> {
  const { stdin } = process;
  if (stdin.isTTY && patience !== undefined) return undefined;
  const timer = patience !== undefined && setTimeout(() => stdin.destroy(), patience);
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of stdin as AsyncIterable<Buffer>) {
      if (timer) clearTimeout(timer);
      chunks.push(chunk);
    }
  } catch (error) {
    if (chunks.length > 0) throw error; // else it was closed, by us or before us
  }
  if (timer) clearTimeout(timer);
  return chunks.length > 0 ? Buffer.concat(chunks) : undefined;
}
