import { randomUUID } from 'node:crypto';
import { DeleteMessageCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import type { ResultNotification } from './notification';
import type { Services, Session } from './services';

/** A subscriber to an endpoint's topics, by a queue of its own. */
export class Inbox {
  public static async open(services: Services, region: string, topicArns: readonly string[]): Promise<Inbox> {
    const session = services.session(region);
    return new Inbox(session, await session.createQueue(`inbox-${randomUUID()}`, topicArns));
  }

  /** All that came, test notifications and repeats with it, in the order of arrival. */
  public readonly messages: (ResultNotification | { readonly eventName: 'TestNotification' })[] = [];
  private readonly closing = new AbortController();
  private readonly waiting = new Set<() => void>();
  private readonly receiving: Promise<void>;

  private constructor(
    private readonly session: Session,
    private readonly queueUrl: string,
  ) {
    this.receiving = this.receive();
  }

  /** Waits for what came of a request: its first notification, should there be several. */
  public async notificationOf(inferenceId: string): Promise<ResultNotification> {
    for (;;) {
      const found = this.messages.find((message) => 'inferenceId' in message && message.inferenceId === inferenceId);
      if (found) return found as ResultNotification;
      if (this.closing.signal.aborted) throw new Error(`no notification of ${inferenceId} came`);
      await new Promise<void>((resolve) => this.waiting.add(resolve));
    }
  }

  public async close(): Promise<void> {
    this.closing.abort();
    await this.receiving;
    this.wake();
  }

  private async receive(): Promise<void> {
    const abortSignal = this.closing.signal;
    while (!abortSignal.aborted) {
      try {
        const { Messages = [] } = await this.session.sqs.send(
          new ReceiveMessageCommand({ QueueUrl: this.queueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 20 }),
          { abortSignal },
        );
        for (const { Body, ReceiptHandle } of Messages) {
          this.messages.push(JSON.parse(Body!) as ResultNotification);
          await this.session.sqs.send(new DeleteMessageCommand({ QueueUrl: this.queueUrl, ReceiptHandle }));
        }
        this.wake();
      } catch (error) {
        if (!abortSignal.aborted) throw error;
      }
    }
  }

  private wake(): void {
    for (const resolve of this.waiting) resolve();
    this.waiting.clear();
  }
}
