import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { app } from '../../../examples/workflow/app';
import { readBlueprint } from '../../../local/app/blueprint';
import { Deployment } from '../../../local/aws/deployment';
import { JsonService } from '../../../local/aws/json-service';
import { synthesize } from '../../../local/app/synthesis';
import type { SynthesizedStack } from '../../../local/app/synthesis';
import { LIKELIEST } from '../../../local/aws/assumptions';
import type { Uncertainties } from '../../../local/aws/assumptions';
import { TaskTable, TaskTokens } from '../../../local/aws/waiting-tasks';
import { Workflow } from '../../../local/aws/workflow';
import { afterTests } from '../../support/after-tests';

const TEXTS = ['one', 'two', 'broken', 'three', 'four'];

let stacks: SynthesizedStack[];
beforeAll(async () => {
  stacks = await synthesize(app.synth().directory, '');
});

/** A model that says what it was asked, and cannot read what is broken. */
const model = createServer((request, response) => {
  if (request.url === '/ping') return void response.end();
  void json(request).then((body) => {
    const { inputs } = body as { inputs: string };
    const answer = JSON.stringify([{ label: inputs }]);
    response
      .writeHead(inputs === 'broken' ? 400 : 200, {
        'content-type': 'application/json',
        'content-length': answer.length,
      })
      .end(answer);
  });
});
beforeAll(
  () =>
    new Promise<void>((listening) => {
      model.listen(0, '127.0.0.1', listening);
    }),
);
afterAll(() => {
  model.closeAllConnections();
  return new Promise((closed) => model.close(closed));
});

/** Runs executions at the same time, by the shipped bundles, and returns their outputs and what is left in the table. */
async function outputs(uncertainties: Uncertainties): Promise<{ ended: unknown[]; left: number }> {
  const [table, tokens] = [new TaskTable(), new TaskTokens()];
  const [dynamodb, stepFunctions] = await Promise.all([
    JsonService.start(table.operations),
    JsonService.start(tokens.operations),
  ]);
  afterTests(() => Promise.all([dynamodb.close(), stepFunctions.close()]));
  const deployment = await Deployment.start(readBlueprint(stacks), {
    containerUrl: `http://127.0.0.1:${(model.address() as AddressInfo).port}`,
    uncertainties,
    endpointUrls: { AWS_ENDPOINT_URL_DYNAMODB: dynamodb.url, AWS_ENDPOINT_URL_SFN: stepFunctions.url },
  });
  afterTests(() => deployment.close());
  const workflow = await Workflow.start(deployment, stacks, tokens);
  afterTests(() => workflow.close());
  const ended = await Promise.all(TEXTS.map((text) => workflow.run({ text })));
  // The functions delete their items after they answered.
  await workflow.close();
  return { ended, left: table.items.size };
}

const flipped = Object.fromEntries(
  Object.entries(LIKELIEST).map(([name, likely]) => [name, !likely]),
) as unknown as Uncertainties;

test.each([
  ['the likeliest', LIKELIEST],
  // A notification overtakes the 202, comes twice and in any order, among others.
  ['the opposite', flipped],
])(
  'each execution gets its own answer and no task is left, if the service behaves in this way: %s',
  async (_, uncertainties) => {
    const { ended, left } = await outputs(uncertainties);
    expect(ended).toEqual(
      TEXTS.map((text) =>
        text === 'broken'
          ? {
              failed: expect.objectContaining({
                InferenceId: expect.stringMatching(/^sfn-task-/) as string,
              }) as unknown,
            }
          : { language: text, result: expect.stringMatching(/^s3:/) as string },
      ),
    );
    expect(left).toBe(0);
  },
  120_000,
);
