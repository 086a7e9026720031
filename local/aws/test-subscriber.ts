import { randomUUID } from 'node:crypto';
import type { ResultNotification } from './notification';
import { QueuePoller } from './queue-poller';
import type { Services, Session } from './services';

/** A subscriber to the topics of an endpoint, with its own queue. */
export class TestSubscriber {
  public static async start(services: Services, region: string, topicArns: readonly string[]): Promise<TestSubscriber> {
    const session = services.session(region);
    const queueUrl = await session.createQueue(`test-subscriber-${randomUUID()}`, topicArns);
    return new TestSubscriber(session, queueUrl);
  }

  /** All received messages in the order of arrival, including test notifications and duplicates. */
  public readonly messages: (ResultNotification | { readonly eventName: 'TestNotification' })[] = [];
  private readonly poller: QueuePoller;
  private readonly waiting = new Set<() => void>();
  private hasEnded = false;

  private constructor(session: Session, queueUrl: string) {
    this.poller = new QueuePoller(session, queueUrl, (messages) => {
      this.messages.push(...messages.map(({ Body }) => JSON.parse(Body!) as ResultNotification));
      this.wakeAll();
      return Promise.resolve(messages);
    });
    const end = (): void => {
      this.hasEnded = true;
      this.wakeAll();
    };
    this.poller.ended.then(end, end);
  }

  /** Waits for the first notification of a request. */
  public async notificationOf(inferenceId: string): Promise<ResultNotification> {
    for (;;) {
      const found = this.messages.find((message) => 'inferenceId' in message && message.inferenceId === inferenceId);
      if (found) return found as ResultNotification;
      if (this.hasEnded) {
        await this.poller.ended;
        throw new Error(`No notification of the request ${inferenceId} was received.`);
      }
      await new Promise<void>((resolve) => this.waiting.add(resolve));
    }
  }

  public close(): Promise<void> {
    return this.poller.close();
  }

  private wakeAll(): void {
    for (const wake of this.waiting) wake();
    this.waiting.clear();
  }
}
