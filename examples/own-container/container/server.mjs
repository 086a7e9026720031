// The contract of a model container of Amazon SageMaker, for any model:
//
// - It listens on port 8080.
// - GET /ping answers within 2 seconds, also while all threads are busy: 200 when the model is loaded, 503 before.
// - POST /invocations answers with the result and its length. Asynchronous inference accepts no response without a Content-Length.
// - SIGTERM ends it: it accepts no more requests, and finishes those in flight. SageMaker kills it 30 seconds later.
import { createServer } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { Worker } from 'node:worker_threads';

const { HOST = '0.0.0.0', PORT = '8080', WORKERS = '1' } = process.env;
const STOP_MILLISECONDS = 25_000;

/** @typedef {{ status: number, contentType: string, body: string | Uint8Array }} Result */

/** The threads that run the model. Requests wait for the next idle one. */
class WorkerPool {
  /** @type {Worker[]} */
  idle = [];
  /** @type {((worker: Worker) => void)[]} */
  waiting = [];
  loaded = 0;

  /** @param {number} size */
  constructor(size) {
    this.size = size;
    for (let i = 0; i < size; i += 1) this.start();
  }

  get isLoaded() {
    return this.loaded === this.size;
  }

  start() {
    const worker = new Worker(new URL('worker.mjs', import.meta.url));
    // A model that cannot be loaded ends the container, and its error is in the log.
    worker.once('error', fail);
    worker.once('message', () => {
      worker.off('error', fail);
      this.loaded += 1;
      this.release(worker);
    });
  }

  /** @param {Worker} worker */
  release(worker) {
    const next = this.waiting.shift();
    if (next) next(worker);
    else this.idle.push(worker);
  }

  /** @returns {Promise<Worker>} */
  async take() {
    return this.idle.pop() ?? new Promise((resolve) => this.waiting.push(resolve));
  }

  /**
   * @param {object} request
   * @returns {Promise<Result>}
   */
  async run(request) {
    const worker = await this.take();
    return new Promise((resolve) => {
      const onMessage = (/** @type {Result} */ result) => {
        worker.off('error', onError);
        this.release(worker);
        resolve(result);
      };
      const onError = (/** @type {Error} */ error) => {
        worker.off('message', onMessage);
        log(error);
        // The thread is gone, for example because it ran out of memory.
        this.loaded -= 1;
        this.start();
        resolve({ status: 500, contentType: 'application/json', body: '{"error":"the model ended"}' });
      };
      worker.once('message', onMessage);
      worker.once('error', onError);
      worker.postMessage(request);
    });
  }
}

/** @param {Error} error */
function log({ stack }) {
  process.stderr.write(`${stack}\n`);
}

/** @param {Error} error */
function fail(error) {
  log(error);
  process.exit(1);
}

/**
 * @param {import('node:http').ServerResponse} response
 * @param {Result} result
 */
function respond(response, { status, contentType, body }) {
  const bytes = Buffer.from(/** @type {string} */ (body));
  // An open connection would keep the server alive.
  if (isStopping) response.setHeader('connection', 'close');
  response.writeHead(status, { 'content-type': contentType, 'content-length': bytes.length });
  response.end(bytes);
}

const workers = new WorkerPool(Number(WORKERS));
let isStopping = false;

const server = createServer(async (request, response) => {
  if (request.method === 'GET' && request.url === '/ping') {
    response.writeHead(workers.isLoaded && !isStopping ? 200 : 503, { 'content-length': 0 }).end();
  } else if (request.method === 'POST' && request.url === '/invocations') {
    const contentType = request.headers['content-type'] ?? 'application/octet-stream';
    respond(response, await workers.run({ body: await buffer(request), contentType }));
  } else {
    respond(response, { status: 404, contentType: 'application/json', body: '{"error":"not found"}' });
  }
});
// A payload can have 1 GB. By default, Node.js ends a request that takes more than 5 minutes to arrive.
server.requestTimeout = 0;
// SageMaker reuses connections.
server.keepAliveTimeout = 120_000;
server.listen(Number(PORT), HOST);

process.once('SIGTERM', () => {
  isStopping = true;
  server.close(() => process.exit(0));
  setTimeout(() => process.exit(1), STOP_MILLISECONDS).unref();
});
