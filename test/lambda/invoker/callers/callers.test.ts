import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { callerOf, CALLERS } from '../../../../lambda/invoker/callers/callers';
import { httpApiEvent, loadBalancerEvent, restApiEvent, sqsEvent } from '../../../support/events';

const EVENTS: Readonly<Record<string, readonly unknown[]>> = {
  'Direct call': [{}, { Body: 'x' }, { InputLocation: 's3://inputs/1', Unknown: 1 }],
  'API Gateway or function URL': [httpApiEvent({ body: 'x' }), restApiEvent({ body: 'x' })],
  'Application Load Balancer': [loadBalancerEvent({ body: 'x' }), loadBalancerEvent({}, true)],
  'SQS queue': [sqsEvent([{ body: 'x' }]), sqsEvent([{ body: 'x' }, { body: 'y' }], 'requests.fifo')],
};

test('each caller has its events here', () => {
  const names = CALLERS.map(({ name }) => name);
  expect(names.filter((name) => !(name in EVENTS)).map((name) => `add events of "${name}" to EVENTS`)).toEqual([]);
  expect(Object.keys(EVENTS).filter((name) => !names.includes(name))).toEqual([]);
});

test.each(Object.entries(EVENTS))('an event of one caller matches no other: %s', (name, events) => {
  for (const event of events) {
    expect(CALLERS.filter((caller) => caller.matches(event)).map((caller) => caller.name)).toEqual([name]);
    expect(callerOf(event).name).toBe(name);
  }
});

const WEB_SOCKET_EVENT = { requestContext: { apiId: 'a1b2', connectionId: 'c', eventType: 'MESSAGE' }, body: 'x' };

test.each([
  null,
  undefined,
  7,
  'text',
  [],
  [{ eventSource: 'aws:sqs' }],
  { detail: {} },
  { Records: [] },
  WEB_SOCKET_EVENT,
])('the error of an event that fits no caller lists what every caller sends: %j', (event) => {
  const { errors } = callerOf(event).read(event, { endpointName: 'e', defaultContentType: 'text/plain' });
  expect(errors).toHaveLength(1);
  for (const caller of CALLERS) expect(errors[0]).toContain(caller.event);
});

test('each row of the documentation has a caller', () => {
  const page = readFileSync(join(__dirname, '../../../../docs/invoker.md'), 'utf8');
  const table = /^\| Caller \|.*\n\|[-|]+\|\n((?:\|.*\n)+)/m.exec(page)![1]!;
  const names = table
    .trim()
    .split('\n')
    .map((row) => row.split('|')[1]!.trim());
  const unknown = names.filter((row) => !CALLERS.some(({ name }) => name === row));
  expect(unknown.map((name) => `docs/invoker.md: no caller has the name "${name}" of this row`)).toEqual([]);
});
