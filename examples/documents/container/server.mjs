// A container that extracts the text of PDF files with pdftotext of Poppler. It keeps the contract of Amazon SageMaker: /ping and
// /invocations on port 8080, a response with its length, and an end on SIGTERM. See examples/own-container for the contract in detail.
import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { buffer } from 'node:stream/consumers';

const CONTENT_TYPE = 'application/pdf';
const { HOST = '0.0.0.0', PORT = '8080' } = process.env;

/** A document that cannot be read. The request fails with status 400. */
class DocumentError extends Error {}

/**
 * Passes a document to pdftotext as it arrives, so that a file of 1 GB does not have to fit into the memory of this process.
 *
 * @param {import('node:http').IncomingMessage} document
 * @returns {Promise<string[]>} the text of each page
 */
async function readPages(document) {
  const { 'content-type': contentType } = document.headers;
  if (contentType !== CONTENT_TYPE)
    throw new DocumentError(`the content type must be ${CONTENT_TYPE}, got ${contentType}`);
  const child = spawn('pdftotext', ['-layout', '-', '-'], { stdio: ['pipe', 'pipe', 'pipe'] });
  const [text, errors, exitCode] = await Promise.all([
    buffer(child.stdout),
    buffer(child.stderr),
    new Promise((resolve, reject) => child.once('error', reject).once('close', resolve)),
    // If pdftotext does not read to the end, its exit code says why.
    pipeline(document, child.stdin).catch(() => document.resume()),
  ]);
  if (exitCode !== 0) throw new DocumentError(`pdftotext ended with ${exitCode}: ${errors.toString().trim()}`);
  // Each page ends with a form feed.
  return text.toString().split('\f').slice(0, -1);
}

/**
 * @param {import('node:http').ServerResponse} response
 * @param {number} status
 * @param {object} body
 */
function respond(response, status, body) {
  const bytes = Buffer.from(JSON.stringify(body));
  if (isStopping) response.setHeader('connection', 'close');
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': bytes.length });
  response.end(bytes);
}

let isStopping = false;

const server = createServer((request, response) => {
  if (request.method === 'GET' && request.url === '/ping') return void response.writeHead(isStopping ? 503 : 200).end();
  if (request.method !== 'POST' || request.url !== '/invocations')
    return respond(response, 404, { error: 'not found' });
  readPages(request).then(
    (pages) => respond(response, 200, { pages }),
    (error) => respond(response, error instanceof DocumentError ? 400 : 500, { error: error.message }),
  );
});
// A payload can have 1 GB. By default, Node.js ends a request that takes more than 5 minutes to arrive.
server.requestTimeout = 0;
server.keepAliveTimeout = 120_000;
server.listen(Number(PORT), HOST);

process.once('SIGTERM', () => {
  isStopping = true;
  server.close(() => process.exit(0));
  setTimeout(() => process.exit(1), 25_000).unref();
});
