import { createHash } from 'node:crypto';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { HeadObjectCommand, S3Client, paginateListObjectsV2 } from '@aws-sdk/client-s3';
import { InvokeEndpointAsyncCommand, SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';

// Sends requests again from the inputs that an invoker with InputPolicy.alwaysS3() has kept, under the inference IDs that they had:
//
//   npx tsx examples/replay/replay.ts --endpoint NAME --inputs s3://BUCKET/PREFIX [--day YYYY/MM/DD] [ID ...]
//
// Without IDs, it reads them from standard input, one per line. It prints a line of JSON for each, and exits with 1 where one was
// not found. Its caller needs s3:ListBucket and s3:GetObject on the inputs, and sagemaker:InvokeEndpointAsync on the endpoint.

const s3 = new S3Client();
const runtime = new SageMakerRuntimeClient();

interface Input {
  readonly key: string;
  readonly modified: number;
}

/** The newest input of each folder: PREFIX/YYYY/MM/DD/FOLDER/NAME, where the folder stands for the ID. */
async function newestInputs(bucket: string, prefix: string): Promise<Map<string, Input>> {
  const inputs = new Map<string, Input>();
  for await (const { Contents = [] } of paginateListObjectsV2({ client: s3 }, { Bucket: bucket, Prefix: prefix })) {
    for (const { Key: key = '', LastModified } of Contents) {
      const folder = key.split('/').at(-2)!;
      const modified = LastModified?.getTime() ?? 0;
      if (modified >= (inputs.get(folder)?.modified ?? 0)) inputs.set(folder, { key, modified });
    }
  }
  return inputs;
}

/** The folder of an ID: the ID itself, or its hash if a key cannot contain it. */
function folderOf(id: string): string {
  return /^\w[\w.-]*$/.test(id) ? id : createHash('sha256').update(id).digest('hex');
}

async function replay(endpointName: string, bucket: string, key: string, id: string): Promise<object> {
  const { ContentType } = await s3.send(new HeadObjectCommand({ Bucket: bucket, Key: key }));
  const { OutputLocation, FailureLocation } = await runtime.send(
    new InvokeEndpointAsyncCommand({
      EndpointName: endpointName,
      InputLocation: `s3://${bucket}/${key}`,
      InferenceId: id,
      ContentType,
    }),
  );
  return { InferenceId: id, OutputLocation, FailureLocation };
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    options: { endpoint: { type: 'string' }, inputs: { type: 'string' }, day: { type: 'string' } },
    allowPositionals: true,
  });
  const [, bucket, prefix] = /^s3:\/\/([^/]+)\/(.+?)\/?$/.exec(values.inputs ?? '') ?? [];
  if (!values.endpoint || !bucket || !prefix) throw new Error('give --endpoint NAME and --inputs s3://BUCKET/PREFIX');
  const inputs = await newestInputs(bucket, `${prefix}/${values.day === undefined ? '' : `${values.day}/`}`);
  for await (const id of positionals.length > 0 ? positionals : createInterface({ input: process.stdin })) {
    const input = inputs.get(folderOf(id));
    if (!input) process.exitCode = 1;
    const line = input
      ? await replay(values.endpoint, bucket, input.key, id)
      : { InferenceId: id, error: 'no input is kept' };
    process.stdout.write(`${JSON.stringify(line)}\n`);
  }
}

main().catch(({ message }: Error) => {
  process.stderr.write(`${message}\n`);
  process.exitCode = 2;
});
