/** The values of a metric by the values of its dimensions, which CloudWatch stores apart. */
export interface PublishedMetric {
  readonly namespace: string;
  readonly name: string;
  readonly unit: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly values: readonly number[];
}

interface Directive {
  readonly Namespace: string;
  readonly Dimensions: readonly (readonly string[])[];
  readonly Metrics: readonly { readonly Name: string; readonly Unit: string }[];
}

const UNITS = ['Count', 'Bytes', 'Milliseconds', 'Seconds', 'Percent', 'None'];

/**
 * The metrics that CloudWatch extracts from a log line, by the specification of the embedded metric format.
 *
 * @throws if the line breaks the specification, which CloudWatch would not report: it would publish nothing
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function publishedMetrics(line: Readonly<Record<string, unknown>>): PublishedMetric[] {
  const { Timestamp: timestamp, CloudWatchMetrics: directives } = line._aws as {
    readonly Timestamp: number;
    readonly CloudWatchMetrics: readonly Directive[];
  };
  assert(Number.isInteger(timestamp) && Math.abs(timestamp - Date.now()) < 60_000, 'Timestamp is not now', timestamp);
  return directives.flatMap(({ Namespace: namespace, Dimensions: sets, Metrics: metrics }) => {
    assert(/^[^\s:][^:]{0,255}$/.test(namespace) && !namespace.startsWith('AWS/'), 'Namespace', namespace);
    assert(sets.length > 0 && metrics.length >= 1 && metrics.length <= 100, 'empty or long directive', metrics);
    return sets.flatMap((set) => {
      assert(set.length <= 30, 'more than 30 dimensions', set);
      const dimensions = Object.fromEntries(set.map((name) => [name, dimensionOf(line[name], name)]));
      return metrics.map(({ Name: name, Unit: unit }) => {
        assert(UNITS.includes(unit), 'Unit', unit);
        return { namespace, name, unit, dimensions, values: valuesOf(line[name], name) };
      });
    });
  });
}

/** The target of a dimension is a text at the root. */
function dimensionOf(value: unknown, name: string): string {
  assert(typeof value === 'string' && value.length >= 1 && value.length <= 1024, `dimension ${name}`, value);
  return value as string;
}

/** The target of a metric is a number at the root, or at most 100 of them. */
function valuesOf(target: unknown, name: string): readonly number[] {
  const values = (Array.isArray(target) ? target : [target]) as number[];
  assert(values.length >= 1 && values.length <= 100 && values.every(Number.isFinite), `values of ${name}`, target);
  return values;
}

function assert(holds: boolean, what: string, value: unknown): void {
  if (!holds) throw new Error(`not in the embedded metric format: ${what}: ${JSON.stringify(value)}`);
}
