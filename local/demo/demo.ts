// The local run, in the order to read it: a command line (command-line), an app's templates (synthesis, template, blueprint),
// all in service (deployment: services, data-plane with endpoint, model, lambda-function), one request's way (round-trip), and
// what is told of it (story). What nobody outside AWS knows for sure is in uncertainties.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readBlueprint } from '../app/blueprint';
import type { Blueprint, EndpointBlueprint } from '../app/blueprint';
import { HELP, readCommandLine, textRequest, UsageError } from './command-line';
import type { CommandLine } from './command-line';
import { Deployment } from '../aws/deployment';
import { roundTrip, stopwatch, toJson } from './round-trip';
import type { DemoRequest, RoundTrip } from './round-trip';
import sentences from './sentences.json';
import * as story from './report';
import { defaultApp, synthesize } from '../app/synthesis';
import { workflowDemo } from './workflow-demo';

/** What a signal means to the exit code: an interruption, until there is nothing left to interrupt. */
let exitCodeOfSignal = 130;

async function demo(commandLine: CommandLine): Promise<number> {
  const { app = defaultApp(), json } = commandLine;
  const tell = (text: string): void => void (json || process.stdout.write(text));
  const lap = stopwatch();
  const blueprint = readBlueprint(await synthesize(app, temporaryFolder()));
  const endpoint = chooseEndpoint(blueprint, commandLine.endpoint);
  const synthesis = lap();

  const deployment = await Deployment.start(blueprint);
  try {
    const invoker = deployment.invokerOf(endpoint.name);
    tell(story.deployed(app, endpoint, invoker.blueprint, synthesis) + story.started(endpoint, lap()));

    const send = (request: DemoRequest): Promise<RoundTrip> => roundTrip(deployment, invoker, request);
    const { requests } = commandLine;
    const trips = await (requests ? sendAll(requests, send, json) : sendSentences(send, json));
    const refusals = requests || json ? true : await sendRefused(send);
    tell(story.AWS_ADDS);
    if (commandLine.keep) await keep(deployment, endpoint, trips.at(-1)?.response?.OutputLocation, json);
    return refusals && !trips.some(({ error }) => error) ? 0 : 1;
  } finally {
    await deployment.close();
  }
}

type Send = (request: DemoRequest) => Promise<RoundTrip>;

/** Sends one request after the other and tells of each, in full. */
async function sendAll(requests: readonly DemoRequest[], send: Send, json: boolean): Promise<RoundTrip[]> {
  const trips: RoundTrip[] = [];
  for (const request of requests) {
    const trip = await send(request);
    process.stdout.write(json ? `${toJson(trip)}\n` : story.followed(trip, trips.length === 0));
    trips.push(trip);
  }
  return trips;
}

/** Sends the sentences of the demo and tells of the first in full, and of the others in a line each. */
async function sendSentences(send: Send, json: boolean): Promise<RoundTrip[]> {
  const requests = sentences.map(textRequest);
  if (json) return sendAll(requests, send, json);
  const trips = await sendAll(requests.slice(0, 1), send, json);
  process.stdout.write(`${requests.length - 1} more\n`);
  for (const request of requests.slice(1)) {
    const trip = await send(request);
    process.stdout.write(story.summed(trip));
    trips.push(trip);
  }
  return trips;
}

/** Sends what the invoker refuses and tells how; false when it took one of them. */
async function sendRefused(send: Send): Promise<boolean> {
  process.stdout.write('\nRefused, as they should be\n');
  const trips: RoundTrip[] = [];
  for (const [what, event] of story.REFUSED) {
    const trip = await send({ event });
    process.stdout.write(story.refused(what, trip));
    trips.push(trip);
  }
  process.stdout.write('\n');
  return trips.every(({ error }) => error);
}

async function keep(
  deployment: Deployment,
  endpoint: EndpointBlueprint,
  location: string | undefined,
  json: boolean,
): Promise<void> {
  const topicArns = [endpoint.successTopicArn, endpoint.errorTopicArn].filter((arn) => arn !== undefined);
  const queueUrl = await deployment.services.session(endpoint.region).createQueue('notifications', topicArns);
  const told = story.reachable(endpoint, deployment.endpointUrls, queueUrl, location ?? `${endpoint.outputPath}/…`);
  (json ? process.stderr : process.stdout).write(told);
  exitCodeOfSignal = 0;
  await new Promise(() => undefined);
}

function chooseEndpoint({ endpoints }: Blueprint, name: string | undefined): EndpointBlueprint {
  const endpoint = name === undefined ? endpoints[0] : endpoints.find((each) => each.name === name);
  if (endpoint) return endpoint;
  const names = endpoints.map((each) => each.name).join(', ');
  throw names === ''
    ? new Error('the app has no asynchronous endpoint')
    : new UsageError(`--endpoint is none of ${names}`);
}

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'async-inference-demo-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

async function main(): Promise<number> {
  try {
    const commandLine = await readCommandLine(process.argv.slice(2));
    if (commandLine.help) process.stdout.write(HELP);
    else if (commandLine.example) await workflowDemo(temporaryFolder());
    else return await demo(commandLine);
    return 0;
  } catch (error) {
    process.stderr.write(
      `${error instanceof UsageError ? `${error.message}\nSee npm run demo -- --help` : String(error)}\n`,
    );
    return error instanceof UsageError ? 2 : 1;
  }
}

// The warning that this SDK will not be released for Node 20 for much longer is nothing to whoever tries the demo.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
// Whoever reads only the head of it has read enough.
process.stdout.once('error', () => process.exit(0));
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(exitCodeOfSignal));
void main().then((exitCode) => process.exit(exitCode));
