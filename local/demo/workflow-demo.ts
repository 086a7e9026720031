import { readAppResources } from '../app/resources';
import type { AppResources } from '../app/resources';
import { synthesize } from '../app/synthesis';
import { SYSTEM_CLOCK } from '../aws/clock';
import type { Clock } from '../aws/clock';
import { startModel } from '../aws/model';
import { StartedResources } from '../aws/started-resources';
import { Workflow } from '../aws/workflow';

const APP = 'npx --no-install tsx examples/workflow/app.ts';

/** A clock on which an hour takes 60 milliseconds, to let a request expire. */
const FAST_CLOCK: Clock = {
  ...SYSTEM_CLOCK,
  after: (milliseconds, callback) => SYSTEM_CLOCK.after(milliseconds / 60_000, callback),
};

/** Runs examples/workflow: a state machine that waits for results, for a failure, and for a request that expires. */
export async function workflowDemo(outdir: string, print: (text: string) => void): Promise<void> {
  const stacks = await synthesize(APP, outdir);
  const resources = readAppResources(stacks);
  const started = new StartedResources();
  try {
    const { url: containerUrl } = await started.add(startModel());

    /** Runs executions at the same time and prints their outputs. */
    const execute = async (deployed: AppResources, clock: Clock, inputs: readonly object[]): Promise<void> => {
      const workflow = await started.add(Workflow.start(stacks, deployed, { containerUrl, clock }));
      const outputs = await Promise.all(inputs.map((input) => workflow.run(input)));
      outputs.forEach((output, index) =>
        print(`  in   ${JSON.stringify(inputs[index])}\n  out  ${JSON.stringify(output)}\n\n`),
      );
      // The callback completes a task before it deletes the task. Closing waits for both.
      await workflow.close();
      print(`  tasks left in the table: ${workflow.waitingTasks}\n\n`);
    };

    print('\nA state machine that waits for results: examples/workflow with the bundles that are deployed\n\n');
    print('Four executions at the same time: three receive a language, and the model rejects the input of one\n\n');
    await execute(resources, SYSTEM_CLOCK, [
      { text: 'Où est la bibliothèque, s’il vous plaît ?' },
      { text: 'Die Bücher stehen im ersten Stock.' },
      { text: 'El tren llega a las nueve.' },
      { text: 7 },
    ]);
    print('An endpoint without instances, and a clock on which an hour takes 60 milliseconds: the request expires\n\n');
    const endpoints = resources.endpoints.map((endpoint) => ({ ...endpoint, instances: 0 }));
    await execute({ ...resources, endpoints }, FAST_CLOCK, [{ text: 'No instance will read this.' }]);
  } finally {
    await started.close();
  }
}
