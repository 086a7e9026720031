// A thread that runs the model: one request at a time.
import { parentPort } from 'node:worker_threads';
import { InputError, load, predict } from './model.mjs';

await load();
parentPort?.postMessage('loaded');

parentPort?.on('message', async ({ body, contentType }) => {
  try {
    parentPort?.postMessage({ status: 200, ...(await predict(Buffer.from(body), contentType)) });
  } catch (error) {
    const { message } = /** @type {Error} */ (error);
    parentPort?.postMessage({
      status: error instanceof InputError ? 400 : 500,
      contentType: 'application/json',
      body: JSON.stringify({ error: message }),
    });
  }
});
