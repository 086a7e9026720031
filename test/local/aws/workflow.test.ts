import { app } from '../../../examples/workflow/app';
import { readAppResources } from '../../../local/app/resources';
import { synthesize } from '../../../local/app/synthesis';
import type { SynthesizedStack } from '../../../local/app/synthesis';
import { DEFAULT_ASSUMPTIONS } from '../../../local/aws/assumptions';
import type { Assumptions } from '../../../local/aws/assumptions';
import { Workflow } from '../../../local/aws/workflow';
import { afterTests } from '../../support/after-tests';
import { StubContainer } from '../../support/stub-container';

const TEXTS = ['one', 'two', 'broken', 'three', 'four'];

let stacks: SynthesizedStack[];
let container: StubContainer;

beforeAll(async () => {
  stacks = await synthesize(app.synth().directory, '');
  container = await StubContainer.start();
  afterTests(() => container.close());
  // The label of a text is the text itself.
  container.respond = ({ body, response }) => {
    const { inputs } = JSON.parse(String(body)) as { inputs: string };
    const content = JSON.stringify([{ label: inputs }]);
    response
      .writeHead(inputs === 'broken' ? 400 : 200, {
        'content-type': 'application/json',
        'content-length': content.length,
      })
      .end(content);
  };
});

async function startWorkflow(assumptions = DEFAULT_ASSUMPTIONS): Promise<Workflow> {
  const workflow = await Workflow.start(stacks, readAppResources(stacks), { containerUrl: container.url, assumptions });
  afterTests(() => workflow.close());
  return workflow;
}

const oppositeAssumptions = Object.fromEntries(
  Object.entries(DEFAULT_ASSUMPTIONS).map(([name, value]) => [name, !value]),
) as unknown as Assumptions;

test.each([
  ['default assumptions', DEFAULT_ASSUMPTIONS],
  // For example, each notification is published before the 202 response, and is delivered twice.
  ['opposite assumptions', oppositeAssumptions],
])(
  'each concurrent execution receives its own result and no task is left in the table, under the %s',
  async (_, assumptions) => {
    const workflow = await startWorkflow(assumptions);
    const outputs = await Promise.all(TEXTS.map((text) => workflow.run({ text })));
    await workflow.close();
    expect(outputs).toEqual(
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
    expect(workflow.waitingTasks).toBe(0);
  },
  120_000,
);

test('an execution that waits ends with an error when the workflow is closed', async () => {
  container.respond = () => undefined;
  const workflow = await startWorkflow();
  const waiting = expect(workflow.run({ text: 'one' })).rejects.toThrow('Execution aborted');
  await container.invoked(container.invocations.length + 1);
  await workflow.close();
  await waiting;
});

test('an app without a state machine is an error', async () => {
  await expect(Workflow.start([], { endpoints: [], functions: [], buckets: [], topicArns: [] })).rejects.toThrow(
    'The app has no state machine.',
  );
});
