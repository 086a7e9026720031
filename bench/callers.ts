import { createHash, createHmac, randomUUID } from 'node:crypto';
import { Agent, request } from 'node:https';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { InvokeEndpointAsyncCommand, SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';

/** Sends a payload, as a direct call or with the members that a message of SQS has. */
type Call = (payload: string, asMessage?: boolean) => Promise<unknown>;
type Handler = (event: unknown, context: unknown) => Promise<unknown>;

const MEMBERS = {
  EndpointName: process.env.ENDPOINT_NAME!,
  ContentType: process.env.DEFAULT_CONTENT_TYPE!,
  RequestTTLSeconds: Number(process.env.DEFAULT_REQUEST_TTL_SECONDS),
  InvocationTimeoutSeconds: Number(process.env.DEFAULT_INVOCATION_TIMEOUT_SECONDS),
};

/** The ways to send a payload, each ready for its first call. All take their settings from the environment. */
export const CALLERS = { invoker, sdk, upload, floor } satisfies Record<string, () => Call>;
export type Caller = keyof typeof CALLERS;

/** The handler, from the bundle that is shipped. */
function invoker(): Call {
  const handler = loadHandler();
  return (Body) => handler({ Body }, context());
}

export function loadHandler(): Handler {
  return (createRequire(__filename)(join(__dirname, '../lambda/dist/invoker/index.js')) as { handler: Handler })
    .handler;
}

export const context = () => ({ awsRequestId: randomUUID(), getRemainingTimeInMillis: () => 30_000 });

/** The bare SDK, with the members that the handler signs. */
function sdk(): Call {
  const client = new SageMakerRuntimeClient();
  return (payload, asMessage) => {
    const InferenceId = randomUUID();
    const Filename = asMessage ? InferenceId.replaceAll('-', '') : undefined;
    return client.send(
      new InvokeEndpointAsyncCommand({ ...MEMBERS, InferenceId, Filename, Body: Buffer.from(payload) }),
    );
  };
}

/** What there was before payloads went inline: an upload, and a request that names it. */
function upload(): Call {
  const s3 = new S3Client();
  const runtime = new SageMakerRuntimeClient();
  return async (payload) => {
    const InferenceId = randomUUID();
    const object = { Bucket: 'inputs', Key: InferenceId };
    await s3.send(new PutObjectCommand({ ...object, Body: payload, ContentType: 'text/plain' }));
    return runtime.send(
      new InvokeEndpointAsyncCommand({ ...MEMBERS, InferenceId, InputLocation: `s3://${object.Bucket}/${object.Key}` }),
    );
  };
}

/** The least there is to do: a request signed by hand, and the answer's headers. */
function floor(): Call {
  const { hostname, port } = new URL(process.env.AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME!);
  const agent = new Agent({ keepAlive: true, maxSockets: 50 });
  const path = `/endpoints/${MEMBERS.EndpointName}/async-invocations`;
  return (payload) =>
    new Promise((resolve, reject) => {
      const headers = sign(
        path,
        {
          host: `${hostname}:${port}`,
          'x-amzn-sagemaker-content-type': MEMBERS.ContentType,
          'x-amzn-sagemaker-inference-id': randomUUID(),
          'x-amzn-sagemaker-requestttlseconds': `${MEMBERS.RequestTTLSeconds}`,
          'x-amzn-sagemaker-invocationtimeoutseconds': `${MEMBERS.InvocationTimeoutSeconds}`,
        },
        payload,
      );
      request({ agent, hostname, port, path, method: 'POST', headers }, (response) => {
        response.resume().on('end', () => {
          resolve(response.headers['x-amzn-sagemaker-outputlocation']);
        });
      })
        .on('error', reject)
        .end(payload);
    });
}

const sha256 = (data: string) => createHash('sha256').update(data).digest('hex');
const hmac = (key: Buffer | string, data: string) => createHmac('sha256', key).update(data).digest();

/** Signature Version 4. */
function sign(path: string, headers: Record<string, string>, payload: string): Record<string, string> {
  const date = new Date().toISOString().replace(/[-:]|\.\d+/g, '');
  const scope = `${date.slice(0, 8)}/${process.env.AWS_REGION}/sagemaker/aws4_request`;
  const signed: Record<string, string> = { ...headers, 'x-amz-content-sha256': sha256(payload), 'x-amz-date': date };
  const names = Object.keys(signed).sort();
  const canonical = [
    'POST',
    path,
    '',
    ...names.map((name) => `${name}:${signed[name]}`),
    '',
    names.join(';'),
    signed['x-amz-content-sha256'],
  ].join('\n');
  const key = scope.split('/').reduce<Buffer | string>(hmac, `AWS4${process.env.AWS_SECRET_ACCESS_KEY}`);
  const signature = hmac(key, `AWS4-HMAC-SHA256\n${date}\n${scope}\n${sha256(canonical)}`).toString('hex');
  const credential = `${process.env.AWS_ACCESS_KEY_ID}/${scope}`;
  return {
    ...signed,
    authorization: `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=${names.join(';')}, Signature=${signature}`,
  };
}
