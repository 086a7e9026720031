// The local run, in reading order: the command line (command-line), the templates of an app (app/synthesis, app/template,
// app/resources), and the emulated services (aws/deployment, aws/data-plane, aws/lambda-function). Then one request from start to
// end (round-trip), and the output (report). The unconfirmed behavior of SageMaker is in aws/assumptions.
import { mkdtempSync, rmSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { onExit } from '../app/on-exit';
import { readAppResources } from '../app/resources';
import type { AppResources, EndpointConfiguration } from '../app/resources';
import { defaultApp, synthesize } from '../app/synthesis';
import { Deployment } from '../aws/deployment';
import { HELP, readCommandLine, textRequest, UsageError } from './command-line';
import type { CommandLine } from './command-line';
import { exitWithParent } from './exit-with-parent';
import * as report from './report';
import { roundTrip, toJson } from './round-trip';
import type { DemoRequest, RoundTrip } from './round-trip';
import sentences from './sentences.json';
import { stopwatch } from './stopwatch';
import { workflowDemo } from './workflow-demo';

/** With `--keep`, a signal is the normal end. */
let isKeptRunning = false;

const print = (text: string): void => void process.stdout.write(text);

async function demo(commandLine: CommandLine): Promise<number> {
  const { app = defaultApp(), container, json, requests, keep } = commandLine;
  if (container !== undefined && !requests)
    throw new UsageError(
      '--container needs --text, --file or --event: the sentences of the demo are for its own model',
    );
  const printText = json ? () => undefined : print;
  const lap = stopwatch();
  const resources = readAppResources(await synthesize(app, temporaryFolder()));
  const endpoint = chooseEndpoint(resources, commandLine.endpoint);
  const synthesisMilliseconds = lap();

  const deployment = await Deployment.start(resources, { containerCommand: container });
  try {
    const invoker = deployment.invokerOf(endpoint.name);
    printText(report.synthesized(app, endpoint, invoker.configuration, synthesisMilliseconds));
    printText(report.started(endpoint, container, lap()));

    const send = (request: DemoRequest): Promise<RoundTrip> => roundTrip(deployment, invoker, request);
    const trips = await (requests ? sendAll(requests, send, json) : sendSentences(send, json));
    const areRejected = requests || json ? true : await sendRejected(send);
    printText(report.WAKE_NOTE);
    if (keep) await keepRunning(deployment, endpoint, trips.at(-1)?.response?.OutputLocation, json);
    return areRejected && !trips.some(({ error }) => error) ? 0 : 1;
  } finally {
    await deployment.close();
  }
}

type Send = (request: DemoRequest) => Promise<RoundTrip>;

/** Sends one request after the other and prints the details of each. */
async function sendAll(requests: readonly DemoRequest[], send: Send, json: boolean): Promise<RoundTrip[]> {
  const trips: RoundTrip[] = [];
  for (const request of requests) {
    const trip = await send(request);
    print(json ? `${toJson(trip)}\n` : report.roundTripDetails(trip, trips.length === 0));
    trips.push(trip);
  }
  return trips;
}

/** Sends the sentences of the demo. Prints the details of the first, and one line for each of the others. */
async function sendSentences(send: Send, json: boolean): Promise<RoundTrip[]> {
  const requests = sentences.map(textRequest);
  if (json) return sendAll(requests, send, json);
  const trips = await sendAll(requests.slice(0, 1), send, json);
  print(`${requests.length - 1} more requests\n`);
  for (const request of requests.slice(1)) {
    const trip = await send(request);
    print(report.roundTripLine(trip));
    trips.push(trip);
  }
  return trips;
}

/** Sends requests that the invoker rejects. Returns false if it accepts one. */
async function sendRejected(send: Send): Promise<boolean> {
  print('\nRequests that the invoker rejects\n');
  const trips: RoundTrip[] = [];
  for (const [description, event] of report.REJECTED_EVENTS) {
    const trip = await send({ event });
    print(report.rejection(description, trip));
    trips.push(trip);
  }
  print('\n');
  return trips.every(({ error }) => error);
}

async function keepRunning(
  { services, endpointUrls }: Deployment,
  endpoint: EndpointConfiguration,
  location = `${endpoint.outputPath}/…`,
  json: boolean,
): Promise<void> {
  const topicArns = [endpoint.successTopicArn, endpoint.errorTopicArn].filter((arn) => arn !== undefined);
  const queueUrl = await services.session(endpoint.region).createQueue('notifications', topicArns);
  const instructions = report.accessInstructions(endpoint, endpointUrls, queueUrl, location);
  (json ? process.stderr : process.stdout).write(instructions);
  isKeptRunning = true;
  await new Promise(() => undefined);
}

function chooseEndpoint({ endpoints, functions }: AppResources, name: string | undefined): EndpointConfiguration {
  const endpoint = name === undefined ? endpoints[0] : endpoints.find((each) => each.name === name);
  if (endpoint) return endpoint;
  if (endpoints.length > 0)
    throw new UsageError(`--endpoint must be one of ${endpoints.map((each) => each.name).join(', ')}, got ${name}`);
  const [imported] = functions.flatMap(({ invoker }) => invoker?.endpointName ?? []);
  throw new Error(
    `The app defines no asynchronous endpoint.${imported === undefined ? '' : ` It invokes ${imported}, which another app defines.`}`,
  );
}

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'async-inference-demo-'));
  onExit(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

async function main(): Promise<number> {
  try {
    const commandLine = await readCommandLine(process.argv.slice(2));
    if (commandLine.help) print(HELP);
    else if (commandLine.example) await workflowDemo(temporaryFolder(), print);
    else return await demo(commandLine);
    return 0;
  } catch (error) {
    const isUsageError = error instanceof UsageError;
    process.stderr.write(isUsageError ? `${error.message}\nSee npm run demo -- --help\n` : `${String(error)}\n`);
    return isUsageError ? 2 : 1;
  }
}

// A reader such as `head` closes the pipe when it has enough.
process.stdout.once('error', () => process.exit(0));
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.once(signal, () => process.exit(isKeptRunning ? 0 : 128 + constants.signals[signal]));
exitWithParent();
void main().then((exitCode) => process.exit(exitCode));
