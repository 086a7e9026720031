// Lambda's side of a handler: a process that holds nothing but Node and the bundle, hence plain JavaScript.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const { _HANDLER: handlerName = '', LAMBDA_TASK_ROOT: root = '' } = process.env;
const dot = handlerName.lastIndexOf('.');
const stem = join(root, handlerName.slice(0, dot));
const file = ['.js', '.mjs', '.cjs'].map((extension) => stem + extension).find(existsSync);

const loading = (async () => {
  if (!file) throw named('Runtime.ImportModuleError', `cannot find module '${stem}'`);
  const handler = (await import(pathToFileURL(file).href))[handlerName.slice(dot + 1)];
  if (typeof handler !== 'function')
    throw named('Runtime.HandlerNotFound', `${handlerName} is undefined or not exported`);
  return handler;
})();
loading.catch(() => undefined); // the first invocation is told

process.once('disconnect', () => process.exit());
process.on('message', async ({ event, context, deadline }) => {
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

/** @type {(name: string, message: string) => Error} */
function named(name, message) {
  return Object.assign(new Error(message), { name });
}
