import { CloudAccount } from '../support/updates/cloud-account';
import { FlatStack } from '../support/updates/flat-stack';
import { earliest, inTemplateOrder, latest, play } from '../support/updates/schedule';
import { planOperation } from '../support/updates/stack-operation';
import type { PlanningOptions } from '../support/updates/stack-operation';
import type { ResourceDefinition, StackTemplate, TemplateBody } from '../support/updates/stack-template';

export const ACCOUNT = '111122223333';
export const REGION = 'eu-west-1';

/** A resource with properties, and with attributes such as DependsOn. */
export function resource(
  Type: string,
  Properties: ResourceDefinition['Properties'] = {},
  attributes: Omit<ResourceDefinition, 'Type' | 'Properties'> = {},
): ResourceDefinition {
  return { Type, Properties, ...attributes };
}

export const ref = (Ref: string) => ({ Ref });
export const attribute = (...names: [string, string]) => ({ 'Fn::GetAtt': names });

/** A stack of hand-written resources. */
export function aTemplate(
  Resources: TemplateBody['Resources'],
  {
    name = 'Stack',
    nested,
    ...body
  }: Omit<TemplateBody, 'Resources'> & Partial<Pick<StackTemplate, 'name' | 'nested'>> = {},
): StackTemplate {
  return { name, account: ACCOUNT, region: REGION, nested, body: { Resources, ...body } };
}

interface Course extends Partial<PlanningOptions> {
  /** The step that comes as early as it can, while everything else that may happen does so during it. */
  readonly first?: string;
  /** The step that comes as late as it can. */
  readonly last?: string;
  /** The step that fails. */
  readonly failing?: string;
  /** Gets the account at each moment. */
  readonly onMoment?: (account: CloudAccount, moment: string) => void;
}

/** An account in which templates are deployed one after another, and the moments of each deployment. */
export class Deployer {
  public readonly account = new CloudAccount();

  /** @returns what happens, in its order */
  public async deploy(template: StackTemplate, course: Course = {}): Promise<string[]> {
    const moments: string[] = [];
    const observe = (account: CloudAccount, moment: string) => {
      course.onMoment?.(account, moment);
      if (!moment.endsWith('at its beginning')) moments.push(moment.replace(/: after /, ': '));
    };
    const operation = planOperation(this.account, new FlatStack(template), {
      orderThroughUnchanged: true,
      replaceOnMaybe: true,
      ...course,
    });
    const { steps } = operation.update;
    const find = (id: string) => {
      const step = steps.find((each) => each.id === id);
      if (!step) throw new Error(`no step ${id} among ${steps.map((each) => each.id).join(', ')}`);
      return step;
    };
    const order = course.first
      ? earliest(steps, find(course.first))
      : course.last
        ? latest(steps, find(course.last))
        : inTemplateOrder;
    const { begun, failed } = await play(this.account, operation.update, order, observe, course.failing);
    if (failed && !course.failing) moments.push(`failed: ${failed.reason}`);
    const { update, cleanup } = failed ? operation.rollback(begun) : { update: undefined, cleanup: operation.cleanup };
    if (update) await play(this.account, update, inTemplateOrder, observe);
    await play(this.account, cleanup, inTemplateOrder, observe);
    return moments;
  }

  /** What is in the account: physical IDs by type, without the stack's name. */
  public get resources(): string[] {
    return this.account.all.map(({ type, id }) => `${type.split('::')[2]} ${id}`);
  }
}
