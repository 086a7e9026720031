import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { savedPerMillion } from '../../../bench/scale';
import { alarmMetrics, costsPage, directPerMillion, REQUEST_QUEUE_PER_MONTH } from '../../../tools/costs/page';
import { PRICES } from '../../../tools/costs/prices';
import { tableOf } from '../../support/markdown-table';

const read = (page: string) => readFileSync(join(__dirname, '../../../docs', page), 'utf8');

test('docs/costs.md is what the prices say', () => expect(read('costs.md')).toBe(costsPage()));

test('README.md has the costs of this page, in whole dollars', () => {
  const costs = (header: string, row: string) =>
    tableOf('docs/costs.md', costsPage(), header)
      .find(([what]) => what!.includes(row))!
      .slice(2)
      .map((cell) => Number(cell.replace('$', '')));
  const [idle = NaN] = costs('Part |', 'default endpoint at zero instances');
  const [instance = NaN, , others = NaN] = costs('Day |', '1,000 requests of 2 s in one burst');
  const [sum, ...parts] = [idle + instance + others, instance, idle, others].map(
    (dollars) => `$${Math.round(dollars)}`,
  );
  const readme = readFileSync(join(__dirname, '../../../README.md'), 'utf8').replaceAll('\n', ' ');
  expect(readme).toContain(
    `A thousand requests of 2 seconds in one daily burst cost about ${sum} per month on \`ml.m5.xlarge\`: ${parts[0]} for the instance, ` +
      `${parts[1]} for alarms and ${parts[2]} for the rest (estimate, list prices of us-east-1).`,
  );
});

test('the monitoring of an endpoint has as many alarm metrics as docs/monitoring.md says', () => {
  expect(read('monitoring.md')).toContain(`An endpoint with its invoker takes ${alarmMetrics().monitoring} alarms`);
});

test('a request queue costs what docs/scale.md computes', () => {
  const [, section = ''] = read('scale.md').split('### What a request queue costs per month');
  expect(section).toContain(`| **sum** | | **$${REQUEST_QUEUE_PER_MONTH}** |`);
});

test('both pages have the same prices', () => {
  const [, section = ''] = read('scale.md').split('### What a million requests cost');
  const priceOf = (what: string) => Number(new RegExp(`^\\| ${what}[^|]*\\| ([\\d.]+) \\|`, 'm').exec(section)?.[1]);
  expect({
    lambdaRequests: priceOf('Lambda requests'),
    lambdaDuration: priceOf('Lambda GB-seconds'),
    notifications: priceOf('notifications published'),
    puts: priceOf('S3 puts'),
    gets: priceOf('S3 gets'),
    logs: priceOf('logs'),
  }).toEqual({
    lambdaRequests: PRICES.lambdaRequests.dollars,
    lambdaDuration: PRICES.lambdaDuration.dollars,
    notifications: PRICES.notifications.dollars,
    puts: PRICES.puts.dollars,
    gets: PRICES.gets.dollars,
    logs: PRICES.logs.dollars,
  });
  expect(PRICES.puts.dollars + PRICES.gets.dollars).toBeCloseTo(savedPerMillion());
});

test('a million requests cost a few dollars, most of them for results in S3', () => {
  expect(directPerMillion()).toBeCloseTo(0.2 + 0.1666 + 0.5 + 5 + 0.4 + 0.3, 3);
});
