// S3, SNS and SQS. A thread, since it then shares neither our module loader nor our event loop and cannot outlive us.
import { parentPort } from 'node:worker_threads';
import { buildApp } from 'fauxqs';

const app = buildApp({ logger: false });
parentPort?.postMessage(await app.listen({ port: 0, host: '127.0.0.1' }));
