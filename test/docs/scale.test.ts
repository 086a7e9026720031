import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { demand, gigabyteSecondsPerMillion, savedPerMillion } from '../../bench/scale';
import { paceOf } from '../../lib/requests/pace';
import type { Workload } from '../../lib/requests/workload';
import { instanceLimits, workloadErrors } from '../../lib/requests/workload';
import { tableOf } from '../support/markdown-table';

const page = readFileSync(join(__dirname, '../../docs/scale.md'), 'utf8');
const GIGABYTE_SECOND_DOLLARS = 13.33 / 1_000_000;

const table = (header: string): string[][] => tableOf('docs/scale.md', page, header);

const seconds = (duration: string): number => {
  const [value, unit] = duration.split(' ');
  return Number(value) * { s: 1, minutes: 60, hour: 3_600, hours: 3_600 }[unit!]!;
};
const whole = (value: number) => Math.round(value).toLocaleString('en-US');
const twoDigits = (value: number) => `${Number(value.toPrecision(2))}`;

function workload(ttl: string, startTime: string, model: string): Workload {
  const [processingTime, concurrency] = model.split(', ');
  return {
    ttl: seconds(ttl),
    startTime: seconds(startTime),
    processingTime: seconds(processingTime!),
    concurrency: Number(concurrency),
  };
}

test('the limits per instance are those that the construct computes', () => {
  const rows = table(
    'TTL | `instanceStartTime` | Expected time, concurrency | Backlog per instance | Requests per second and instance',
  );
  expect(rows.length).toBeGreaterThan(3);
  const computed = rows.map(([ttl, startTime, model]) => {
    const { maxBacklog, requestsPerSecond } = instanceLimits(workload(ttl!, startTime!, model!));
    return [ttl, startTime, model, whole(maxBacklog), twoDigits(requestsPerSecond)];
  });
  expect(rows).toEqual(computed);
});

test('the shortest TTL is the first minute without an error', () => {
  const shortest = (startTime: number, processingTime: number) => {
    for (let ttl = 60; ttl <= 21_600; ttl += 60) {
      const candidate = { ttl, startTime, processingTime, concurrency: 1 };
      const errors = workloadErrors(candidate, instanceLimits(candidate));
      if (errors.every((error) => error === undefined)) return `${ttl / 60} minutes`;
    }
    return 'none';
  };
  const rows = table('`instanceStartTime` | Requests of up to 300 s | Requests of 900 s');
  expect(rows.length).toBeGreaterThan(3);
  expect(rows).toEqual(
    rows.map(([startTime]) => [startTime, shortest(seconds(startTime!), 300), shortest(seconds(startTime!), 900)]),
  );
});

test('the error of the example is the one that synthesis prints', () => {
  const example = { ttl: 21_600, startTime: 600, processingTime: 60, concurrency: 1 };
  const [error] = workloadErrors(example, { ...instanceLimits(example), maxBacklog: 300 });
  expect(page.replaceAll('\n', ' ')).toContain(error);
});

test('waiting costs what the pace makes of it', () => {
  const rows = table(
    'TTL | Expected time, concurrency | GB-seconds per million requests | Price | Instance-hours for the same work',
  );
  expect(rows.length).toBeGreaterThan(3);
  const dollars = (value: number) => `$${value < 10 ? value.toFixed(2) : whole(value)}`;
  const computed = rows.map(([ttl, model]) => {
    const { processingTime, concurrency, ...rest } = workload(ttl!, '10 minutes', model!);
    const { requestsPerSecond } = instanceLimits({ processingTime, concurrency, ...rest });
    const units = gigabyteSecondsPerMillion(paceOf(requestsPerSecond));
    const hours = (1_000_000 * processingTime) / concurrency / 3_600;
    return [ttl, model, whole(units), dollars(units * GIGABYTE_SECOND_DOLLARS), whole(hours)];
  });
  expect(rows).toEqual(computed);
});

test('the table of a million requests adds up', () => {
  const rows = table('Per request | Price per million | Waiting for each | Through queues');
  const sum = (column: number): number[] => {
    const parts = rows.slice(0, -1).map((row) => {
      const [, first, last = first] = /^([\d.]+)(?: to ([\d.]+))?/.exec(row[column]!) ?? [undefined, '0'];
      // A product, such as 0.25 GB × 0.1 s.
      const [, factor = '1'] = /^[\d.]+ GB × ([\d.]+) s/.exec(row[column]!) ?? [];
      return [first, last].map((count) => Number(row[1]) * Number(count) * Number(factor));
    });
    return [0, 1].map((end) => Math.round(parts.reduce((total, part) => total + part[end]!, 0)));
  };
  const text = (column: number) => `**$${sum(column).join(' to $')}**`;
  expect(rows.at(-1)).toEqual(['**sum**', '', text(2), text(3)]);
  expect(page).toContain(`which is $${savedPerMillion().toFixed(2)} per million`);
  const results = readFileSync(join(__dirname, '../../docs/results.md'), 'utf8').replaceAll('\n', ' ');
  expect(results).toContain(`cost $${sum(2).join(' to $')}, and through queues $${sum(3).join(' to $')}`);
});

test('a request queue costs per month what its parts cost', () => {
  const rows = table('Part | Units in 30 days | Price');
  const sum = rows.slice(0, -1).reduce((total, row) => total + Number(/^\$([\d.]+)/.exec(row[2]!)![1]), 0);
  expect(rows.at(-1)![2]).toBe(`**$${Math.round(sum)}**`);
});

test('a day has the demand that the example computes', () => {
  const rows = table(
    'Requests per day | Per second, at noon | Batches of ten that are submitted at the same time, at least 2 | Instances | In progress at the endpoint',
  );
  const computed = rows.map(([perDay]) => {
    const { perSecond, functions, instances, inFlight } = demand(Number(perDay!.replaceAll(',', '')));
    return [perDay, ...[perSecond, functions, instances, inFlight].map(whole)];
  });
  expect(rows).toHaveLength(3);
  expect(rows).toEqual(computed);
});
