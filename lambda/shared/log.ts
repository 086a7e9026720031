/** What a log line tells of a task: its inference and what became of it, and nothing that the model or a user said. */
export interface LogLine {
  readonly level: 'INFO' | 'WARN' | 'ERROR';
  readonly message: string;
  readonly requestId: string;
  readonly inferenceId?: string;
  readonly error?: string;
}

/** Writes one line of JSON. Lambda's console would wrap it in a record of its own. */
export function log(line: LogLine): void {
  process.stdout.write(`${JSON.stringify({ timestamp: new Date().toISOString(), ...line })}\n`);
}
