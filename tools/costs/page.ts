// Writes docs/costs.md. The counts of alarms come from a synthesized template, and all sums from the prices.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { AsyncInferenceMonitoring } from '../../lib';
import { anEndpoint } from '../showcase/stacks';
import { PRICES } from './prices';
import type { Price } from './prices';

const HOURS_PER_MONTH = 730;
const DAYS_PER_MONTH = 30;
/** What docs/scale.md computes for a request queue, in dollars per month. */
export const REQUEST_QUEUE_PER_MONTH = 3;
/** How long an instance stays in service after the last request: target tracking, and some minutes of its alarm. */
const IDLE_TAIL_HOURS = 0.25;
/** How long an instance is billed before it serves: the download of image and model, and the start of the container. */
const START_HOURS = 0.1;

const MILLION = 1_000_000;
const dollars = (value: number) =>
  value < 10 ? `$${value.toFixed(2)}` : `$${Math.round(value).toLocaleString('en-US')}`;
const hours = (value: number) => (value < 10 ? value.toFixed(1) : Math.round(value).toLocaleString('en-US'));

interface WithMetrics {
  readonly Metrics?: readonly { readonly MetricStat?: unknown }[];
}

/** CloudWatch charges for each metric of an alarm, not for its expressions. */
const metricsOf = ({ Metrics }: WithMetrics): number =>
  Metrics === undefined ? 1 : Metrics.filter(({ MetricStat }) => MetricStat !== undefined).length;

/** The sum of the metrics of whatever resources of a type have, as `read` finds them. */
function metricsIn(template: Template, type: string, read: (properties: object) => WithMetrics | undefined): number {
  const found = Object.values(template.findResources(type)).map(({ Properties }: { Properties?: object }) =>
    read(Properties ?? {}),
  );
  return found.reduce((sum, metrics) => sum + (metrics ? metricsOf(metrics) : 0), 0);
}

interface ScalingPolicy {
  readonly TargetTrackingScalingPolicyConfiguration?: { readonly CustomizedMetricSpecification?: WithMetrics };
}

/** The metrics that CloudWatch charges for. Target tracking has two alarms of its own, each with the metrics of its policy. */
export function alarmMetrics(): { readonly scaling: number; readonly monitoring: number } {
  const templates = [false, true].map((isMonitored) => {
    const stack = new Stack(new App(), 'Stack');
    const endpoint = anEndpoint(stack);
    if (isMonitored) new AsyncInferenceMonitoring(stack, 'Monitoring', { endpoints: [endpoint] });
    return Template.fromStack(stack);
  });
  const [wake = 0, all = 0] = templates.map((template) =>
    metricsIn(template, 'AWS::CloudWatch::Alarm', (alarm) => alarm),
  );
  const tracked = metricsIn(
    templates[0]!,
    'AWS::ApplicationAutoScaling::ScalingPolicy',
    (policy: ScalingPolicy) => policy.TargetTrackingScalingPolicyConfiguration?.CustomizedMetricSpecification,
  );
  // A step policy has no metrics of its own.
  return { scaling: wake + 2 * tracked, monitoring: all - wake };
}

/** What a request through the invoker costs besides instances, per million. */
export function directPerMillion(): number {
  const { lambdaRequests, lambdaDuration, notifications, puts, gets, logs } = PRICES;
  const duration = 0.25 * 0.05 * lambdaDuration.dollars;
  const logged = ((600 * MILLION) / 1e9) * logs.dollars;
  return lambdaRequests.dollars + duration + notifications.dollars + puts.dollars + gets.dollars + logged;
}

/** The instance-hours of a day. */
interface Day {
  readonly what: string;
  readonly requests: number;
  readonly instanceHours: number;
}

const DAYS: readonly Day[] = [
  {
    what: '1,000 requests of 2 s in one burst, one instance, concurrency 1',
    requests: 1_000,
    instanceHours: START_HOURS + (1_000 * 2) / 3_600 + IDLE_TAIL_HOURS,
  },
  {
    what: '1,000 requests of 2 s over 8 hours, one instance',
    requests: 1_000,
    instanceHours: START_HOURS + 8 + IDLE_TAIL_HOURS,
  },
  {
    what: '1,000,000 requests of 1 s in a day, concurrency 10, instances 75 % busy',
    requests: MILLION,
    instanceHours: (MILLION * 1) / 10 / 3_600 / 0.75,
  },
];

const row = (...cells: readonly string[]) => `| ${cells.join(' | ')} |`;

function idleRows(): string[] {
  const { scaling, monitoring } = alarmMetrics();
  const { alarmMetric, dashboard, key, interfaceEndpoint, natGateway, m5, g5 } = PRICES;
  const parts: [what: string, units: string, price: number][] = [
    [
      '**default endpoint at zero instances**',
      `${scaling} metrics of the alarms of its scaling`,
      scaling * alarmMetric.dollars,
    ],
    [
      '`AsyncInferenceMonitoring` of the endpoint',
      `${monitoring} alarms and a dashboard`,
      monitoring * alarmMetric.dollars + dashboard.dollars,
    ],
    [
      '`AsyncInferenceRequestQueue`',
      '[see scale](scale.md#what-a-request-queue-costs-per-month)',
      REQUEST_QUEUE_PER_MONTH,
    ],
    ['`AsyncInferenceResultQueue`', '2 alarms, receives of your consumer come in addition', 2 * alarmMetric.dollars],
    ['a key of your own', '1 key', key.dollars],
    [
      'VPC with 3 interface endpoints',
      '3 endpoints in 2 Availability Zones',
      6 * interfaceEndpoint.dollars * HOURS_PER_MONTH,
    ],
    ['VPC with a NAT gateway', '1 gateway, traffic comes in addition', natGateway.dollars * HOURS_PER_MONTH],
    ['`minCapacity: 1` on `ml.m5.xlarge`', `${HOURS_PER_MONTH} instance-hours`, m5.dollars * HOURS_PER_MONTH],
    ['`minCapacity: 1` on `ml.g5.xlarge`', `${HOURS_PER_MONTH} instance-hours`, g5.dollars * HOURS_PER_MONTH],
  ];
  return parts.map(([what, units, price]) => row(what, units, dollars(price)));
}

function dayRows(): string[] {
  const { m5, g5 } = PRICES;
  return DAYS.map(({ what, requests, instanceHours }) => {
    const month = instanceHours * DAYS_PER_MONTH;
    const others = ((requests * DAYS_PER_MONTH) / MILLION) * directPerMillion() + 2 * PRICES.customMetric.dollars;
    return row(what, hours(month), dollars(month * m5.dollars), dollars(month * g5.dollars), dollars(others));
  });
}

const priceRow = ({ what, dollars: amount, per, source }: Price) => row(what, `$${amount}`, per, `[AWS](${source})`);

/** The page on costs. */
export function costsPage(): string {
  const { puts, gets, m5, g5 } = PRICES;
  return `<!-- Generated by \`npm run docs\`. Do not edit: the prices are in tools/costs/prices.ts, the sums in tools/costs/page.ts. -->
# Costs

What an endpoint costs while it is idle, with 1,000 requests a day, and with a million. All amounts are US dollars per month, computed from
list prices of us-east-1 without the free tier. The prices were read on pages of third parties, so [check them](#prices). Sums are estimates.

## While idle

At zero instances, SageMaker charges nothing for the endpoint. These parts remain. Add up those that you use:

| Part | Units | Price per month |
|---|---|---|
${idleRows().join('\n')}

Storage of results and logs comes in addition. CloudWatch has a free tier of 10 alarm metrics per account. Deployment starts an instance, which is
billed until the endpoint scales in.

## With requests

| Day | Instance-hours per month | on \`ml.m5.xlarge\` | on \`ml.g5.xlarge\` | Everything else |
|---|---|---|---|---|
${dayRows().join('\n')}

- Instance-hours include 6 minutes of start *(estimate)* and 15 minutes in service after the last request *(estimate)*, once per day.
- A real-time endpoint with one instance takes ${HOURS_PER_MONTH} instance-hours: ${dollars(m5.dollars * HOURS_PER_MONTH)} on \`ml.m5.xlarge\`, ${dollars(g5.dollars * HOURS_PER_MONTH)} on \`ml.g5.xlarge\`.
- "Everything else" is the invoker, one notification, one result in S3 and its reading: ${dollars(directPerMillion())} per million requests, and
  two metrics of the invoker. Through a request queue and a result queue, or with a task that waits, see [what a million requests cost](scale.md#what-a-million-requests-cost).
- Add the parts of [while idle](#while-idle) that you use: the alarms of the default endpoint come in addition.
- An inline payload saves a PUT and a GET of S3: ${dollars(puts.dollars + gets.dollars)} per million requests.
- A blue/green update runs two fleets for some minutes.

## Spend less

| What | How |
|---|---|
| idle minutes after a burst | collect requests, and send them together |
| instances that wait for the network | raise \`maxConcurrentInvocationsPerInstance\` if the model can process requests in parallel |
| a GPU that is not busy | a smaller instance type, or several requests at the same time |
| a warm instance that is needed in office hours only | \`scaleOnSchedule\` instead of \`minCapacity: 1\` |
| results | \`outputExpiration\` |
| waiting tasks | a request queue and a result queue instead of a workflow that waits |
| steady load | Savings Plans for SageMaker |

## Prices

| What | Price | per | Look it up |
|---|---|---|---|
${Object.values(PRICES).map(priceRow).join('\n')}
`;
}

if (require.main === module) writeFileSync(join(__dirname, '../../docs/costs.md'), costsPage());
