import { RequestLog } from '../../../lambda/invoker/request-log';
import { captureLog } from '../../support/log-capture';

const REJECTED = { level: 'WARN', message: 'requests rejected', error: 'InvalidRequestError' } as const;

let log: ReturnType<typeof captureLog>;
beforeAll(() => {
  log = captureLog();
});
beforeEach(() => {
  log.clear();
});
afterAll(() => {
  log.release();
});

test('a line has fewer than 256 kB however long the reasons are', () => {
  const requests = new RequestLog('summaries', 'request-1');
  const reason = '€'.repeat(5_000);
  for (let index = 0; index < 100; index += 1) requests.add(REJECTED, { messageId: `${index}`, reason });
  requests.flush();
  const lines = log.text().trim().split('\n');
  expect(Math.max(...lines.map((line) => Buffer.byteLength(line)))).toBeLessThan(256_000);
  expect(log.requests()).toHaveLength(100);
});

test('a line without metrics is no document of metrics', () => {
  const requests = new RequestLog('summaries', 'request-1');
  requests.add({ level: 'INFO', message: 'messages moved to the dead-letter queue' }, { messageId: 'a' });
  requests.flush();
  expect(log.records()).toEqual([expect.not.objectContaining({ _aws: expect.anything() as unknown })]);
});
