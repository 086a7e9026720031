/** What a log line may hold of a request: nothing of its payload. */
export interface LogLine {
  readonly level: 'INFO' | 'ERROR';
  readonly message: string;
  readonly requestId: string;
  readonly inferenceId?: string;
  readonly bytes?: number;
  readonly durationMs: number;
  readonly error?: string;
  readonly reason?: string;
}

/** Writes one line of JSON. Lambda's console would wrap it in a record of its own, where the members are no longer searchable. */
export function log(line: LogLine): void {
  process.stdout.write(`${JSON.stringify({ timestamp: new Date().toISOString(), ...line })}\n`);
}
