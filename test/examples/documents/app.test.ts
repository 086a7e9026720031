import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Stack } from 'aws-cdk-lib';
import { app } from '../../../examples/documents/app';
import { statements } from '../../../tools/showcase/stacks';
import { startExample } from '../../support/example-run';
import type { ExampleRun } from '../../support/example-run';
import { ServerProcess } from '../../support/server-process';

const SERVER = 'examples/documents/container/server.mjs';
const folder = mkdtempSync(join(tmpdir(), 'documents-'));
const PATH = `${folder}:${process.env.PATH}`;
const stack = app.node.findChild('Documents') as Stack;

/** A stand-in for Poppler: its pages are the number of bytes and the end of the document. It rejects what does not start like a PDF. */
const PDF_TO_TEXT = `#!${process.execPath}
require('node:stream/consumers').buffer(process.stdin).then((document) => {
  if (String(document.subarray(0, 5)) === '%PDF-') return process.stdout.write(document.length + '\\f' + document.subarray(-5) + '\\f');
  process.stderr.write('Syntax Error: May not be a PDF file\\n');
  process.exitCode = 1;
});
`;

beforeAll(() => {
  writeFileSync(join(folder, 'pdftotext'), PDF_TO_TEXT);
  chmodSync(join(folder, 'pdftotext'), 0o755);
});
afterAll(() => rmSync(folder, { recursive: true }));

/** A document of this size. Its bytes are not text. */
function aDocument(size: number): Buffer {
  return Buffer.concat([Buffer.from('%PDF-'), Buffer.alloc(size - 10, 0xe9), Buffer.from('%%EOF')]);
}

const event = (document: Buffer) => ({ BodyBase64: document.toString('base64'), ContentType: 'application/pdf' });

describe('a document', () => {
  let run: ExampleRun;

  beforeAll(async () => {
    run = await startExample(app, `PATH="${PATH}" exec node ${SERVER}`);
  });

  /** The reads of the execution role so far. */
  const reads = () =>
    run.deployment.calls.filter(({ action }) => action === 's3:GetObject').map(({ resource }) => resource);

  test.each([
    ['of 128,000 bytes goes inline', 128_000, 0],
    ['of 128,001 bytes goes through S3', 128_001, 1],
    ['of 4 MB goes through S3', 4_000_000, 1],
  ])('%s, and arrives at the container byte for byte', async (_, size, readsOfDocument) => {
    const before = reads().length;
    const { result, error } = await run.send(event(aDocument(size)));
    expect(error).toBeUndefined();
    expect(result).toEqual({ pages: [`${size}`, '%%EOF'] });
    const after = reads().slice(before);
    expect(after).toHaveLength(readsOfDocument);
    for (const resource of after) expect(resource).toContain('/documents/');
  });

  test('that the caller has uploaded is sent by its location', async () => {
    const { inputBucket } = run.deployment.functions[0]!.configuration.invoker!;
    const location = `s3://${inputBucket}/documents/report.pdf`;
    await run.deployment.services.session('us-east-1').putObject(location, aDocument(8_000_000), 'application/pdf');
    const { result } = await run.send({ InputLocation: location, ContentType: 'application/pdf' });
    expect(result).toEqual({ pages: ['8000000', '%%EOF'] });
  });

  test('in another place than the prefix is rejected by the invoker', async () => {
    const { error } = await run.send({
      InputLocation: 's3://another/documents/report.pdf',
      ContentType: 'application/pdf',
    });
    expect(error).toMatchObject({ errorType: 'InvalidRequestError' });
  });

  test('that is no PDF fails, and the failure says why', async () => {
    const { error, failure } = await run.send(event(Buffer.from('Not a document')));
    expect(error).toMatchObject({ errorType: 'Failed', errorMessage: expect.stringContaining('400') });
    expect(failure).toEqual({ error: 'pdftotext ended with 1: Syntax Error: May not be a PDF file' });
  });

  test('of another type fails', async () => {
    const { failure } = await run.send({ Body: 'x', ContentType: 'text/plain' });
    expect(failure).toEqual({ error: 'the content type must be application/pdf, got text/plain' });
  });
});

test('the server answers pings while it works, and ends on SIGTERM when the documents in flight have their results', async () => {
  const slow = join(folder, 'slow');
  spawnSync('mkdir', [slow]);
  writeFileSync(join(slow, 'pdftotext'), '#!/bin/sh\ncat > /dev/null; sleep 2; printf "page\\f"\n', { mode: 0o755 });
  const server = await ServerProcess.start(SERVER, { PATH: `${slow}:${process.env.PATH}` });
  const invocation = server.invoke(aDocument(100), 'application/pdf');
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(await server.ping()).toBe(200);
  server.stop();
  expect(await invocation).toMatchObject({ status: 200, body: '{"pages":["page"]}' });
  expect(await server.exitCode).toBe(0);
});

test('a missing pdftotext fails the request, and not the server', async () => {
  const server = await ServerProcess.start(SERVER, { PATH: '/nowhere' });
  expect(await server.invoke(aDocument(100), 'application/pdf')).toMatchObject({
    status: 500,
    body: '{"error":"spawn pdftotext ENOENT"}',
  });
  expect(await server.ping()).toBe(200);
});

const withPoppler = spawnSync('pdftotext', ['-v']).error ? test.skip : test;

withPoppler('Poppler reads the text of each page from standard input', async () => {
  const server = await ServerProcess.start(SERVER);
  const { status, body } = await server.invoke(aPdf(['Hello', 'World']), 'application/pdf');
  expect(status).toBe(200);
  expect((JSON.parse(body) as { pages: string[] }).pages.map((page) => page.trim())).toEqual(['Hello', 'World']);
});

/** A PDF file with a text on each page. */
function aPdf(texts: readonly string[]): string {
  const kids = texts.map((_, index) => `${4 + 2 * index} 0 R`).join(' ');
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    `<< /Type /Pages /Kids [${kids}] /Count ${texts.length} >>`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
    ...texts.flatMap((text, index) => {
      const content = `BT /F1 12 Tf 72 720 Td (${text}) Tj ET`;
      return [
        `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents ${5 + 2 * index} 0 R /Resources << /Font << /F1 3 0 R >> >> >>`,
        `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
      ];
    }),
  ];
  let file = '%PDF-1.4\n';
  const offsets = objects.map((object, index) => {
    const offset = file.length;
    file += `${index + 1} 0 obj\n${object}\nendobj\n`;
    return `${String(offset).padStart(10, '0')} 00000 n \n`;
  });
  const size = objects.length + 1;
  return `${file}xref\n0 ${size}\n0000000000 65535 f \n${offsets.join('')}trailer\n<< /Size ${size} /Root 1 0 R >>\nstartxref\n${file.length}\n%%EOF\n`;
}

test('the function may write under the prefix, the execution role may read there, and nothing else is granted on inputs', () => {
  const allowed = statements(stack, '').filter(({ Sid }) => Sid!.endsWith('Inputs'));
  expect(allowed.map(({ Sid }) => Sid).sort()).toEqual(['ReadInputs', 'WriteInputs']);
  for (const { Resource } of allowed)
    expect(JSON.stringify(Resource)).toMatch(/DocumentBucket\w+","Arn"\]\},"\/documents\/\*"/);
});
