// What the figures in docs/performance.md come from, on this machine and without a network: npm run bench [part…]
// The Node.js that runs it is the one that is measured.
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { coldStarts } from './cold-start';
import { localRun } from './local-run';
import { batch, flood, logBytes, submissions, warmCalls } from './requests';
import { shares } from './share';
import { bundleSizes, packageSize, resourceCounts } from './sizes';
import { synthesis, synthesisCounts, synthesisGrowth } from './synthesis';
import type { Row } from './table';
import { digits, shown, toMarkdown } from './table';

/** What a part measured, and how it is shown. */
interface Figures {
  readonly data: unknown;
  readonly rows: readonly Row[];
}

const PARTS: Record<string, () => Promise<Figures>> = {
  submissions: submissionFigures,
  coldStart,
  warm,
  batches,
  synth,
  bytes,
  local,
  share,
};

async function submissionFigures(): Promise<Figures> {
  const each = await submissions(30, 9, [2_000, 100_000], [0, 10, 30]);
  const flooded = await flood(1_000, 50, 5, 10);
  return {
    data: { each, flooded },
    rows: [
      ...each.flatMap(({ bytes, delayMs, ours, ratioToUpload, addedToSdk }): Row[] => [
        {
          what: `call to 202, ${bytes / 1_000} kB, ${delayMs} ms per hop: ${digits(ours.median)} ms, to upload and invoke`,
          figure: shown(ratioToUpload),
          goal: delayMs >= 10 ? '≤ 0.55' : undefined,
        },
        { what: `the same, added to the bare SDK`, figure: shown(addedToSdk, ' ms'), goal: '≤ 0.3 ms' },
      ]),
      {
        what: `requests at the service for ${flooded.payloads} payloads, ${flooded.concurrency} at once`,
        figure: `${flooded.requests.ours} (upload and invoke: ${flooded.requests.upload})`,
        goal: `${flooded.payloads}`,
      },
      {
        what: 'the same, time to upload and invoke, 10 ms per hop',
        figure: shown(flooded.ratioToUpload),
        goal: '≤ 0.55',
      },
    ],
  };
}

async function coldStart(): Promise<Figures> {
  const data = await coldStarts(41, 'http');
  const overTls = await coldStarts(41, 'https');
  const { ours, stock, ratio, ratioWithS3 } = data;
  return {
    data: { ...data, overTls },
    rows: [
      {
        what: `load the handler: ${digits(ours.load.median)} ms, stock ${digits(stock.load.median)} ms`,
        figure: shown(ratio.load),
      },
      {
        what: `load and first answer: ${digits(ours.answer.median)} ms, stock ${digits(stock.answer.median)} ms`,
        figure: shown(ratio.answer),
        goal: '≤ 0.7',
      },
      {
        what: `CPU of that: ${digits(ours.cpu.median)} ms, stock ${digits(stock.cpu.median)} ms`,
        figure: shown(ratio.cpu),
      },
      { what: "load and first answer, with S3's client in both", figure: shown(ratioWithS3.answer), goal: '≤ 0.7' },
      {
        what: `load and first answer over TLS: ${digits(overTls.ours.answer.median)} ms, stock ${digits(overTls.stock.answer.median)} ms`,
        figure: shown(overTls.ratio.answer),
        goal: '≤ 0.65',
      },
      {
        what: `CPU of that: ${digits(overTls.ours.cpu.median)} ms, stock ${digits(overTls.stock.cpu.median)} ms`,
        figure: shown(overTls.ratio.cpu),
      },
      {
        what: `the call after the load, over TLS: ${digits(overTls.ours.call.median)} ms, stock ${digits(overTls.stock.call.median)} ms`,
        figure: shown(overTls.ratio.call),
      },
    ],
  };
}

async function warm(): Promise<Figures> {
  const data = [await warmCalls(500, 7, 5, 1), await warmCalls(500, 7, 5, 50)];
  return {
    data,
    rows: data.flatMap(({ concurrency, cpu, cpuRatioToSdk, cpuRatioToFloor, timeRatioToSdk }): Row[] => {
      const where = concurrency === 1 ? 'one at a time' : `${concurrency} at once`;
      const each = `${digits(cpu.invoker.median)} ms, SDK ${digits(cpu.sdk.median)} ms, by hand ${digits(cpu.floor.median)} ms`;
      return [
        { what: `CPU a warm call, ${where}: ${each}`, figure: `${shown(cpuRatioToSdk)} × SDK`, goal: '≤ 1.08' },
        { what: 'the same, to a request signed by hand', figure: `${shown(cpuRatioToFloor)} × by hand` },
        { what: `time a warm call, ${where}`, figure: `${shown(timeRatioToSdk)} × SDK` },
      ];
    }),
  };
}

async function batches(): Promise<Figures> {
  const data = [
    await batch(10, 100, 15),
    await batch(100, 10, 15),
    await batch(1_000, 1, 15),
    await batch(10_000, 1, 5),
  ];
  const first = data[0]!;
  return {
    data,
    rows: data.map(({ records, rate, rateRatioToSdk, peakMemory }): Row => ({
      what:
        `batch of ${records.toLocaleString('en-US')}: ${digits(rate.median)} records per second, ` +
        `peak memory ${digits(peakMemory.invoker / 2 ** 20)} MiB ` +
        `(${digits(peakMemory.invoker / first.peakMemory.invoker)} × that of ten, ${digits(peakMemory.invoker / peakMemory.sdk)} × SDK's)`,
      figure: `${shown(rateRatioToSdk)} × SDK's rate`,
      goal: '≥ 0.9',
    })),
  };
}

async function synth(): Promise<Figures> {
  const data = await synthesis(6, 4, [
    [1, 1],
    [1, 10],
    [1, 25],
    [4, 25],
  ]);
  const growth = await synthesisGrowth(5, 5, [2, 20]);
  const counts = synthesisCounts();
  return {
    data: { default: data, everyFeature: growth, counts },
    rows: [
      ...data.map(({ stacks, endpointsPerStack, perEndpoint, ratioToHandWritten }): Row => ({
        what: `synth, ${stacks * endpointsPerStack} endpoints in ${stacks} stacks: ${digits(perEndpoint.median)} ms per endpoint`,
        figure: `${shown(ratioToHandWritten)} × L1 by hand`,
        goal: '≤ 1.45',
      })),
      {
        what: `synth, 100 endpoints in 20 stacks, each with every construct: ${digits(growth.many.median)} ms per endpoint`,
        figure: `${shown(growth.ratio)} × that of 10 endpoints`,
      },
      ...(['constructs', 'tokens', 'resolved'] as const).map((what): Row => ({
        what: `synth, one endpoint: ${{ constructs: 'constructs in the tree', tokens: 'tokens', resolved: 'resolved values' }[what]}`,
        figure: `${counts.constructs[what]}, L1 by hand ${counts.hand[what]}`,
      })),
    ],
  };
}

async function bytes(): Promise<Figures> {
  const log = await inOrder([0, 10, 100, 1_000, 10_000], async (batch) => ({ batch, bytes: await logBytes(batch) }));
  const [bundles, pack, template] = [await bundleSizes(), packageSize(), resourceCounts()];
  const { ours, stock, oursWithS3, stockWithS3 } = bundles;
  const kb = (size: number) => `${digits(size / 1_000)} kB`;
  return {
    data: { log, bundles, package: pack, template },
    rows: [
      ...log.map(({ batch, bytes }): Row => ({
        what: batch === 0 ? 'log, direct call' : `log, batch of ${batch.toLocaleString('en-US')}`,
        figure: `${digits(bytes)} bytes per request`,
        goal: batch === 0 ? '≤ 600' : '≤ 150',
      })),
      {
        what: `bundle, zipped: ${kb(ours.zipped)} (${kb(ours.raw)} raw), stock ${kb(stock.zipped)} (${kb(stock.raw)})`,
        figure: digits(ours.zipped / stock.zipped),
        goal: '≤ 0.7',
      },
      {
        what: `with S3's client, zipped: ${kb(oursWithS3.zipped)}, stock ${kb(stockWithS3.zipped)}`,
        figure: digits(oursWithS3.zipped / stockWithS3.zipped),
        goal: '≤ 0.7',
      },
      { what: 'package, unpacked', figure: `${kb(pack.unpacked)} (${kb(pack.packed)} packed)`, goal: '< 1 MB' },
      { what: 'template a default endpoint', figure: kb(template.templateBytes) },
      ...Object.entries(template.resources).map(([feature, count], index): Row => ({
        what: `resources, ${feature}`,
        figure: index === 0 ? `${count}` : `${count > 0 ? '+' : '−'}${Math.abs(count)}`,
        goal: index === 0 ? '≤ 20' : undefined,
      })),
    ],
  };
}

/** One after the other, so that none takes the machine away from another. */
async function inOrder<A, B>(items: readonly A[], measure: (item: A) => Promise<B>): Promise<B[]> {
  const results: B[] = [];
  for (const item of items) results.push(await measure(item));
  return results;
}

async function local(): Promise<Figures> {
  const data = await localRun(300, 4);
  const [accepted, notified, read] = [data.steps.accepted, data.steps.notified, data.steps.read].map(
    ({ median }) => `${digits(median)} ms`,
  );
  return {
    data,
    rows: [
      {
        what: `local run, ${data.concurrency} at once: accepted after ${accepted}, notified ${notified} later, read in ${read}`,
        figure: `${digits(data.perSecond)} requests per second`,
      },
    ],
  };
}

async function share(): Promise<Figures> {
  const data = await shares(7, [128, 192, 256, 512, 1_024, 1_769]);
  if (typeof data === 'string') {
    process.stderr.write(
      `SKIPPED share: this machine has no CPU quota for groups: ${data}. Run it as root on Linux.\n`,
    );
    return { data, rows: [{ what: 'share', figure: `SKIPPED: ${data}` }] };
  }
  const thousands = (value: number) => Math.round(value).toLocaleString('en-US');
  return {
    data,
    rows: data.map(({ memory, coldStart: cold, call, batchOfTen, batchOfThousand, gigabyteSeconds }): Row => ({
      what:
        `${thousands(memory)} MB: cold start ${digits(cold.median)} ms, warm call ${digits(call.median)} ms, ` +
        `batch of ten ${digits(batchOfTen.median)} ms, of a thousand ${digits(batchOfThousand.median)} ms`,
      figure:
        `GB-seconds per million requests: ${thousands(gigabyteSeconds.call)} by calls, ` +
        `${thousands(gigabyteSeconds.batchOfTen)} in tens, ${thousands(gigabyteSeconds.batchOfThousand)} in thousands`,
    })),
  };
}

async function bench(names: readonly string[]): Promise<void> {
  const strangers = names.filter((name) => !(name in PARTS));
  if (strangers.length > 0)
    throw new Error(`there is no part ${strangers.join(', ')}: give any of ${Object.keys(PARTS).join(', ')}`);
  const [cpu] = cpus();
  const machine = {
    date: new Date().toISOString(),
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    cpus: cpus().length,
    cpu: cpu?.model,
  };
  const results: Record<string, unknown> = { machine };
  const rows: Row[] = [];
  for (const name of names.length > 0 ? names : Object.keys(PARTS)) {
    process.stderr.write(`${name} …\n`);
    const figures = await PARTS[name]!();
    results[name] = figures.data;
    rows.push(...figures.rows);
  }
  process.stdout.write(
    `${machine.date}, Node.js ${machine.node}, ${machine.platform}, ${machine.cpus} × ${machine.cpu}\n` +
      `Medians, and the quartiles around them.\n\n${toMarkdown(rows)}\n`,
  );
  const folder = join(__dirname, 'results');
  mkdirSync(folder, { recursive: true });
  const file = [machine.date.slice(0, 10), 'node', process.version.slice(1), ...names].join('-');
  writeFileSync(join(folder, `${file}.json`), `${JSON.stringify(results, null, 2)}\n`);
}

void bench(process.argv.slice(2));
