import { App, Stack } from 'aws-cdk-lib';
import { scalingPolicy } from '../../bench/control-loop';
import { defaultEndpoint } from '../../bench/default-endpoint';
import { simulate } from '../../bench/simulation';
import type { Minute, Scenario } from '../../bench/simulation';
import { AsyncInferenceMonitoring } from '../../lib';
import { DeployedTemplate } from '../showcase/deployed-template';
import { pathsOf } from '../showcase/paths';
import { chart } from './chart';
import type { Series } from './chart';
import { box, text } from './svg';
import type { Picture } from './svg';

/** A metric of a graph: its namespace, its name, its dimensions, and its options if it has any. */
type GraphMetric = readonly (string | { readonly label?: string; readonly stat?: string; readonly yAxis?: string })[];

interface Widget {
  readonly type: 'text' | 'alarm' | 'metric';
  readonly properties: {
    readonly title?: string;
    readonly markdown?: string;
    readonly alarms?: readonly string[];
    readonly metrics?: readonly GraphMetric[];
    readonly yAxis?: { readonly left: { readonly label: string }; readonly right?: { readonly label: string } };
  };
}

const MODEL_SECONDS = 12;
const CONCURRENCY = 2;
const HOURS = 6;
const TTL = 21_600;

/** Two bursts, and a steady load of 18 requests per minute between them, so far. */
function arrivedUntil(second: number): number {
  const steady = Math.floor((Math.min(Math.max(0, second - 90 * 60), 90 * 60) * 18) / 60);
  return steady + (second > 20 * 60 ? 90 : 0) + (second > 250 * 60 ? 150 : 0);
}

export const DAY: Scenario = {
  seconds: HOURS * 3_600,
  stepSeconds: 2,
  arrivals: (from, to) => arrivedUntil(to) - arrivedUntil(from),
  model: { seconds: MODEL_SECONDS, variation: 0.3 },
  ttl: TTL,
  concurrency: CONCURRENCY,
  scaling: scalingPolicy({ minCapacity: 0, maxCapacity: 4, targetBacklogPerInstance: 5 }, 0, TTL),
  aws: { metricDelay: [20, 120] },
};

/** A minute with what was done in it. */
interface Moment extends Minute {
  readonly sent: number;
  readonly processed: number;
}

const whileServed = (value: number) => (moment: Moment) => (moment.instances > 0 ? value : NaN);
const whileProcessed = (value: (moment: Moment) => number) => (moment: Moment) =>
  moment.processed > 0 ? value(moment) : NaN;
const zero = () => 0;

/**
 * The values of the metrics. Those of an endpoint without a GPU and of payloads that are not in S3 are not published. What the
 * simulation does not have, such as memory, is an example.
 */
const VALUES: Readonly<Record<string, ((moment: Moment) => number) | undefined>> = {
  'CdkSagemakerAsyncInference Invocations': ({ sent }) => sent,
  'CdkSagemakerAsyncInference Failures': zero,
  'CdkSagemakerAsyncInference Rejections': zero,
  'CdkSagemakerAsyncInference Throttles': zero,
  'AWS/SageMaker InvocationsProcessed': ({ processed }) => processed,
  'AWS/SageMaker ApproximateBacklogSize': ({ backlog }) => backlog,
  'AWS/SageMaker ApproximateBacklogSizePerInstance': ({ backlog, instances }) => backlog / Math.max(1, instances),
  'AWS/SageMaker ApproximateAgeOfOldestRequest': ({ oldest }) => oldest,
  '/aws/sagemaker/Endpoints CPUUtilization': ({ processed, instances }) =>
    instances > 0 ? Math.min(380, 10 + (380 * processed * MODEL_SECONDS) / (60 * CONCURRENCY * instances)) : NaN,
  '/aws/sagemaker/Endpoints MemoryUtilization': whileServed(42),
  '/aws/sagemaker/Endpoints DiskUtilization': whileServed(18),
  '/aws/sagemaker/Endpoints GPUUtilization': undefined,
  '/aws/sagemaker/Endpoints GPUMemoryUtilization': undefined,
  Instances: ({ instances }) => instances,
  'AWS/SageMaker TimeInBacklog': whileProcessed(({ oldest }) => oldest * 1_000),
  'AWS/SageMaker TotalProcessingTime': whileProcessed(({ oldest }) => (oldest + MODEL_SECONDS) * 1_000),
  'AWS/SageMaker ModelLatency': whileProcessed(() => MODEL_SECONDS * 1_000_000),
  'AWS/SageMaker RequestDownloadLatency': undefined,
  'AWS/SageMaker ResponseUploadLatency': whileProcessed(() => 60_000),
  'AWS/SageMaker InvocationFailures': zero,
  'AWS/SageMaker ExpiredRequests': zero,
  'AWS/SageMaker NotificationFailures': zero,
  'AWS/SageMaker RequestDownloadFailures': zero,
  'AWS/SageMaker ResponseUploadFailures': zero,
  'AWS/SageMaker Invocation4XXErrors': zero,
  'AWS/SageMaker Invocation5XXErrors': zero,
  'AWS/Lambda Invocations': ({ sent }) => sent,
  'AWS/Lambda Errors': zero,
  'AWS/Lambda Throttles': zero,
  'AWS/Lambda Duration': ({ sent }) => (sent > 0 ? 45 : NaN),
};

function momentsOf(minutes: readonly Minute[]): Moment[] {
  return minutes.map((minute, index) => ({
    ...minute,
    sent: minute.arrived - (minutes[index - 1]?.arrived ?? 0),
    processed: minute.done - (minutes[index - 1]?.done ?? 0),
  }));
}

export function seriesOf(metric: GraphMetric, moments: readonly Moment[]): Series {
  const [namespace, metricName] = metric as readonly [string, string];
  const last = metric.at(-1);
  const { label, yAxis } = typeof last === 'object' ? last : {};
  const key = label === 'Instances' ? label : `${namespace} ${metricName}`;
  if (!(key in VALUES)) throw new Error(`the picture of the dashboard has no values for ${key}`);
  const value = VALUES[key];
  return {
    name: `${label ?? metricName}${value === undefined ? ' (no data)' : ''}`,
    values: value === undefined ? [] : moments.map(value),
    isRight: yAxis === 'right',
  };
}

const WIDTH = 1000;
const MARGIN = 16;
const GAP = 12;
const LEGEND_LINE = 17;
/** The dashboard has the graphs in one row. Here they have two, so that their text is readable. */
const COLUMNS = 3;
const PLOT_HEIGHT = 290;
const ALARM_COLUMNS = 4;

export function dashboard(): Picture {
  const stack = new Stack(new App(), 'Stack', { env: { account: '123456789012', region: 'us-east-1' } });
  new AsyncInferenceMonitoring(stack, 'Monitoring', { endpoints: [defaultEndpoint(stack, 'Endpoint')] });
  const template = new DeployedTemplate(stack);
  const [dashboardId] = template.resources('AWS::CloudWatch::Dashboard');
  const { DashboardBody } = template.properties(dashboardId!) as { DashboardBody: string };
  const { widgets } = JSON.parse(DashboardBody) as { widgets: readonly Widget[] };
  const moments = momentsOf(simulate(DAY).minutes);

  const alarmNames = template
    .resources('AWS::CloudWatch::Alarm')
    .map((id) => [template.arnOf(id), pathsOf(stack).get(id)!.split('/').at(-1)!] as const);
  const nameOf = (arn: string) => alarmNames.find(([own]) => own === arn)![1];
  const [header, alarms] = [widgets[0]!, widgets[1]!];
  const graphs = widgets.filter(({ type }) => type === 'metric');
  const [, endpointName] = /^## (.*)$/m.exec(header.properties.markdown!)!;
  const links = [...header.properties.markdown!.matchAll(/\[([^\]]+)\]/g)].map(([, link]) => link!);

  const top = 16;
  const rowHeight = 136;
  const leftWidth = 280;
  const tileWidth = (WIDTH - 2 * MARGIN - leftWidth - GAP - (ALARM_COLUMNS + 1) * 8) / ALARM_COLUMNS;
  const alarmX = MARGIN + leftWidth + GAP;
  const names = alarms.properties.alarms!.map(nameOf);
  const head = [
    box({ x: MARGIN, y: top, width: leftWidth, height: rowHeight }, { fill: 'paper', border: 'grid' }),
    text([MARGIN + 14, top + 34], endpointName!, { size: 16, isBold: true }),
    text([MARGIN + 14, top + 66], links.join(' · '), { color: 'blue' }),
    box({ x: alarmX, y: top, width: WIDTH - MARGIN - alarmX, height: rowHeight }, { fill: 'paper', border: 'grid' }),
    text([alarmX + 12, top + 20], `${alarms.properties.title} (${names.length}, all OK)`, { isBold: true }),
    ...names.map((name, index) => {
      const [x, y] = [
        alarmX + 8 + (index % ALARM_COLUMNS) * (tileWidth + 8),
        top + 30 + Math.floor(index / ALARM_COLUMNS) * 34,
      ];
      return [
        box({ x, y, width: tileWidth, height: 28 }, { fill: 'greenTint', border: 'green' }),
        text([x + tileWidth / 2, y + 18], name, { size: 11, anchor: 'middle' }),
      ].join('');
    }),
  ];

  const width = (WIDTH - 2 * MARGIN - (COLUMNS - 1) * GAP) / COLUMNS;
  const rows = Array.from({ length: Math.ceil(graphs.length / COLUMNS) }, (_, row) =>
    graphs.slice(row * COLUMNS, (row + 1) * COLUMNS),
  );
  let y = top + rowHeight + GAP;
  const body = [...head];
  for (const row of rows) {
    const height = PLOT_HEIGHT + LEGEND_LINE * Math.max(...row.map(({ properties }) => properties.metrics!.length));
    row.forEach(({ properties: { title, metrics, yAxis } }, column) => {
      const x = MARGIN + column * (width + GAP);
      const legend = metrics!.length * LEGEND_LINE;
      body.push(
        box({ x, y, width, height }, { fill: 'paper', border: 'grid' }),
        chart(
          { x, y: y + 4, width, height: PLOT_HEIGHT + legend - 12 },
          {
            title: title!,
            unit: yAxis!.left.label,
            rightUnit: yAxis!.right?.label,
            until: HOURS,
            timeUnit: 'hours',
            legendColumns: 1,
            series: metrics!.map((metric) => seriesOf(metric, moments)),
          },
        ),
      );
    });
    y += height + GAP;
  }
  body.push(
    text(
      [MARGIN, y + 8],
      'Simulated data. CPU, memory, disk and the times of the invoker and of uploads are examples. Dashed: axis on the right.',
      {
        color: 'muted',
      },
    ),
  );
  return {
    name: 'dashboard',
    title: 'The CloudWatch dashboard with simulated data',
    description:
      `The dashboard of one endpoint: links, ${names.length} alarms, and the graphs ${graphs.map(({ properties }) => properties.title).join(', ')}. ` +
      'Two bursts and a steady load wake the endpoint from zero three times. The backlog rises until instances are in service, and then falls to zero.',
    width: WIDTH,
    height: y + 22,
    body: body.join(''),
  };
}
