// A stand-in for the container of this example, without a model and without a GPU. It answers chat requests in the format of vLLM, so
// that requests and responses can be tried on any machine. Its answers repeat the question, and its tokens are words.
//
// It reads the same variables as the container: SM_VLLM_SERVED_MODEL_NAME and SM_VLLM_MAX_MODEL_LEN.
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';

const {
  HOST = '127.0.0.1',
  PORT = '8080',
  SM_VLLM_SERVED_MODEL_NAME: model = 'chat',
  SM_VLLM_MAX_MODEL_LEN: maxLength = '8192',
} = process.env;

/** @typedef {{ role: string, content: string }} Message */
/** @typedef {{ model?: string, messages?: Message[], max_tokens?: number, stream?: boolean }} ChatRequest */

class RequestError extends Error {
  /**
   * @param {number} status
   * @param {string} type
   * @param {string} message
   */
  constructor(status, type, message) {
    super(message);
    this.status = status;
    this.type = type;
  }
}

const wordsOf = (/** @type {string} */ text) => text.split(/\s+/).filter(Boolean);

/** @param {ChatRequest} request */
function complete({ model: requested = model, messages, max_tokens: maxTokens = Infinity }) {
  if (requested !== model) throw new RequestError(404, 'NotFoundError', `The model \`${requested}\` does not exist.`);
  if (!Array.isArray(messages) || messages.length === 0)
    throw new RequestError(400, 'BadRequestError', 'messages must not be empty.');
  const promptTokens = messages.flatMap(({ content }) => wordsOf(content)).length;
  if (promptTokens > Number(maxLength)) {
    const message = `This model's maximum context length is ${maxLength} tokens. The prompt has ${promptTokens} tokens.`;
    throw new RequestError(400, 'BadRequestError', message);
  }
  const answer = wordsOf(`You said: ${messages.at(-1)?.content}`);
  const tokens = answer.slice(0, maxTokens);
  return {
    id: `chatcmpl-${randomUUID()}`,
    object: 'chat.completion',
    created: Math.floor(Date.now() / 1000),
    model,
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content: tokens.join(' '), refusal: null, tool_calls: [] },
        logprobs: null,
        finish_reason: tokens.length < answer.length ? 'length' : 'stop',
        stop_reason: null,
      },
    ],
    usage: {
      prompt_tokens: promptTokens,
      total_tokens: promptTokens + tokens.length,
      completion_tokens: tokens.length,
      prompt_tokens_details: null,
    },
  };
}

/**
 * A stream has no Content-Length, which asynchronous inference requires.
 *
 * @param {import('node:http').ServerResponse} response
 * @param {ReturnType<typeof complete>} completion
 */
function stream(response, { id, created, choices: [choice] }) {
  const chunk = {
    id,
    object: 'chat.completion.chunk',
    created,
    model,
    choices: [{ index: 0, delta: choice?.message, finish_reason: choice?.finish_reason }],
  };
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.write(`data: ${JSON.stringify(chunk)}\n\n`);
  response.end('data: [DONE]\n\n');
}

/**
 * @param {import('node:http').ServerResponse} response
 * @param {number} status
 * @param {object} body
 */
function respond(response, status, body) {
  const text = Buffer.from(JSON.stringify(body));
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': text.length });
  response.end(text);
}

/**
 * @param {import('node:http').IncomingMessage} request
 * @param {import('node:http').ServerResponse} response
 */
async function chat(request, response) {
  try {
    if (!/^application\/json\b/.test(request.headers['content-type'] ?? ''))
      throw new RequestError(415, 'UnsupportedMediaType', "Unsupported Media Type: Only 'application/json' is allowed");
    const body = /** @type {ChatRequest} */ (
      await json(request).catch((error) => {
        throw new RequestError(400, 'BadRequestError', `JSON decode error: ${error.message}`);
      })
    );
    const completion = complete(body);
    if (body.stream) stream(response, completion);
    else respond(response, 200, completion);
  } catch (error) {
    const { status, type, message } =
      error instanceof RequestError ? error : new RequestError(500, 'InternalServerError', String(error));
    respond(response, status, { error: { message, type, param: null, code: status } });
  }
}

createServer((request, response) => {
  if (request.method === 'GET' && request.url === '/ping') response.writeHead(200).end();
  else if (request.method === 'POST' && request.url === '/invocations') void chat(request, response);
  else respond(response, 404, { detail: 'Not Found' });
}).listen(Number(PORT), HOST);
