import { getEventListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
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
afterAll(() => store.stop());

jest.setTimeout(10_000);
let testEnd: AbortController;
beforeEach(() => {
  testEnd = new AbortController();
  store.objects.clear();
  store.reads.length = 0;
  store.faults.length = 0;
});

// A wait that does not end by itself would keep the run from ending.
afterEach(() => {
  testEnd.abort(new Error('the test is over'));
});

const wait = (accepted: Parameters<typeof waitForResult>[0], options: Partial<WaitOptions> = {}) =>
  waitForResult(accepted, {
    s3: store.client,
    timeoutSeconds: 20,
    firstPauseSeconds: 0.001,
    longestPauseSeconds: 0.002,
    signal: testEnd.signal,
    ...options,
  });

/** Waits until a wait has looked so many times. */
async function looks(times: number): Promise<void> {
  while (store.reads.length < times && !testEnd.signal.aborted) await new Promise(setImmediate);
}

test('completed: returns the bytes of the result as soon as it exists', async () => {
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

test('failed: returns the response of the model', async () => {
  store.objects.set('results/failure/a-error.out', { body: 'out of memory', contentType: 'text/plain' });
  const result = await wait(ACCEPTED);
  expect(result).toMatchObject({ status: 'failed', location: ACCEPTED.FailureLocation, contentType: 'text/plain' });
  expect(result.status !== 'expired' && Buffer.from(result.body).toString()).toBe('out of memory');
});

test('expired: there is neither a result nor a failure after the last moment', async () => {
  expect(await wait({ ...ACCEPTED, AnswerBy: PAST })).toEqual({ status: 'expired' });
  expect(store.reads).toEqual(['results/output/a.out', 'results/failure/a-error.out']);
});

test('is not expired before the last moment', async () => {
  const soon = new Date(Date.now() + 5_000).toISOString();
  await expect(wait({ ...ACCEPTED, AnswerBy: soon }, { timeoutSeconds: 0.1 })).rejects.toThrow(ResultTimeoutError);
});

test('is not expired if a result came after the last moment, but before the look at it ended', async () => {
  const AnswerBy = new Date(Date.now() + 200).toISOString();
  let looked = 0;
  const s3: WaitOptions['s3'] = {
    getObject: async (input, options) => {
      looked += 1;
      const missing = store.client.getObject(input, options);
      // The first look ends after the last moment, and the result came meanwhile.
      if (looked === 1) await missing.catch(() => sleep(400));
      store.objects.set('results/output/a.out', { body: 'just in time' });
      return missing;
    },
  };
  expect(await wait({ InferenceId: 'id-1', OutputLocation: ACCEPTED.OutputLocation, AnswerBy }, { s3 })).toMatchObject({
    status: 'completed',
  });
  expect(looked).toBe(2);
});

test('is not expired while S3 fails', async () => {
  store.faults.push(fault(503, 'SlowDown'), fault(500, 'InternalError'));
  store.objects.set('results/output/a.out', { body: 'late, but there' });
  expect(await wait({ ...ACCEPTED, AnswerBy: PAST })).toMatchObject({ status: 'completed' });
  expect(store.reads).toHaveLength(3);
});

test.each([
  { code: 'ECONNRESET' },
  { code: 'ENOTFOUND' },
  { code: 'EAI_AGAIN' },
  { name: 'TimeoutError' },
  { name: 'NotFound' },
  { $metadata: { httpStatusCode: 429 } },
  { $metadata: { httpStatusCode: 500 } },
])('looks again after %j', async (passing) => {
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
});

test.each([
  ['seconds', () => '0.3'],
  ['a date', () => new Date(Date.now() + 1_300).toUTCString()],
])('pauses for the time in Retry-After, in %s', async (_, header) => {
  const looks: number[] = [];
  store.faults.push((response) => {
    looks.push(performance.now());
    response.writeHead(503, { 'retry-after': header() }).end();
  });
  store.objects.set('results/output/a.out', { body: 'there' });
  expect(await wait(ACCEPTED)).toMatchObject({ status: 'completed' });
  expect(performance.now() - looks[0]!).toBeGreaterThan(250);
});

test.each(['-1', 'soon', '1e9'])('ends in time whatever Retry-After is: %s', async (header) => {
  store.faults.push((response) => response.writeHead(503, { 'retry-after': header }).end());
  store.objects.set('results/output/a.out', { body: 'there' });
  const outcome = await wait(ACCEPTED, { timeoutSeconds: 0.3 }).catch((error: Error) => error.name);
  expect(outcome).toEqual(header === '1e9' ? 'ResultTimeoutError' : expect.objectContaining({ status: 'completed' }));
  expect(store.reads.length).toBeLessThan(3);
});

test('pauses as usual if Retry-After cannot be read', async () => {
  store.faults.push((response) => response.writeHead(503, { 'retry-after': 'soon' }).end());
  const waiting = wait(ACCEPTED, { timeoutSeconds: 0.3, firstPauseSeconds: 60, longestPauseSeconds: 60 });
  await expect(waiting).rejects.toThrow(ResultTimeoutError);
  expect(store.reads).toHaveLength(1);
});

test('reads only the result if there is no failure location', async () => {
  const { InferenceId, OutputLocation } = ACCEPTED;
  expect(await wait({ InferenceId, OutputLocation, AnswerBy: PAST })).toEqual({ status: 'expired' });
  expect(store.reads).toEqual(['results/output/a.out']);
});

test('pauses longer after each look, up to the longest pause, with jitter', async () => {
  const random = jest.spyOn(Math, 'random').mockReturnValue(0.5);
  try {
    const started = performance.now();
    const waiting = wait(
      { ...ACCEPTED, FailureLocation: undefined },
      { firstPauseSeconds: 0.2, longestPauseSeconds: 0.4 },
    );
    await looks(5);
    // The four pauses take three quarters of 200, 300, 400 and 400 milliseconds.
    const elapsed = performance.now() - started;
    testEnd.abort(new Error('enough looks'));
    await expect(waiting).rejects.toThrow('enough looks');
    expect(elapsed).toBeGreaterThan(960);
    expect(elapsed).toBeLessThan(1_500);
  } finally {
    random.mockRestore();
  }
});

test('needs no signal', async () => {
  await expect(wait(ACCEPTED, { signal: undefined, timeoutSeconds: 0.05 })).rejects.toThrow(ResultTimeoutError);
});

test('ends when its time is up, with an error that says what to do', async () => {
  await expect(wait(ACCEPTED, { timeoutSeconds: 0.05 })).rejects.toThrow(ResultTimeoutError);
  await expect(wait(ACCEPTED, { timeoutSeconds: 0.05 })).rejects.toThrow(
    /inference id-1 has no result after 0.05 seconds and may still get one: wait again/,
  );
});

test('ends when its time is up even while S3 hangs', async () => {
  store.faults.push(() => undefined);
  await expect(wait(ACCEPTED, { timeoutSeconds: 0.05 })).rejects.toThrow(ResultTimeoutError);
});

/** Finds nothing, and leaves the test's own server out of the way of the garbage collector. */
const EMPTY: WaitOptions['s3'] = {
  getObject: () => Promise.reject(Object.assign(new Error('missing'), { name: 'NoSuchKey' })),
};

test('ends when its time is up even if the garbage collector runs meanwhile', async () => {
  setFlagsFromString('--expose-gc');
  const collecting = setInterval(runInNewContext('gc') as () => void, 20);
  const abort = new AbortController();
  const tooLate = setTimeout(() => {
    abort.abort(new Error('still waiting'));
  }, 3_000);
  const waiting = wait(ACCEPTED, { s3: EMPTY, timeoutSeconds: 0.4, firstPauseSeconds: 60, signal: abort.signal });
  await waiting.catch(() => undefined);
  clearInterval(collecting);
  clearTimeout(tooLate);
  await expect(waiting).rejects.toThrow(ResultTimeoutError);
});

test('accepts any positive time, from a fraction of a millisecond to more than a timer can hold', async () => {
  for (const timeoutSeconds of [1e-9, 0.0010000001, 1.001 / 100])
    await expect(wait(ACCEPTED, { s3: EMPTY, timeoutSeconds })).rejects.toThrow(ResultTimeoutError);
  for (const days of [25, 50, 10_000]) {
    const abort = new AbortController();
    setTimeout(() => {
      abort.abort(new Error('still waiting'));
    }, 30);
    const waiting = wait(ACCEPTED, { s3: EMPTY, timeoutSeconds: days * 86_400, signal: abort.signal });
    await expect(waiting).rejects.toThrow('still waiting');
  }
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
])('fails with permanent errors of S3: %i %s', async (status, code) => {
  store.faults.push(fault(status, code));
  await expect(wait(ACCEPTED)).rejects.toMatchObject({ name: code });
});

test('ends at once with the reason of a signal that has aborted, without a look', async () => {
  await expect(wait(ACCEPTED, { signal: AbortSignal.abort(new Error('left')) })).rejects.toThrow('left');
  expect(store.reads).toEqual([]);
});

test('leaves no listener on its signal', async () => {
  const { signal } = new AbortController();
  store.objects.set('results/output/a.out', { body: 'there' });
  for (let count = 0; count < 3; count += 1) await wait(ACCEPTED, { signal });
  expect(getEventListeners(signal, 'abort')).toEqual([]);
});

test.each([0, -1, NaN, Infinity])('rejects a time that is not positive and finite: %p', async (timeoutSeconds) => {
  await expect(wait(ACCEPTED, { timeoutSeconds })).rejects.toThrow(RangeError);
});
