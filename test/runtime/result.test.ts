import { ResultTimeoutError, waitForResult } from '../../runtime';
import type { WaitOptions } from '../../runtime';
import { fault, startObjectStore } from '../support/object-store';

const ACCEPTED = {
  InferenceId: 'id-1',
  OutputLocation: 's3://results/output/a.out',
  FailureLocation: 's3://results/failure/a-error.out',
};
const PAST = new Date(0).toISOString();

let store: Awaited<ReturnType<typeof startObjectStore>>;
beforeAll(async () => {
  store = await startObjectStore();
});
let isOver = false;
afterAll(() => {
  isOver = true;
  return store.stop();
});
beforeEach(() => {
  store.objects.clear();
  store.reads.length = 0;
  store.faults.length = 0;
});

const wait = (accepted: Parameters<typeof waitForResult>[0], options: Partial<WaitOptions> = {}) =>
  waitForResult(accepted, {
    s3: store.client,
    timeoutSeconds: 20,
    firstPauseSeconds: 0.001,
    longestPauseSeconds: 0.002,
    ...options,
  });

/** Lets a wait look a few times in vain. */
async function looks(times: number): Promise<void> {
  while (store.reads.length < times && !isOver) await new Promise(setImmediate);
}

test('completed: the bytes of the result, as soon as they are there', async () => {
  const waiting = wait(ACCEPTED);
  await looks(6);
  const body = Buffer.from([0, 255, 10]);
  store.objects.set('results/output/a.out', { body, contentType: 'application/x-thing' });
  expect(await waiting).toEqual({
    status: 'completed',
    location: ACCEPTED.OutputLocation,
    body: new Uint8Array(body),
    contentType: 'application/x-thing',
  });
});

test('failed: what the model said', async () => {
  store.objects.set('results/failure/a-error.out', { body: 'out of memory', contentType: 'text/plain' });
  const result = await wait(ACCEPTED);
  expect(result).toMatchObject({ status: 'failed', location: ACCEPTED.FailureLocation, contentType: 'text/plain' });
  expect(result.status !== 'expired' && Buffer.from(result.body).toString()).toBe('out of memory');
});

test('expired: nothing is there after the last moment at which it could have come', async () => {
  expect(await wait({ ...ACCEPTED, AnswerBy: PAST })).toEqual({ status: 'expired' });
  expect(store.reads).toEqual(['results/output/a.out', 'results/failure/a-error.out']);
});

test('is not expired while S3 cannot tell', async () => {
  store.faults.push(fault(503, 'SlowDown'), fault(500, 'InternalError'));
  store.objects.set('results/output/a.out', { body: 'late, but there' });
  expect(await wait({ ...ACCEPTED, AnswerBy: PAST })).toMatchObject({ status: 'completed' });
  expect(store.reads).toHaveLength(3);
});

test.each([{ code: 'ECONNRESET' }, { name: 'TimeoutError' }, { $metadata: { httpStatusCode: 429 } }])(
  'looks again after %j',
  async (passing) => {
    let looked = 0;
    const s3: WaitOptions['s3'] = {
      getObject: (input, options) => {
        looked += 1;
        return looked > 2
          ? store.client.getObject(input, options)
          : Promise.reject(Object.assign(new Error('passing'), passing));
      },
    };
    store.objects.set('results/output/a.out', { body: 'there' });
    expect(await wait(ACCEPTED, { s3 })).toMatchObject({ status: 'completed' });
  },
);

test('without a failure location only the result is looked for', async () => {
  const { InferenceId, OutputLocation } = ACCEPTED;
  expect(await wait({ InferenceId, OutputLocation, AnswerBy: PAST })).toEqual({ status: 'expired' });
  expect(store.reads).toEqual(['results/output/a.out']);
});

test('ends when its time is up, with an error that says how to go on', async () => {
  await expect(wait(ACCEPTED, { timeoutSeconds: 0.05 })).rejects.toThrow(ResultTimeoutError);
  await expect(wait(ACCEPTED, { timeoutSeconds: 0.05 })).rejects.toThrow(
    /inference id-1 after 0.05 seconds; it may still come, so wait again/,
  );
});

test('ends when its time is up even while S3 hangs', async () => {
  store.faults.push(() => undefined);
  await expect(wait(ACCEPTED, { timeoutSeconds: 0.05 })).rejects.toThrow(ResultTimeoutError);
});

test('ends with the reason of its signal, in a pause or in a look', async () => {
  const reason = new Error('the caller left');
  for (const hang of [false, true]) {
    const abort = new AbortController();
    if (hang)
      store.faults.push(() => {
        abort.abort(reason);
      });
    const waiting = wait(ACCEPTED, { signal: abort.signal, firstPauseSeconds: 60, longestPauseSeconds: 60 });
    if (!hang)
      void looks(2).then(() => {
        abort.abort(reason);
      });
    await expect(waiting).rejects.toBe(reason);
    store.reads.length = 0;
  }
});

test.each([
  [403, 'AccessDenied'],
  [404, 'NoSuchBucket'],
])('passes on what no waiting cures: %i %s', async (status, code) => {
  store.faults.push(fault(status, code));
  await expect(wait(ACCEPTED)).rejects.toMatchObject({ name: code });
});

test.each([0, -1, NaN, Infinity])('fails at once without an end: %p', async (timeoutSeconds) => {
  await expect(wait(ACCEPTED, { timeoutSeconds })).rejects.toThrow(RangeError);
});
