import type { AppResources } from '../app/resources';
import type { SynthesizedStack } from '../app/synthesis';
import { Template } from '../app/template';
import { Deployment } from './deployment';
import type { DeploymentOptions } from './deployment';
import { startJsonService } from './json-service';
import type { LambdaFunction } from './lambda-function';
import { QueuePoller } from './queue-poller';
import type { Services } from './services';
import { StartedResources } from './started-resources';
import { LocalStateMachine } from './state-machine';
import { TaskTable } from './task-table';
import { TaskTokens } from './task-tokens';

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

/** An app that runs locally with its state machine, and with the event source mappings of its functions. */
export class Workflow {
  public static start(
    stacks: readonly SynthesizedStack[],
    resources: AppResources,
    options: Omit<DeploymentOptions, 'endpointUrls'> = {},
  ): Promise<Workflow> {
    const templates = Template.all(stacks);
    const all = <T>(type: string): T[] =>
      templates.flatMap((template) => template.resources(type).map((id) => template.properties(id) as T));

    return StartedResources.start(async (started) => {
      const [machine] = all<{ DefinitionString: string }>('AWS::StepFunctions::StateMachine');
      if (!machine) throw new Error('The app has no state machine.');
      const table = new TaskTable();
      const tokens = new TaskTokens();
      const [dynamodb, stepFunctions] = await Promise.all([
        started.add(startJsonService(table.operations)),
        started.add(startJsonService(tokens.operations)),
      ]);
      const endpointUrls = { AWS_ENDPOINT_URL_DYNAMODB: dynamodb.url, AWS_ENDPOINT_URL_SFN: stepFunctions.url };
      const { services, functions } = await started.add(Deployment.start(resources, { ...options, endpointUrls }));

      const functionOf = (name: string): LambdaFunction => {
        const found = functions.find(({ configuration: { arn, name: own } }) => arn === name || own === name);
        if (!found) throw new Error(`The function ${name} has no asset.`);
        return found;
      };
      const subscriptions = all<SubscriptionProperties>('AWS::SNS::Subscription');
      const pollers = await Promise.all(
        all<MappingProperties>('AWS::Lambda::EventSourceMapping').map(({ EventSourceArn, FunctionName }) => {
          const subscribed = subscriptions.filter(({ Endpoint }) => Endpoint === EventSourceArn);
          return started.add(startMapping(services, EventSourceArn, subscribed, functionOf(FunctionName)));
        }),
      );
      const invoke = (name: string, payload: unknown) => functionOf(name).invoke(payload);
      const stateMachine = await started.add(new LocalStateMachine(machine.DefinitionString, tokens, invoke));
      return new Workflow(stateMachine, table, pollers, started);
    });
  }

  private constructor(
    private readonly stateMachine: LocalStateMachine,
    private readonly table: TaskTable,
    private readonly pollers: readonly QueuePoller[],
    private readonly started: StartedResources,
  ) {}

  /** The number of waiting tasks in the table. */
  public get waitingTasks(): number {
    return this.table.items.size;
  }

  /**
   * Runs an execution of the state machine and returns its output.
   *
   * @throws Error if the execution fails, if a function that consumes a queue fails, or if the workflow is closed
   */
  public run(input: object): Promise<unknown> {
    const failures = this.pollers.map(({ ended }) => ended.then(() => new Promise<never>(() => undefined)));
    return Promise.race([this.stateMachine.run(input), ...failures]);
  }

  public close(): Promise<void> {
    return this.started.close();
  }
}

/** Creates the queue of an event source mapping with its subscriptions, and starts to poll it. */
async function startMapping(
  services: Services,
  queueArn: string,
  subscriptions: readonly SubscriptionProperties[],
  consumer: LambdaFunction,
): Promise<QueuePoller> {
  const [, , , region, , queueName] = queueArn.split(':');
  const session = services.session(region!);
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
