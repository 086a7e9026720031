/** What every log line contains. Nothing of a payload, a result or an error message of a service is ever logged. */
export interface LogLine {
  readonly level: 'INFO' | 'WARN' | 'ERROR';
  readonly message: string;
  readonly requestId: string;
  readonly inferenceId?: string;
  /** The name of the error. */
  readonly error?: string;
}

/** Writes one line of JSON. Lambda's console would wrap it in a record of its own. */
export function log<L extends LogLine>(line: L): void {
  process.stdout.write(`${JSON.stringify({ timestamp: new Date().toISOString(), ...line })}\n`);
}
