import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readAppResources } from '../local/app/resources';
import { Deployment } from '../local/aws/deployment';
import { roundTrip } from '../local/demo/round-trip';
import { defaultApp, synthesize } from '../local/app/synthesis';
import { spreadOf } from './measurement';
import type { Spread } from './measurement';

export interface LocalRun {
  readonly requests: number;
  readonly concurrency: number;
  readonly perSecond: number;
  /** In milliseconds a request: until it is accepted, until its notification is here, and until its result is read. */
  readonly steps: { readonly accepted: Spread; readonly notified: Spread; readonly read: Spread };
}

/** Requests through the example app on this machine: bundle, data plane, model, result. */
export async function localRun(requests: number, concurrency: number): Promise<LocalRun> {
  const outdir = mkdtempSync(join(tmpdir(), 'bench-local-run-'));
  const resources = readAppResources(await synthesize(defaultApp(), outdir));
  const deployment = await Deployment.start(resources);
  try {
    const invoker = deployment.invokerOf(resources.endpoints[0]!.name);
    const send = () => roundTrip(deployment, invoker, { event: { Body: { inputs: 'Where is the library?' } } });
    // Every process of the function starts once
    await Promise.all(Array.from({ length: concurrency }, send));
    const turns = Array(requests).keys();
    const steps = { accepted: [] as number[], notified: [] as number[], read: [] as number[] };
    const began = performance.now();
    await Promise.all(
      Array.from({ length: concurrency }, async () => {
        while (!turns.next().done) {
          const { milliseconds, error } = await send();
          if (error) throw new Error(error.errorMessage);
          for (const step of ['accepted', 'notified', 'read'] as const) steps[step].push(milliseconds[step]);
        }
      }),
    );
    const seconds = (performance.now() - began) / 1_000;
    return {
      requests,
      concurrency,
      perSecond: requests / seconds,
      steps: { accepted: spreadOf(steps.accepted), notified: spreadOf(steps.notified), read: spreadOf(steps.read) },
    };
  } finally {
    await deployment.close();
    rmSync(outdir, { recursive: true });
  }
}
