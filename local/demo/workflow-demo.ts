import { readBlueprint } from '../app/blueprint';
import type { Blueprint } from '../app/blueprint';
import type { Clock } from '../aws/clock';
import { SYSTEM_CLOCK } from '../aws/clock';
import { Deployment } from '../aws/deployment';
import { JsonService } from '../aws/json-service';
import { startModel } from '../aws/model';
import { synthesize } from '../app/synthesis';
import { TaskTable, TaskTokens } from '../aws/waiting-tasks';
import { Workflow } from '../aws/workflow';

const APP = 'npx --no-install tsx examples/workflow/app.ts';

/** An hour in 60 milliseconds, for a request that nobody serves. */
const HURRIED: Clock = {
  ...SYSTEM_CLOCK,
  after: (milliseconds, callback) => SYSTEM_CLOCK.after(milliseconds / 60_000, callback),
};

/** Runs examples/workflow: a state machine that waits for a model's answer, for one that fails and for one that never comes. */
export async function workflowDemo(outdir: string): Promise<void> {
  const tell = (text: string): void => void process.stdout.write(`${text}\n`);
  const stacks = await synthesize(APP, outdir);
  const blueprint = readBlueprint(stacks);
  const [table, tokens] = [new TaskTable(), new TaskTokens()];
  const [model, dynamodb, stepFunctions] = await Promise.all([
    startModel(),
    JsonService.start(table.operations),
    JsonService.start(tokens.operations),
  ]);
  const endpointUrls = { AWS_ENDPOINT_URL_DYNAMODB: dynamodb.url, AWS_ENDPOINT_URL_SFN: stepFunctions.url };

  /** Runs executions at the same time, each waiting for its own answer, and tells how they ended. */
  const execute = async (what: Blueprint, clock: Clock, inputs: readonly object[]): Promise<void> => {
    const deployment = await Deployment.start(what, { containerUrl: model.url, clock, endpointUrls });
    const workflow = await Workflow.start(deployment, stacks, tokens);
    try {
      const outputs = await Promise.all(inputs.map((input) => workflow.run(input)));
      outputs.forEach((output, index) =>
        tell(`  in   ${JSON.stringify(inputs[index])}\n  out  ${JSON.stringify(output)}\n`),
      );
    } finally {
      await workflow.close();
      await deployment.close();
    }
    tell(`  tasks left in the table: ${table.items.size}\n`);
  };

  try {
    tell('\nA state machine that waits (examples/workflow, by the shipped bundles of the starter and the callback)\n');
    tell('Four executions at a time: three get their language, one sends what the model cannot read\n');
    await execute(blueprint, SYSTEM_CLOCK, [
      { text: 'Où est la bibliothèque, s’il vous plaît ?' },
      { text: 'Die Bücher stehen im ersten Stock.' },
      { text: 'El tren llega a las nueve.' },
      { text: 7 },
    ]);
    tell('An endpoint without an instance, and an hour in 60 milliseconds: the request expires\n');
    const endpoints = blueprint.endpoints.map((endpoint) => ({ ...endpoint, instances: 0 }));
    await execute({ ...blueprint, endpoints }, HURRIED, [{ text: 'Nobody will ever read this.' }]);
  } finally {
    await Promise.all([model.end(), dynamodb.close(), stepFunctions.close()]);
  }
}
