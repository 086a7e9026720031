import { DeleteMessageCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import type { Message } from '@aws-sdk/client-sqs';
import type { Session } from './services';

/** Receives the messages of a queue until it is closed. */
export class QueuePoller {
  /** Resolves when the poller is closed, and rejects if it fails. */
  public readonly ended: Promise<void>;
  private readonly closing = new AbortController();

  constructor(
    private readonly session: Session,
    private readonly queueUrl: string,
    /** Processes a batch and returns the messages to delete. The queue delivers the others again. */
    private readonly process: (messages: readonly Message[]) => Promise<readonly Message[]>,
  ) {
    this.ended = this.poll();
    // A failure is reported by `ended`. Without an owner at that moment it would end the process.
    this.ended.catch(() => undefined);
  }

  public async close(): Promise<void> {
    this.closing.abort();
    await this.ended.catch(() => undefined);
  }

  private async poll(): Promise<void> {
    const { signal: abortSignal } = this.closing;
    const QueueUrl = this.queueUrl;
    while (!abortSignal.aborted) {
      const { Messages = [] } = await this.receive(abortSignal);
      if (Messages.length === 0) continue;
      for (const { ReceiptHandle } of await this.process(Messages)) {
        await this.session.sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
      }
    }
  }

  private async receive(abortSignal: AbortSignal): Promise<{ readonly Messages?: Message[] }> {
    const input = { QueueUrl: this.queueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 20 };
    try {
      return await this.session.sqs.send(new ReceiveMessageCommand(input), { abortSignal });
    } catch (error) {
      if (abortSignal.aborted) return {};
      throw error;
    }
  }
}
