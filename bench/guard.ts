// Fails where a figure is worse than its goal by more than noise explains: sizes and counts at once, times when they are so thrice.
import { coldStarts } from './cold-start';
import { flood, logBytes, warmCalls } from './requests';
import { bundleSizes, packageSize, resourceCounts } from './sizes';
import { digits } from './table';

/** What must hold: a figure that is not above its limit. */
interface Guard {
  readonly what: string;
  readonly measure: () => Promise<number>;
  readonly limit: number;
}

const ATTEMPTS = 3;

const GUARDS: readonly Guard[] = [
  { what: 'requests a payload', limit: 1, measure: async () => (await flood(100, 10, 1, 0)).requests.ours / 100 },
  { what: 'bytes of log per request, direct call', limit: 600, measure: () => logBytes(0) },
  { what: 'bytes of log per request, batch of ten', limit: 150, measure: () => logBytes(10) },
  { what: 'zipped bundle, to the stock bundle', limit: 0.7, measure: zippedRatio },
  { what: 'bytes of the package, in MB', limit: 1, measure: () => Promise.resolve(packageSize().unpacked / 1e6) },
  {
    what: 'resources of a default endpoint',
    limit: 20,
    measure: () => Promise.resolve(resourceCounts().resources['default endpoint']!),
  },
  // The goals are 0.65 and 1.08. The rest is a margin for a machine that does other things.
  {
    what: 'CPU of a cold start over TLS, to the stock bundle',
    limit: 0.8,
    measure: async () => (await coldStarts(9, 'https')).ratio.cpu.median,
  },
  {
    what: 'CPU of a warm call, to the SDK with the same members',
    limit: 1.2,
    measure: async () => (await warmCalls(400, 2, 5, 10)).cpuRatioToSdk.median,
  },
];

async function zippedRatio(): Promise<number> {
  const { ours, stock, oursWithS3, stockWithS3 } = await bundleSizes();
  return Math.max(ours.zipped / stock.zipped, oursWithS3.zipped / stockWithS3.zipped);
}

async function holds({ what, measure, limit }: Guard): Promise<boolean> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const figure = await measure();
    process.stdout.write(`${figure <= limit ? 'holds' : 'is above'}: ${what} ${digits(figure)}, limit ${limit}\n`);
    if (figure <= limit) return true;
  }
  return false;
}

async function guard(): Promise<void> {
  let failed = 0;
  for (const each of GUARDS) failed += (await holds(each)) ? 0 : 1;
  process.stdout.write(`${GUARDS.length - failed} of ${GUARDS.length} performance guards hold\n`);
  process.exitCode = failed === 0 ? 0 : 1;
}

void guard();
