// The process of a Lambda function. It contains nothing but Node.js and the code of the function, hence plain JavaScript.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** @typedef {{ event: string, context: object, deadline: number }} Invocation */

const { _HANDLER: handlerName = '', LAMBDA_TASK_ROOT: root = '' } = process.env;
const dot = handlerName.lastIndexOf('.');
const stem = join(root, handlerName.slice(0, dot));

async function loadHandler() {
  const file = ['.js', '.mjs', '.cjs'].map((extension) => stem + extension).find(existsSync);
  if (!file) throw namedError('Runtime.ImportModuleError', `Cannot find module '${stem}'`);
  /** @type {Record<string, unknown>} */
  const module = await import(pathToFileURL(file).href);
  const handler = module[handlerName.slice(dot + 1)];
  if (typeof handler !== 'function')
    throw namedError('Runtime.HandlerNotFound', `${handlerName} is undefined or not exported`);
  return handler;
}

/** @type {(name: string, message: string) => Error} */
function namedError(name, message) {
  return Object.assign(new Error(message), { name });
}

const loading = loadHandler();
// An error is reported to the first invocation.
loading.catch(() => undefined);

process.once('disconnect', () => process.exit());
process.on('message', async (/** @type {Invocation} */ { event, context, deadline }) => {
  try {
    const handler = await loading;
    const result = await handler(JSON.parse(event), {
      ...context,
      getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
    });
    process.send?.({ result: JSON.stringify(result) ?? 'null' });
  } catch (error) {
    const { name = typeof error, message = String(error), stack = '' } = /** @type {Partial<Error>} */ (error ?? {});
    process.send?.({ error: { errorType: name, errorMessage: message, trace: stack.split('\n') } });
  }
});
