import fc from 'fast-check';
import type { Callback } from '../../../lambda/callback/complete-task';
import { completeTask } from '../../../lambda/callback/complete-task';
import type { WaitingTask, WaitingTasks } from '../../../lambda/shared/waiting-tasks';
import { TASK_ID_PREFIX } from '../../../lib/contract/invoker';
import { aFailure, aNotification, TEST_NOTIFICATION } from '../../support/notifications';

/**
 * What can go wrong around a few tasks that wait at the same time, in whichever order. A failed step is a call that throws, or a
 * call whose response is lost. In both cases the message is delivered again, as the queue does.
 */
interface Plan {
  readonly tasks: readonly {
    readonly endpoint: number;
    readonly outcome: 'Completed' | 'Failed' | 'Expired';
    /** How often SNS delivers the notification. With 0 copies, only the timeout of the task ends it. */
    readonly copies: number;
    readonly included: boolean;
    /** The table deletes the task before its time. Only the task's own timeout ends it then. */
    readonly forgotten: boolean;
    /** The state machine gives up on the task before the answer comes, by its timeout or since it was stopped. */
    readonly givenUp: boolean;
    /** Another try of the same state waits in its place. */
    readonly triedAgain: boolean;
  }[];
  readonly strangers: readonly ('test' | 'noise' | 'unknown' | 'forged' | 'another caller')[];
  /** Whether each call fails, in turn, and whether it was done all the same. */
  readonly faults: readonly ('before' | 'after' | undefined)[];
  /** Which message is delivered next, and how many at a time. */
  readonly order: readonly number[];
  readonly together: number;
}

const plan: fc.Arbitrary<Plan> = fc.record({
  tasks: fc.array(
    fc.record({
      endpoint: fc.nat(1),
      outcome: fc.constantFrom('Completed' as const, 'Failed' as const, 'Expired' as const),
      copies: fc.integer({ min: 0, max: 3 }),
      included: fc.boolean(),
      forgotten: fc.integer({ min: 0, max: 9 }).map((number) => number === 0),
      givenUp: fc.boolean(),
      triedAgain: fc.boolean(),
    }),
    { minLength: 1, maxLength: 4 },
  ),
  strangers: fc.array(
    fc.constantFrom(
      'test' as const,
      'noise' as const,
      'unknown' as const,
      'forged' as const,
      'another caller' as const,
    ),
    { maxLength: 4 },
  ),
  faults: fc.array(fc.constantFrom(undefined, undefined, 'before' as const, 'after' as const), { maxLength: 30 }),
  order: fc.array(fc.nat(1_000), { minLength: 1, maxLength: 20 }),
  together: fc.integer({ min: 1, max: 5 }),
});

interface Answer {
  readonly token: string;
  readonly error?: string;
  readonly output?: unknown;
}

const gone = () => Object.assign(new Error('gone'), { name: 'TaskTimedOut' });
const lost = () => Object.assign(new Error('lost'), { name: 'ThrottlingException' });

/** The table, Step Functions and S3, which fail as planned. */
function world(faults: Plan['faults']) {
  const table = new Map<string, WaitingTask>();
  const waiting = new Set<string>();
  const answers: Answer[] = [];
  const left = [...faults];
  const call = async <T>(effect: () => T): Promise<T> => {
    // Calls of messages that are served together take turns.
    await Promise.resolve();
    const fault = left.shift();
    if (fault === 'before') throw lost();
    const value = effect();
    if (fault === 'after') throw lost();
    return value;
  };
  const take = (given: Answer) =>
    call(() => {
      if (!waiting.delete(given.token)) throw gone();
      answers.push(given);
    });
  const tasks: WaitingTasks = {
    add: (task) =>
      call(() => {
        table.set(task.inferenceId, task);
      }),
    find: (inferenceId) => call(() => table.get(inferenceId)),
    remove: (inferenceId) =>
      call(() => {
        table.delete(inferenceId);
      }),
  };
  const callback: Callback = {
    tasks,
    stepFunctions: {
      succeed: (token, output) => take({ token, output: JSON.parse(output) as unknown }),
      fail: (token, error) => take({ token, error }),
    },
    results: {
      read: (location) =>
        call(() => ({ bytes: Buffer.from(JSON.stringify(location)), contentType: 'application/json' })),
    },
    maxInlineResultBytes: 1_000,
  };
  return { table, waiting, answers, callback };
}

function notificationOf({ outcome, endpoint, included }: Plan['tasks'][number], inferenceId: string): object {
  const endpointName = `endpoint-${endpoint}`;
  if (outcome !== 'Completed') return aFailure(inferenceId, outcome, endpointName);
  const notification = aNotification(inferenceId, endpointName);
  const content = Buffer.from(JSON.stringify(notification.responseParameters.outputLocation)).toString('base64');
  return { ...notification, ...(included && { responseBody: { content, message: '', encoding: 'BASE64' } }) };
}

function strangeMessage(kind: Plan['strangers'][number], inferenceId: string): unknown {
  switch (kind) {
    case 'test':
      return TEST_NOTIFICATION;
    case 'noise':
      return 'not JSON';
    case 'unknown':
      return aNotification(`${TASK_ID_PREFIX}unknown`, 'endpoint-0');
    // It names a task that waits, and comes from the topic of another endpoint.
    case 'forged':
      return aNotification(inferenceId, 'endpoint-forged');
    case 'another caller':
      return aNotification('8f5f3c5e-4f3b-4a7e-9f0b-2d1c0a9e7b11', 'endpoint-0');
  }
}

/** Delivers in any order until nothing is left. A message that fails returns to the queue. */
async function deliverAll(messages: unknown[], callback: Callback, { order, together }: Plan): Promise<number> {
  const queue = [...messages];
  let deliveries = 0;
  for (; queue.length > 0; deliveries += 1) {
    const index = order[deliveries % order.length]! % queue.length;
    const batch = queue.splice(index, together);
    const served = await Promise.allSettled(batch.map((message) => completeTask(message, callback)));
    queue.push(...batch.filter((_, position) => served[position]!.status === 'rejected'));
  }
  return deliveries;
}

test('every notified task ends once, with its own result: 10,000 random histories', async () => {
  let deliveries = 0;
  await fc.assert(
    fc.asyncProperty(plan, async (planned) => {
      const { table, waiting, answers, callback } = world(planned.faults);
      const attempts = planned.tasks.flatMap((task, index) => [
        { ...task, id: `${TASK_ID_PREFIX}${index}`, token: `token ${index}`, waits: !task.givenUp && !task.triedAgain },
        ...(task.triedAgain
          ? [{ ...task, id: `${TASK_ID_PREFIX}${index}-again`, token: `token ${index} again`, waits: !task.givenUp }]
          : []),
      ]);
      for (const { id, token, endpoint, waits, forgotten } of attempts) {
        if (!forgotten)
          table.set(id, { inferenceId: id, taskToken: token, endpointName: `Endpoint-${endpoint}`, expiresAt: 0 });
        if (waits) waiting.add(token);
      }
      const told = attempts.flatMap((attempt) =>
        Array.from({ length: attempt.copies }, () => notificationOf(attempt, attempt.id)),
      );
      const strange = planned.strangers.map((kind) => strangeMessage(kind, attempts[0]!.id));
      deliveries += await deliverAll([...strange, ...told], callback, planned);

      const expected = attempts
        .filter(({ waits, copies, forgotten }) => waits && copies > 0 && !forgotten)
        .map(({ id, token, outcome }) => {
          const OutputLocation = `s3://results/output/${id}.out`;
          return outcome === 'Completed'
            ? {
                token,
                output: { InferenceId: id, OutputLocation, ContentType: 'application/json', Body: OutputLocation },
              }
            : { token, error: `Inference${outcome}` };
        });
      const byToken = (one: Answer, other: Answer) => one.token.localeCompare(other.token);
      expect(answers.sort(byToken)).toEqual(expected.sort(byToken));
      expect([...table.keys()]).toEqual(
        attempts.filter(({ copies, forgotten }) => copies === 0 && !forgotten).map(({ id }) => id),
      );
    }),
    { numRuns: 10_000 },
  );
  expect(deliveries).toBeGreaterThan(10_000);
});
