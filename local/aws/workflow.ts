import { DeleteMessageCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import type { Deployment } from './deployment';
import type { LambdaFunction } from './lambda-function';
import type { Session } from './services';
import { LocalStateMachine } from './state-machine';
import type { SynthesizedStack } from '../app/synthesis';
import { Template } from '../app/template';
import type { TaskTokens } from './waiting-tasks';

interface SubscriptionProperties {
  readonly TopicArn: string;
  readonly Protocol: string;
  readonly Endpoint: string;
  readonly RawMessageDelivery?: boolean;
  readonly FilterPolicy?: object;
  readonly FilterPolicyScope?: string;
}

/** An app's state machine in service, with the queues that its functions consume. */
export class Workflow {
  public static async start(
    deployment: Deployment,
    stacks: readonly SynthesizedStack[],
    tokens: TaskTokens,
  ): Promise<Workflow> {
    const templates = Template.all(stacks);
    const all = <T>(type: string): T[] =>
      templates.flatMap((template) => template.resources(type).map((id) => template.properties(id) as T));

    const [machine] = all<{ DefinitionString: string }>('AWS::StepFunctions::StateMachine');
    if (!machine) throw new Error('the app has no state machine');
    const functionOf = (name: string): LambdaFunction => {
      const found = deployment.functions.find(({ blueprint }) => blueprint.arn === name || blueprint.name === name);
      if (!found) throw new Error(`the function ${name} is not among the assets`);
      return found;
    };
    const session = deployment.services.session('us-east-1');
    const mappings = all<{ EventSourceArn: string; FunctionName: string }>('AWS::Lambda::EventSourceMapping');
    const consumers = await Promise.all(
      mappings.map(async ({ EventSourceArn: arn, FunctionName }) => {
        const queueUrl = await session.createQueue(arn.split(':')[5]!, []);
        for (const subscription of all<SubscriptionProperties>('AWS::SNS::Subscription').filter(
          ({ Endpoint }) => Endpoint === arn,
        )) {
          await session.subscribe(subscription.TopicArn, arn.split(':')[5]!, {
            RawMessageDelivery: String(subscription.RawMessageDelivery ?? false),
            ...(subscription.FilterPolicy && {
              FilterPolicy: JSON.stringify(subscription.FilterPolicy),
              FilterPolicyScope: subscription.FilterPolicyScope ?? 'MessageAttributes',
            }),
          });
        }
        return new Consumer(session, queueUrl, functionOf(FunctionName));
      }),
    );
    const invoke = (name: string, payload: unknown) => functionOf(name).invoke(payload);
    return new Workflow(new LocalStateMachine(machine.DefinitionString, tokens, invoke), consumers);
  }

  private constructor(
    private readonly machine: LocalStateMachine,
    private readonly consumers: readonly Consumer[],
  ) {}

  /** Runs an execution of the state machine to its end. */
  public run(input: object): Promise<unknown> {
    return this.machine.run(input);
  }

  public async close(): Promise<void> {
    await Promise.all(this.consumers.map((consumer) => consumer.close()));
  }
}

/** An event source mapping: a queue's messages become events of a function, and those that it did not serve stay in the queue. */
class Consumer {
  private readonly closing = new AbortController();
  private readonly consuming: Promise<void>;

  constructor(
    private readonly session: Session,
    private readonly queueUrl: string,
    private readonly consumer: LambdaFunction,
  ) {
    this.consuming = this.consume();
  }

  public async close(): Promise<void> {
    this.closing.abort();
    await this.consuming;
  }

  private async consume(): Promise<void> {
    const { signal: abortSignal } = this.closing;
    const QueueUrl = this.queueUrl;
    while (!abortSignal.aborted) {
      try {
        const { Messages = [] } = await this.session.sqs.send(
          new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 20 }),
          { abortSignal },
        );
        if (Messages.length === 0) continue;
        const { batchItemFailures } = (await this.consumer.invoke({
          Records: Messages.map(({ MessageId: messageId, Body: body }) => ({
            messageId,
            body,
            eventSource: 'aws:sqs',
          })),
        })) as { batchItemFailures: { itemIdentifier: string }[] };
        const failed = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
        for (const { MessageId, ReceiptHandle } of Messages) {
          if (!failed.has(MessageId!))
            await this.session.sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
        }
      } catch (error) {
        if (!abortSignal.aborted) throw error;
      }
    }
  }
}
