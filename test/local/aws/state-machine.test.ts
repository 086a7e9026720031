import { LocalStateMachine } from '../../../local/aws/state-machine';
import { TaskTokens } from '../../../local/aws/task-tokens';

const FUNCTION = 'arn:aws:lambda:eu-west-1:111122223333:function:greet';

test('a task without a token has the response of its function as its output', async () => {
  const definition = JSON.stringify({
    StartAt: 'Greet',
    States: { Greet: { Type: 'Task', Resource: FUNCTION, End: true } },
  });
  const invoked: unknown[] = [];
  const machine = new LocalStateMachine(definition, new TaskTokens(), (functionArn, payload) => {
    invoked.push([functionArn, payload]);
    return Promise.resolve('Hej');
  });
  expect(await machine.run({ name: 'Ada' })).toBe('Hej');
  expect(invoked).toEqual([[FUNCTION, { name: 'Ada' }]]);
});
