import { METRIC_AGE_MINUTES } from '../lib/requests/back-pressure-policy';
import { compile } from './metric-math';

// Jest looks up a global slowly, and this runs millions of times.
const { isNaN } = Number;
const NONE = NaN;

/** The metrics that the expressions of the constructs name. */
const METRIC_NAMES = ['backlog', 'backlogPerInstance', 'age', 'unserved', 'demand0'] as const;
export type MetricName = (typeof METRIC_NAMES)[number];

/** Metrics with one value a minute, which can be read some time after the minute is over, or never. */
export class SimulatedMetrics {
  private readonly series: Readonly<
    Record<string, { readonly values: Float64Array; readonly readableAt: Float64Array }>
  >;
  private minute = 0;
  private second = 0;

  constructor(minutes: number) {
    const series = () => ({
      values: new Float64Array(minutes).fill(NaN),
      readableAt: new Float64Array(minutes).fill(Infinity),
    });
    this.series = Object.fromEntries(METRIC_NAMES.map((name) => [name, series()]));
  }

  public publish(name: MetricName, minute: number, value: number, readableAt: number): void {
    this.series[name]!.values[minute] = value;
    this.series[name]!.readableAt[minute] = readableAt;
  }

  /** The values of an expression by minute, as they are known at a second: NaN where it has none. */
  public expression(text: string): (second: number) => (minute: number) => number {
    const value = compile(text);
    const read = (name: string, before: number) => this.read(name, before);
    const valueOf = (minute: number) => {
      this.minute = minute;
      return value(read);
    };
    return (second) => {
      this.second = second;
      return valueOf;
    };
  }

  /** The newest value that is known at a second and not too old for the workflow. */
  public newest(name: MetricName, newestMinute: number, second: number): number | undefined {
    const { values, readableAt } = this.series[name]!;
    for (let minute = newestMinute; minute > newestMinute - METRIC_AGE_MINUTES && minute >= 0; minute -= 1)
      if (readableAt[minute]! <= second) return values[minute]!;
    return undefined;
  }

  private read(name: string, before: number): number {
    const { values, readableAt } = this.series[name]!;
    const minute = this.minute - before;
    return minute >= 0 && readableAt[minute]! <= this.second ? values[minute]! : NONE;
  }
}

export type AlarmState = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';

/** An alarm on periods of a minute that leaves missing data missing. */
export interface AlarmRule {
  readonly evaluationPeriods: number;
  readonly datapointsToAlarm: number;
  readonly breaches: (value: number) => boolean;
}

/** CloudWatch retrieves more periods than it evaluates. How many more is a field report. */
const EXTRA_PERIODS = 2;

/** The state of an alarm, and the newest value that it found. */
export interface Evaluation {
  readonly state: AlarmState;
  readonly newest: number;
}

/**
 * Evaluates the newest data points that exist in the evaluation range. Fewer of them than the alarm wants are enough where all of
 * them breach.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html#alarms-and-missing-data
 */
export function evaluate(
  read: (minute: number) => number,
  newestMinute: number,
  { evaluationPeriods, datapointsToAlarm, breaches }: AlarmRule,
): Evaluation {
  let [found, breaching, newest] = [0, 0, NONE];
  for (
    let minute = newestMinute;
    minute > newestMinute - evaluationPeriods - EXTRA_PERIODS && found < evaluationPeriods;
    minute -= 1
  ) {
    const value = read(minute);
    if (isNaN(value)) continue;
    if (found === 0) newest = value;
    found += 1;
    if (breaches(value)) breaching += 1;
  }
  if (found === 0) return { state: 'INSUFFICIENT_DATA', newest };
  return { state: breaching >= datapointsToAlarm || breaching === found ? 'ALARM' : 'OK', newest };
}
