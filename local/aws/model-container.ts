import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getLIDModel } from 'fasttext.wasm.js';

/**
 * The program in the model container: language identification by fastText's lid.176 (weights CC-BY-SA 3.0), with the
 * request and the response of a text-classification model in a Hugging Face inference container.
 */

/** What one text gets. */
interface Label {
  readonly label: string;
  readonly score: number;
}

/** The model, as far as it is used here: its own declarations do not resolve from a CommonJS module. */
interface LanguageModel {
  load(): Promise<unknown>;
  identify(
    text: string,
  ): Promise<{ readonly alpha2: string | null; readonly alpha3: string; readonly possibility: number }>;
}

/** What the model cannot read. */
class UnreadableRequest extends Error {}

async function main(): Promise<void> {
  const model = await (getLIDModel as () => Promise<LanguageModel>)();
  await model.load();

  const classify = async (text: unknown): Promise<Label> => {
    if (typeof text !== 'string' || text.trim() === '')
      throw new UnreadableRequest('"inputs" must be a text, or a list of texts');
    // The model reads up to the first line break, and its scores may be a hair over 1.
    const { alpha2, alpha3, possibility } = await model.identify(text.replace(/\s+/g, ' '));
    return { label: alpha2 ?? alpha3, score: Math.min(1, possibility) };
  };

  const answer = async (request: IncomingMessage): Promise<Label[]> => {
    if (!/^application\/json\b/.test(request.headers['content-type'] ?? ''))
      throw new UnreadableRequest('only application/json is read');
    const { inputs } = await readJson(request);
    return Promise.all((Array.isArray(inputs) ? inputs : [inputs]).map(classify));
  };

  const server = createServer((request, response) => {
    if (request.url === '/ping') return respond(response, 200, {});
    answer(request).then(
      (labels) => respond(response, 200, labels),
      (error: Error) => respond(response, error instanceof UnreadableRequest ? 400 : 500, { error: error.message }),
    );
  });
  server.listen(0, '127.0.0.1', () => process.send!((server.address() as AddressInfo).port));
}

async function readJson(request: IncomingMessage): Promise<{ readonly inputs?: unknown }> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  try {
    return Object(JSON.parse(Buffer.concat(chunks).toString())) as { inputs?: unknown };
  } catch {
    throw new UnreadableRequest('the body is not JSON');
  }
}

function respond(response: ServerResponse, status: number, body: object): void {
  const json = Buffer.from(JSON.stringify(body));
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': json.length });
  response.end(json);
}

process.once('disconnect', () => process.exit());
void main();
