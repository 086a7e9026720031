import { Stack } from 'aws-cdk-lib';
import { StateMachine } from 'aws-local-stepfunctions';
import { app } from '../../../examples/batch/app';
import { only, statements } from '../../../tools/showcase/stacks';

const stack = app.node.findAll().find((node) => Stack.isStack(node))!;

/** The definition as Step Functions gets it, with names for what is known only after the deployment. */
function definition(): { States: Record<string, Record<string, unknown>> } {
  const { DefinitionString } = only(stack, 'AWS::StepFunctions::StateMachine').Properties;
  const text = (DefinitionString as { 'Fn::Join': [string, unknown[]] })['Fn::Join'][1]
    .map((part) =>
      typeof part === 'string'
        ? part
        : Object.values(part as object)
            .flat()
            .join('.')
            .replace('AWS::Partition', 'aws'),
    )
    .join('');
  return JSON.parse(text) as ReturnType<typeof definition>;
}

test("the definition holds by the interpreter's validation, which is all that can be shown of it here", () => {
  const { States } = definition();
  // The validator knows ARNs of functions only as AWS writes them.
  const validate = (changed: object) => () =>
    new StateMachine({ ...definition(), ...changed } as never, { validationOptions: { checkArn: false } });
  expect(validate({})).not.toThrow();
  expect(validate({ States: { ...States, ReadManifest: { Type: 'Task' } } })).toThrow();
});

test('every line of the object is a request, so many at a time as the endpoint can take and as many that wait', () => {
  const { EveryLine } = definition().States;
  expect(EveryLine).toMatchObject({
    ItemReader: {
      Resource: 'arn:aws:states:::s3:getObject',
      ReaderConfig: { InputType: 'JSONL' },
      Parameters: { 'Key.$': '$.key' },
    },
    ItemProcessor: { ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' } },
    MaxConcurrency: 32,
    ToleratedFailurePercentage: 5,
    ResultWriter: { Resource: 'arn:aws:states:::s3:putObject', Parameters: { Prefix: 'results' } },
  });
  expect(
    (EveryLine as { ItemProcessor: { States: { Ask: { Parameters: unknown } } } }).ItemProcessor.States.Ask.Parameters,
  ).toMatchObject({ Payload: { 'TaskToken.$': '$$.Task.Token', Request: { 'Body.$': '$' } } });
});

test('a run may be resumed, and its children be answered', () => {
  const actions = statements(stack, 'StateMachineDistributedMapPolicy').flatMap(({ Action }) => Action);
  expect(actions).toEqual(expect.arrayContaining(['states:StartExecution', 'states:RedriveExecution']));
  expect(JSON.stringify(statements(stack, 'CompleteTasks'))).toContain('/*');
});
