import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Duration } from 'aws-cdk-lib';
import { AsyncInferenceMonitoring, MonitoringAlarm } from '../../../lib';
import type { AsyncInferenceMonitoringProps } from '../../../lib';
import { aStack, anEndpoint } from '../../../tools/showcase/stacks';

const page = readFileSync(join(__dirname, '../../../docs/monitoring.md'), 'utf8');
const props = readFileSync(join(__dirname, '../../../lib/monitoring/monitoring.ts'), 'utf8');

/** The rows of the table of alarms: the alarm, its condition and the prop of its threshold. */
const ROWS = [...page.matchAll(/^\| `([A-Z_]+)` \| (.*?) \| `(max\w+)` \|/gm)].map(([, alarm, condition, prop]) => ({
  alarm: alarm as keyof typeof MonitoringAlarm,
  condition: condition!,
  prop: prop as keyof AsyncInferenceMonitoringProps,
}));

/** Numbers as words, by number. */
const NUMBERS = 'zero one two three four five six seven eight nine ten'.split(' ');

const stack = aStack();
const endpoint = anEndpoint(stack);
const { alarms } = new AsyncInferenceMonitoring(stack, 'Monitoring', { endpoints: [endpoint] });
const ofInvoker = Object.values(MonitoringAlarm).filter((id) => id.startsWith('Invoker'));

test('docs/monitoring.md lists the alarms, in their order', () => {
  expect(ROWS.map(({ alarm }) => alarm)).toEqual(Object.keys(MonitoringAlarm));
});

describe.each(ROWS)('$alarm in docs/monitoring.md', ({ alarm, condition, prop }) => {
  test('names the metric', () => {
    const { metric } = alarms.find(({ node }) => node.id === String(MonitoringAlarm[alarm]))!;
    expect(condition).toContain(`\`${(metric as unknown as { metricName: string }).metricName}\``);
  });

  test('names the prop of the threshold, which is validated', () => {
    expect(props).toContain(`  readonly ${prop}?: `);
    const invalid = new RegExp(`readonly ${prop}\\?.*`).exec(props)![0].includes(': Duration;')
      ? Duration.seconds(0)
      : -1;
    expect(
      () => new AsyncInferenceMonitoring(stack, `Invalid${prop}`, { endpoints: [endpoint], [prop]: invalid }),
    ).toThrow(prop);
  });
});

test('documentation and docstrings have the numbers of alarms', () => {
  const [endpointAlarms, invokerAlarms] = [alarms.length - ofInvoker.length, ofInvoker.length];
  const sentences = [
    ['lib/monitoring/monitoring.ts', props, `An endpoint has ${endpointAlarms} alarms.`],
    ['lib/monitoring/monitoring.ts', props, `An invoker has ${invokerAlarms} alarms.`],
    ['lib/monitoring/monitoring.ts', props, `at most ${NUMBERS[endpointAlarms]!}.`],
    ['docs/monitoring.md', page, `| an endpoint | ${endpointAlarms} |`],
    ['docs/monitoring.md', page, `| an invoker | ${invokerAlarms} |`],
    ['docs/monitoring.md', page, `takes ${alarms.length} alarms, and 40 of them take ${40 * alarms.length}.`],
    ['docs/monitoring.md', page, `returns all ${endpointAlarms}.`],
  ] as const;
  const wrong = sentences.filter(([, text, sentence]) => !text.includes(sentence));
  expect(wrong.map(([path, , sentence]) => `${path}: write "${sentence}"`)).toEqual([]);
});

test('an update can roll back on all alarms of an endpoint: SageMaker allows 10', () => {
  expect(alarms.length - ofInvoker.length).toBeLessThanOrEqual(10);
});
