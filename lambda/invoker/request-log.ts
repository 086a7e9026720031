import type { LogLine } from '../shared/log';
import { log } from '../shared/log';
import type { InvokerMetrics } from './metrics';
import { embeddedMetrics } from './metrics';

/** What requests of one line have in common. */
export interface Outcome extends Pick<LogLine, 'level' | 'message' | 'error'> {
  readonly path?: 'inline' | 's3';
}

/** What is logged of a single request. */
export interface LoggedRequest {
  readonly inferenceId?: string;
  readonly messageId?: string;
  /** The size of the payload. */
  readonly bytes?: number;
  readonly attempts?: number;
  /** How long it took, in milliseconds. */
  readonly ms?: number;
  /** The message of an error that is ours. */
  readonly reason?: string;
}

/** A document of the embedded metric format has at most 100 values of a metric. */
const MAX_REQUESTS = 100;

/** A line has at most 256 kB. In a reason, a character takes at most three bytes, and nothing else is longer than an ID. */
const MAX_REASON_CHARACTERS = 30_000;

interface Line {
  readonly outcome: Outcome;
  readonly requests: LoggedRequest[];
  readonly metrics: InvokerMetrics[];
  reasonCharacters: number;
}

/**
 * The log of an invocation. It collects requests with the same outcome and writes them as one line, because most of a line is not
 * about a single request. What is collected must be flushed before the invocation ends.
 */
export class RequestLog {
  private readonly lines = new Map<string, Line>();

  constructor(
    private readonly endpointName: string,
    readonly requestId: string,
  ) {}

  public add(outcome: Outcome, request: LoggedRequest, metrics?: InvokerMetrics): void {
    const { message, error, path } = outcome;
    const key = `${message} ${error} ${path}`;
    const line = this.lines.get(key) ?? { outcome, requests: [], metrics: [], reasonCharacters: 0 };
    this.lines.set(key, line);
    line.requests.push(request);
    if (metrics) line.metrics.push(metrics);
    line.reasonCharacters += request.reason?.length ?? 0;
    if (line.requests.length === MAX_REQUESTS || line.reasonCharacters > MAX_REASON_CHARACTERS) {
      this.lines.delete(key);
      this.write(line);
    }
  }

  public flush(): void {
    const lines = [...this.lines.values()];
    this.lines.clear();
    for (const line of lines) this.write(line);
  }

  private write({ outcome, requests, metrics }: Line): void {
    const { level, message, ...rest } = outcome;
    log({
      level,
      message,
      requestId: this.requestId,
      ...rest,
      requests,
      ...(metrics.length > 0 && embeddedMetrics(this.endpointName, metrics, outcome.error)),
    });
  }
}
