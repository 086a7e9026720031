import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { App, Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { zipSync } from 'fflate';
import {
  AsyncInferenceCallback,
  AsyncInferenceInvoker,
  AsyncInferenceMonitoring,
  AsyncInferenceRequestQueue,
  AsyncInferenceResultEvents,
  AsyncInferenceResultQueue,
  InputPolicy,
} from '../lib';
import { defaultEndpoint } from './default-endpoint';
import { buildStock } from './stock-bundle';

const ROOT = join(__dirname, '..');

/** In bytes. Zipped means the archive in the package. */
export interface BundleSize {
  readonly raw: number;
  readonly zipped: number;
}

/** The invokers' bundles, without and with S3's client, and the stock bundle of each. */
export async function bundleSizes(): Promise<
  Readonly<Record<'ours' | 'stock' | 'oursWithS3' | 'stockWithS3', BundleSize>>
> {
  const stock = await buildStock({ withS3: false });
  const stockWithS3 = await buildStock({ withS3: true });
  const [ours, oursWithS3] = ['invoker', 'invoker-with-s3-and-sqs'].map((name) =>
    join(ROOT, 'lambda/dist', name, 'index.js'),
  );
  const sizes = {
    ours: sizeOf(ours!),
    stock: sizeOf(stock),
    oursWithS3: sizeOf(oursWithS3!),
    stockWithS3: sizeOf(stockWithS3),
  };
  for (const bundle of [stock, stockWithS3]) rmSync(dirname(bundle), { recursive: true });
  return sizes;
}

function sizeOf(file: string): BundleSize {
  const contents = readFileSync(file);
  return { raw: contents.length, zipped: zipSync({ 'index.js': contents }, { level: 9 }).length };
}

/**
 * The bytes of what `npm pack` packs.
 *
 * @throws Error when the package has not been built
 */
export function packageSize(): { readonly packed: number; readonly unpacked: number } {
  if (!existsSync(join(ROOT, '.jsii'))) throw new Error('there is nothing to pack: npm run build');
  const { stdout } = spawnSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  const [{ size, unpackedSize }] = JSON.parse(stdout) as [{ size: number; unpackedSize: number }];
  return { packed: size, unpacked: unpackedSize };
}

/** The CloudFormation resources of a default endpoint, those that each feature adds, and the bytes of the template of that endpoint. */
export function resourceCounts(): {
  readonly templateBytes: number;
  readonly resources: Readonly<Record<string, number>>;
} {
  const base = template((stack) => void defaultEndpoint(stack, 'Endpoint'));
  const count = (body: object) => Object.keys((body as { Resources: object }).Resources).length;
  const added = (define: (stack: Stack) => void) => count(template(define)) - count(base);
  const beside = (define: (stack: Stack, endpoint: ReturnType<typeof defaultEndpoint>) => unknown) =>
    added((stack) => {
      define(stack, defaultEndpoint(stack, 'Endpoint'));
    });
  return {
    templateBytes: JSON.stringify(base).length,
    resources: {
      'default endpoint': count(base),
      'without an invoker': added((stack) => void defaultEndpoint(stack, 'Endpoint', { createInvoker: false })),
      'with a fixed fleet': added((stack) => void defaultEndpoint(stack, 'Endpoint', { scaling: { minCapacity: 1 } })),
      "with topics of one's own": added((stack) => {
        const [successTopic, errorTopic] = ['Success', 'Error'].map((id) =>
          Topic.fromTopicArn(stack, id, `arn:aws:sns:eu-west-1:111122223333:${id}`),
        );
        defaultEndpoint(stack, 'Endpoint', { successTopic, errorTopic });
      }),
      'another invoker': beside((stack, endpoint) => new AsyncInferenceInvoker(stack, 'Invoker', { endpoint })),
      'payloads through S3': added(
        (stack) => void defaultEndpoint(stack, 'Endpoint', { invokerOptions: { inputPolicy: InputPolicy.bySize() } }),
      ),
      'request queue with back-pressure': beside(
        (stack, endpoint) =>
          new AsyncInferenceRequestQueue(stack, 'Requests', { endpoint, expectedProcessingTime: Duration.seconds(10) }),
      ),
      'result queue': beside(
        (stack, endpoint) => new AsyncInferenceResultQueue(stack, 'Results', { endpoints: [endpoint] }),
      ),
      'results on an event bus': beside(
        (stack, endpoint) => new AsyncInferenceResultEvents(stack, 'Pipe', { endpoints: [endpoint] }),
      ),
      'callback of Step Functions': beside((stack) => new AsyncInferenceCallback(stack, 'Callback')),
      'alarms and dashboard': beside(
        (stack, endpoint) => new AsyncInferenceMonitoring(stack, 'Monitoring', { endpoints: [endpoint] }),
      ),
    },
  };
}

function template(define: (stack: Stack) => void): object {
  const stack = new Stack(new App(), 'Stack', { env: { account: '111122223333', region: 'eu-west-1' } });
  define(stack);
  return Template.fromStack(stack).toJSON();
}
