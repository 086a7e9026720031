import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readBlueprint } from './blueprint';
import type { Blueprint, EndpointBlueprint } from './blueprint';
import { HELP, readCommandLine, textRequest, UsageError } from './command-line';
import type { CommandLine } from './command-line';
import { Deployment } from './deployment';
import { roundTrip, stopwatch, toJson } from './round-trip';
import type { DemoRequest, RoundTrip } from './round-trip';
import sentences from './sentences.json';
import * as story from './story';
import { defaultApp, synthesize } from './synthesis';

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
    const trips = await (commandLine.requests ? sendOwn(commandLine.requests, send, json) : sendSentences(send, json));
    tell(story.AWS_ADDS);
    if (commandLine.keep) await keep(deployment, endpoint, trips.at(-1)?.response?.OutputLocation, json);
    return trips.some(({ error }) => error) ? 1 : 0;
  } finally {
    await deployment.close();
  }
}

type Send = (request: DemoRequest) => Promise<RoundTrip>;

async function sendOwn(requests: readonly DemoRequest[], send: Send, json: boolean): Promise<RoundTrip[]> {
  const trips: RoundTrip[] = [];
  for (const request of requests) {
    const trip = await send(request);
    process.stdout.write(json ? `${toJson(trip)}\n` : story.followed(trip, trips.length === 0));
    trips.push(trip);
  }
  return trips;
}

async function sendSentences(send: Send, json: boolean): Promise<RoundTrip[]> {
  const [first, ...others] = sentences.map(textRequest);
  const trips = await sendOwn([first!], send, json);
  if (!json) process.stdout.write(`${others.length} more\n`);
  for (const request of others) {
    const trip = await send(request);
    process.stdout.write(json ? `${toJson(trip)}\n` : story.summed(trip));
    trips.push(trip);
  }
  if (!json) {
    process.stdout.write('\nRefused, as they should be\n');
    for (const [what, event] of story.REFUSED) process.stdout.write(story.refused(what, await send({ event })));
    process.stdout.write('\n');
  }
  return trips;
}

async function keep(deployment: Deployment, endpoint: EndpointBlueprint, location: string | undefined, json: boolean): Promise<void> {
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
  throw names === '' ? new Error('the app has no asynchronous endpoint') : new UsageError(`--endpoint is none of ${names}`);
}

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'async-inference-demo-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

async function main(): Promise<number> {
  try {
    const commandLine = await readCommandLine(process.argv.slice(2));
    if (!commandLine.help) return await demo(commandLine);
    process.stdout.write(HELP);
    return 0;
  } catch (error) {
    process.stderr.write(`${error instanceof UsageError ? `${error.message}\nSee npm run demo -- --help` : String(error)}\n`);
    return error instanceof UsageError ? 2 : 1;
  }
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(exitCodeOfSignal));
void main().then((exitCode) => process.exit(exitCode));
