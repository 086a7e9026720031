import type { Construct } from 'constructs';
import jsonata from 'jsonata';
import { only } from '../../tools/showcase/stacks';

interface State {
  readonly Type: 'Choice' | 'Pass' | 'Succeed' | 'Task' | 'Wait';
  readonly Resource?: string;
  readonly Arguments?: unknown;
  readonly Output?: unknown;
  readonly Next?: string;
  readonly Catch?: readonly { readonly Next: string; readonly Output?: unknown }[];
  readonly Choices?: readonly { readonly Condition: string; readonly Next: string }[];
  readonly Default?: string;
}

export interface StateMachine {
  readonly StartAt: string;
  readonly States: Readonly<Record<string, State>>;
}

/** The definition of a stack's one state machine, with logical IDs in the place of references. */
export function definitionOf(scope: Construct): StateMachine {
  const { DefinitionString: definition } = only(scope, 'AWS::StepFunctions::StateMachine').Properties;
  const parts = (definition as { 'Fn::Join': [string, (string | { Ref: string })[]] })['Fn::Join'][1];
  return JSON.parse(parts.map((part) => (typeof part === 'string' ? part : part.Ref)).join('')) as StateMachine;
}

/**
 * Runs a state machine in JSONata, without its retries and waiting times. `call` responds for the API that the resource of a task
 * names. What it throws goes to the `Catch` of the task.
 */
export async function execute(
  { StartAt, States }: StateMachine,
  call: (api: string, input: unknown) => unknown,
): Promise<void> {
  let input: unknown = {};
  for (let name: string | undefined = StartAt; name !== undefined;) {
    const state: State = States[name]!;
    const states: Record<string, unknown> = { input };
    if (state.Type === 'Task') {
      try {
        states.result = call(state.Resource!.split(':::')[1]!, await evaluated(state.Arguments, states));
      } catch (error) {
        const [caught] = state.Catch ?? [];
        if (!caught) throw error;
        input = await evaluated(caught.Output ?? {}, states);
        name = caught.Next;
        continue;
      }
    }
    input = (await evaluated(state.Output, states)) ?? states.result ?? input;
    const chosen: string[] = [];
    for (const { Condition, Next } of state.Choices ?? [])
      if ((await evaluated(Condition, states)) === true) chosen.push(Next);
    name = chosen[0] ?? state.Default ?? state.Next;
  }
}

async function evaluated(value: unknown, states: object): Promise<unknown> {
  if (typeof value === 'string') {
    const expression = /^\{%(.*)%\}$/s.exec(value)?.[1];
    return expression === undefined ? value : ((await jsonata(expression).evaluate({}, { states })) as unknown);
  }
  if (Array.isArray(value)) return Promise.all(value.map((item) => evaluated(item, states)));
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).map(async ([name, member]) => [name, await evaluated(member, states)] as const);
  return Object.fromEntries(await Promise.all(members));
}
