import { INVOKER_METRIC_NAMESPACE, INVOKER_METRICS } from '../../lib/contract/invoker';

type Metrics = Readonly<Partial<Record<keyof typeof INVOKER_METRICS, number>>>;

/** What a log line tells of a request: nothing of its payload. */
export interface LogLine {
  readonly level: 'INFO' | 'WARN' | 'ERROR';
  readonly message: string;
  readonly requestId: string;
  readonly inferenceId?: string;
  readonly path?: 'inline' | 's3';
  readonly bytes?: number;
  readonly attempts?: number;
  readonly durationMs: number;
  readonly error?: string;
  readonly reason?: string;
}

/** Writes one line of JSON, which is also the request's metrics. Lambda's console would wrap it in a record of its own. */
export function log(line: LogLine, endpointName: string, metrics: Metrics): void {
  process.stdout.write(
    `${JSON.stringify({ timestamp: new Date().toISOString(), ...line, ...embedded(endpointName, metrics, line.error) })}\n`,
  );
}

/** CloudWatch's embedded metric format, by hand: Powertools would add a quarter to the time that the bundle takes to load. */
function embedded(endpointName: string, metrics: Metrics, error?: string) {
  const directive = (dimensions: readonly string[], names: readonly string[]) => ({
    Namespace: INVOKER_METRIC_NAMESPACE,
    Dimensions: [dimensions],
    Metrics: names.map((name) => ({ Name: name, Unit: INVOKER_METRICS[name as keyof typeof INVOKER_METRICS] })),
  });
  const rejections = metrics.Rejections === undefined ? [] : [directive(['EndpointName', 'Reason'], ['Rejections'])];
  return {
    _aws: {
      Timestamp: Date.now(),
      CloudWatchMetrics: [directive(['EndpointName'], Object.keys(metrics)), ...rejections],
    },
    EndpointName: endpointName,
    ...(metrics.Rejections !== undefined && { Reason: error }),
    ...metrics,
  };
}
