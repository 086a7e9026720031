import { CloudAccount, keyOf } from './updates/cloud-account';
import { FlatStack } from './updates/flat-stack';
import type { Client } from './updates/required-calls';
import { numberOfText } from './updates/numbers';
import { earliest, inTemplateOrder, latest, play, seeded } from './updates/schedule';
import type { Order, Outcome } from './updates/schedule';
import { planOperation } from './updates/stack-operation';
import type { Phase, PlanningOptions, StackOperation } from './updates/stack-operation';
import type { StackTemplate } from './updates/stack-template';
import { Watch, isOf } from './updates/watch';
import type { Finding, Receivers, Surroundings, Traces } from './updates/watch';

export interface SimulationOptions {
  /** What users outside the stacks do. */
  readonly clients?: readonly Client[];
  /** The ARNs of the roles of models that no stack defines, by name. */
  readonly modelRoles?: Readonly<Record<string, string>>;
}

export interface DeploymentOptions {
  /** Whether every step also comes as early and as late as dependencies allow. */
  readonly orders?: boolean;
  /** Seeds of orders by chance besides. */
  readonly seeds?: readonly number[];
  /** Whether each step also fails, as early and as late as it can come, so that the stack rolls back. */
  readonly failures?: boolean;
  /** Whether nobody sends requests or messages until the end of the deployment. */
  readonly isQuiet?: boolean;
}

/** One version of an app: its stacks in the order of deployment. */
export type Version = readonly StackTemplate[];

const ROUTES: readonly [PlanningOptions, ...PlanningOptions[]] = [
  { orderThroughUnchanged: true, replaceOnMaybe: true },
  { orderThroughUnchanged: false, replaceOnMaybe: false },
];

/** One way that a deployment can go: the account, and what is on its way in it. */
interface Branch extends Surroundings {
  readonly account: CloudAccount;
  /** Whether the deployment has other stacks as well. */
  readonly isOneOfMany: boolean;
}

/**
 * Simulates what CloudFormation does to the stacks of an app from version to version, and asks its questions at each moment.
 *
 * - Stacks are processed one after another, each with its own cleanup. Nested stacks are part of their root stack.
 * - Within a stack, everything that dependencies allow may happen at any time. An endpoint, an event source mapping, a pipe and a
 *   function have their old and their new version in service while they are updated.
 * - AWS documents neither whether an unchanged resource holds two changed ones in order, nor the order of a rollback. The
 *   first is simulated both ways, and the second takes the dependencies of the template that the stack returns to.
 * - A resource with the deletion policy Retain stays when its creation is rolled back.
 * - The propagation of IAM changes is not modeled: a permission counts from the moment at which its call returns.
 */
export class UpdateSimulator {
  private readonly watch: Watch;
  private account = new CloudAccount();
  private traces: Traces = new Map();

  constructor(options: SimulationOptions = {}) {
    this.watch = new Watch(options.clients ?? [], options.modelRoles ?? {});
  }

  /** What was found since the last call. */
  public takeFindings(): Finding[] {
    return this.watch.takeFindings();
  }

  /** What is in the account now. */
  public get state(): CloudAccount {
    return this.account;
  }

  /** Another simulation that goes on from here. */
  public fork(): UpdateSimulator {
    const copy = Object.create(UpdateSimulator.prototype) as UpdateSimulator;
    return Object.assign(copy, this, {
      watch: this.watch.fork(),
      account: this.account.clone(),
      traces: new Map(this.traces),
    });
  }

  /** Lets everything pass that is on its way: requests are served, queues are empty, and nobody reads old results. */
  public drain(): void {
    this.traces = new Map();
  }

  /**
   * Deploys a version. The account ends as it does in the order of the template. Stacks that the version lacks stay as they are.
   *
   * @returns whether the deployment succeeded
   */
  public async deploy(version: Version, options: DeploymentOptions = {}): Promise<boolean> {
    const stacks = version.map((template) => new FlatStack(template));
    const known = new Set(this.account.leftBehind.map(keyOf));
    const expected = await this.expectedReceivers(stacks);
    const established = new Set(this.account.all.map(keyOf));
    const isOneOfMany = stacks.length > 1;
    // Senders that pause do so until the last stack has its new version.
    const isSettled = (stack: FlatStack) => !options.isQuiet || stack === stacks.at(-1);
    for (const stack of stacks) {
      const branch: Branch = {
        account: this.account,
        traces: this.traces,
        expected,
        established,
        isQuiet: options.isQuiet,
        isOneOfMany,
      };
      for (const route of ROUTES) await this.explore(branch, stack, route, known, options);
      const succeeded = await this.deployStack(branch, stack);
      const moment = `${stack.name}: after the ${succeeded ? 'update' : 'rollback'}`;
      this.reportLeftBehind(this.account, known, moment);
      await this.watch.look(this.account, moment, { ...branch, isSettled: isSettled(stack) });
      if (!succeeded) return false;
    }
    this.traces = await this.watch.intact(this.account, this.traces);
    return true;
  }

  /** Deletes a stack. */
  public async delete(name: string, options: DeploymentOptions = {}): Promise<void> {
    const deployed = this.account.stack(name);
    if (!deployed) return;
    const { account, region } = deployed.template;
    if (await this.deploy([{ name, account, region, body: {} }], options)) this.account.setStack(name, undefined);
  }

  /** The queues that receive notifications both before and after the deployment, if nothing fails. */
  private async expectedReceivers(stacks: readonly FlatStack[]): Promise<Receivers> {
    const end = this.account.clone();
    const silent = () => undefined;
    for (const stack of stacks) {
      const operation = this.plan(end, stack, ROUTES[0]);
      if (!operation) break;
      const { failed } = await play(end, operation.update, inTemplateOrder, silent);
      if (failed) break;
      await play(end, operation.cleanup, inTemplateOrder, silent);
    }
    const [before, after] = [await this.watch.receivers(this.account), await this.watch.receivers(end)];
    return new Map(
      [...before].map(([of, queues]) => [of, new Set([...queues].filter((queue) => after.get(of)?.has(queue)))]),
    );
  }

  /** Brings one stack to its template, in the order of the template. */
  private async deployStack(branch: Branch, stack: FlatStack): Promise<boolean> {
    const operation = this.plan(branch.account, stack, ROUTES[0]);
    if (!operation) return false;
    const outcome = await this.play(branch, operation.stack, operation.update, inTemplateOrder);
    if (outcome.failed) {
      this.reportFailure(operation, outcome);
      await this.rollBack(branch, operation, outcome.begun, inTemplateOrder);
      return false;
    }
    await this.play(branch, operation.stack, operation.cleanup, inTemplateOrder);
    return true;
  }

  /** Simulates the update of a stack in other orders, and lets it fail. The account and the traces stay as they are. */
  private async explore(
    branchPoint: Branch,
    stack: FlatStack,
    route: PlanningOptions,
    known: ReadonlySet<string>,
    options: DeploymentOptions,
  ): Promise<void> {
    const start = copyOf(branchPoint);
    const operation = this.plan(start.account, stack, route);
    if (!operation) return;
    const { update, cleanup } = operation;
    // Many orders lead to the same situation. What follows from one is simulated once.
    const situations = new Set<string>();
    const isNew = (situation: string) => situations.size < situations.add(situation).size;
    for (const order of ordersOf(update, options)) {
      const branch = copyOf(start);
      const { failed } = await this.play(branch, stack.name, update, order);
      if (failed || !isNew(situationOf(branch))) continue;
      for (const cleanupOrder of ordersOf(cleanup, options)) {
        await this.play(copyOf(branch), stack.name, cleanup, cleanupOrder);
      }
    }
    if (!options.failures) return;
    for (const step of update.steps) {
      for (const order of [earliest(update.steps, step), latest(update.steps, step)]) {
        const branch = copyOf(start);
        const { begun, failed } = await this.play(branch, stack.name, update, order, step.id);
        if (failed?.step !== step || !isNew(`${situationOf(branch)} ${[...begun].sort().join(' ')}`)) continue;
        for (const rollbackOrder of ordersOf(operation.rollback(begun).update, options)) {
          await this.rollBack(copyOf(branch), operation, begun, rollbackOrder);
        }
        await this.rollBack(branch, operation, begun, inTemplateOrder);
        const moment = `${stack.name}: after the rollback because of ${step.id}`;
        // Senders that pause do so until all stacks have their new version.
        const isSettled = !branch.isQuiet || !branch.isOneOfMany;
        await this.watch.look(branch.account, moment, { ...branch, isSettled });
        // Where nothing stays behind, the account is as before, and the next attempt is the one that is simulated anyway.
        if (this.reportLeftBehind(branch.account, known, moment)) await this.deployStack(branch, stack);
      }
    }
  }

  private async rollBack(
    branch: Branch,
    operation: StackOperation,
    begun: ReadonlySet<string>,
    order: Order,
  ): Promise<void> {
    const { update, cleanup } = operation.rollback(begun);
    const unused = unusedKeys(operation);
    for (const [name, trace] of branch.traces) if (isOf(trace, unused)) branch.traces.delete(name);
    await this.play({ ...branch, unused }, operation.stack, update, order);
    await this.play({ ...branch, unused }, operation.stack, cleanup, inTemplateOrder);
  }

  /** Simulates a phase. What a service refuses to delete in a cleanup stays behind, without any consequence for the update. */
  private play(branch: Branch, stack: string, phase: Phase, order: Order, failing?: string): Promise<Outcome> {
    return play(
      branch.account,
      phase,
      order,
      (account, moment, refusal) => {
        if (refusal) {
          const { step, reason } = refusal;
          const flaw = { question: 'refused', subject: step.resource.path, detail: reason } as const;
          this.watch.report(flaw, `${stack}: ${moment}`);
        }
        return this.watch.look(account, `${stack}: ${moment}`, branch);
      },
      failing,
    );
  }

  private plan(account: CloudAccount, stack: FlatStack, route: PlanningOptions): StackOperation | undefined {
    try {
      return planOperation(account, stack, route);
    } catch (error) {
      const detail = (error as Error).message;
      if (!detail.startsWith('no stack exports')) throw error;
      this.watch.report({ question: 'refused', subject: stack.name, detail }, `${stack.name}: before the update`);
      return undefined;
    }
  }

  private reportFailure({ stack, update }: StackOperation, { failed }: Outcome): void {
    const { step, reason } = failed!;
    const question = reason.endsWith('exists already') ? 'collision' : 'refused';
    const subject = step?.resource.path ?? stack;
    this.watch.report({ question, subject, detail: reason }, `${stack}: ${update.name}: ${step?.id ?? 'at its end'}`);
  }

  /** Whether more has stayed behind than is known. */
  private reportLeftBehind(account: CloudAccount, known: ReadonlySet<string>, moment: string): boolean {
    const added = account.leftBehind.filter((resource) => !known.has(keyOf(resource)));
    const after = moment.includes('after the rollback') ? 'after a rollback' : 'after the update';
    added.forEach(({ path, type }) =>
      this.watch.report({ question: 'left behind', subject: path, detail: `${type} ${after}` }, moment),
    );
    return added.length > 0;
  }
}

/** Nobody sends messages to a new queue before the deployment is done, or requests to an endpoint that replaces no other one. */
function unusedKeys({ created, replacements }: StackOperation): Set<string> {
  return new Set([...created].filter((key) => !(key.startsWith('AWS::SageMaker::Endpoint ') && replacements.has(key))));
}

function ordersOf({ steps }: Phase, { orders = false, seeds = [] }: DeploymentOptions): Order[] {
  return [
    inTemplateOrder,
    ...(orders ? steps.flatMap((step) => [earliest(steps, step), latest(steps, step)]) : []),
    ...seeds.map(seeded),
  ];
}

/** What tells a branch from others of the same deployment. */
function situationOf({ account, traces }: Branch): string {
  return `${account.signature} ${[...traces.keys()].map(numberOfText).sort().join()}`;
}

function copyOf(branch: Branch): Branch {
  return { ...branch, account: branch.account.clone(), traces: new Map(branch.traces) };
}
