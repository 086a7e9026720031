// Emulates S3, SNS and SQS. A thread shares neither the module loader nor the event loop of this process, and cannot outlive it.
import { parentPort } from 'node:worker_threads';
import { buildApp } from 'fauxqs';

const app = buildApp({ logger: false });
parentPort?.postMessage(await app.listen({ port: 0, host: '127.0.0.1' }));
