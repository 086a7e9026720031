import type { SynthesizedStack } from '../app/synthesis';
import { Template } from '../app/template';
import type { Deployment } from './deployment';
import type { LambdaFunction } from './lambda-function';
import { QueuePoller } from './queue-poller';
import { StartedResources } from './started-resources';
import { LocalStateMachine } from './state-machine';
import type { TaskTokens } from './task-tokens';

interface MappingProperties {
  readonly EventSourceArn: string;
  readonly FunctionName: string;
}

interface SubscriptionProperties {
  readonly TopicArn: string;
  readonly Endpoint: string;
  readonly RawMessageDelivery?: boolean;
  readonly FilterPolicy?: object;
  readonly FilterPolicyScope?: string;
}

/** The state machine of an app, with the event source mappings of its functions. */
export class Workflow {
  public static start(
    deployment: Deployment,
    stacks: readonly SynthesizedStack[],
    tokens: TaskTokens,
  ): Promise<Workflow> {
    const templates = Template.all(stacks);
    const all = <T>(type: string): T[] =>
      templates.flatMap((template) => template.resources(type).map((id) => template.properties(id) as T));
    const functionOf = (name: string): LambdaFunction => {
      const found = deployment.functions.find(
        ({ configuration }) => configuration.arn === name || configuration.name === name,
      );
      if (!found) throw new Error(`The function ${name} has no asset.`);
      return found;
    };

    return StartedResources.start(async (started) => {
      const [machine] = all<{ DefinitionString: string }>('AWS::StepFunctions::StateMachine');
      if (!machine) throw new Error('The app has no state machine.');
      const subscriptions = all<SubscriptionProperties>('AWS::SNS::Subscription');
      const pollers = await Promise.all(
        all<MappingProperties>('AWS::Lambda::EventSourceMapping').map(({ EventSourceArn, FunctionName }) =>
          started.add(
            startMapping(
              deployment,
              EventSourceArn,
              functionOf(FunctionName),
              subscriptions.filter(({ Endpoint }) => Endpoint === EventSourceArn),
            ),
          ),
        ),
      );
      const invoke = (name: string, payload: unknown) => functionOf(name).invoke(payload);
      return new Workflow(new LocalStateMachine(machine.DefinitionString, tokens, invoke), pollers, started);
    });
  }

  private constructor(
    private readonly machine: LocalStateMachine,
    private readonly pollers: readonly QueuePoller[],
    private readonly started: StartedResources,
  ) {}

  /**
   * Runs an execution of the state machine and returns its output.
   *
   * @throws Error if the execution fails, or a function that consumes a queue
   */
  public run(input: object): Promise<unknown> {
    const closed = () => Promise.reject(new Error('The workflow was closed.'));
    return Promise.race([this.machine.run(input), ...this.pollers.map(({ ended }) => ended.then(closed))]);
  }

  public close(): Promise<void> {
    return this.started.close();
  }
}

/** Creates the queue of an event source mapping with its subscriptions, and starts to poll it. */
async function startMapping(
  deployment: Deployment,
  queueArn: string,
  consumer: LambdaFunction,
  subscriptions: readonly SubscriptionProperties[],
): Promise<QueuePoller> {
  const [, , , region, , queueName] = queueArn.split(':');
  const session = deployment.services.session(region!);
  const queueUrl = await session.createQueue(queueName!);
  for (const { TopicArn, RawMessageDelivery = false, FilterPolicy, FilterPolicyScope } of subscriptions) {
    await session.subscribe(TopicArn, queueName!, {
      RawMessageDelivery: String(RawMessageDelivery),
      ...(FilterPolicy && {
        FilterPolicy: JSON.stringify(FilterPolicy),
        FilterPolicyScope: FilterPolicyScope ?? 'MessageAttributes',
      }),
    });
  }
  return new QueuePoller(session, queueUrl, async (messages) => {
    const response = (await consumer.invoke({
      Records: messages.map(({ MessageId, Body }) => ({ messageId: MessageId, body: Body, eventSource: 'aws:sqs' })),
    })) as { readonly batchItemFailures?: readonly { readonly itemIdentifier: string }[] } | null;
    const failed = new Set(response?.batchItemFailures?.map(({ itemIdentifier }) => itemIdentifier));
    return messages.filter(({ MessageId }) => !failed.has(MessageId!));
  });
}
