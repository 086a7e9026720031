import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { getLIDModel } from 'fasttext.wasm.js';
import { LocalServer } from './local-server';

/**
 * The program in the model container: language identification by fastText's lid.176 (weights CC-BY-SA 3.0). Its requests
 * and responses have the format of a text classification model in a Hugging Face inference container.
 */

/** The result for one text. */
interface Label {
  readonly label: string;
  readonly score: number;
}

/** The part of the model that is used here. The declarations of the package do not resolve from a CommonJS module. */
interface LanguageModel {
  load(): Promise<unknown>;
  identify(
    text: string,
  ): Promise<{ readonly alpha2: string | null; readonly alpha3: string; readonly possibility: number }>;
}

class BadRequestError extends Error {}

async function main(): Promise<void> {
  const model = await (getLIDModel as () => Promise<LanguageModel>)();
  await model.load();

  const classify = async (input: unknown): Promise<Label> => {
    if (typeof input !== 'string' || input.trim() === '')
      throw new BadRequestError('"inputs" must be a text or a list of texts');
    // The model reads one line only, and its scores can be slightly above 1.
    const { alpha2, alpha3, possibility } = await model.identify(input.replace(/\s+/g, ' '));
    return { label: alpha2 ?? alpha3, score: Math.min(1, possibility) };
  };

  const predict = async (request: IncomingMessage): Promise<Label[]> => {
    if (!/^application\/json\b/.test(request.headers['content-type'] ?? ''))
      throw new BadRequestError('The content type must be application/json');
    const { inputs } = await readJson(request);
    return Promise.all((Array.isArray(inputs) ? inputs : [inputs]).map(classify));
  };

  const { url } = await LocalServer.start((request, response) => {
    if (request.url === '/ping') return respond(response, 200, {});
    predict(request).then(
      (labels) => respond(response, 200, labels),
      (error: Error) => respond(response, error instanceof BadRequestError ? 400 : 500, { error: error.message }),
    );
  });
  process.send!(url);
}

async function readJson(request: IncomingMessage): Promise<{ readonly inputs?: unknown }> {
  const body = await text(request);
  try {
    return Object(JSON.parse(body)) as { inputs?: unknown };
  } catch {
    throw new BadRequestError('The body must be JSON');
  }
}

function respond(response: ServerResponse, status: number, body: object): void {
  const json = Buffer.from(JSON.stringify(body));
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': json.length });
  response.end(json);
}

process.once('disconnect', () => process.exit());
void main();
