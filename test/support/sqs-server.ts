import { createHash } from 'node:crypto';
import { text } from 'node:stream/consumers';
import { SQSClient } from '@aws-sdk/client-sqs';
import { LocalServer } from '../../local/aws/local-server';

interface Call {
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/** As much of SQS as a request queue calls: it records the calls, and can refuse those of an operation. */
export async function startSqs() {
  const calls: Call[] = [];
  const refused = new Set<string>();
  const server = await LocalServer.start((request, response) => {
    void text(request).then((body) => {
      const operation = String(request.headers['x-amz-target']).split('.')[1]!;
      calls.push({ operation, input: JSON.parse(body) as Call['input'] });
      const [status, answer] = refused.has(operation)
        ? [400, { __type: 'com.amazonaws.sqs#InvalidMessageContents', message: 'the text of the payload' }]
        : [200, operation === 'SendMessage' ? sent(body) : { Successful: [], Failed: [] }];
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' }).end(JSON.stringify(answer));
    });
  });
  const client = new SQSClient({
    region: 'eu-west-1',
    endpoint: server.url,
    useQueueUrlAsEndpoint: false,
    maxAttempts: 1,
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' },
  });
  return {
    client,
    url: server.url,
    calls,
    /** The inputs of the calls of an operation. */
    inputs: (operation: string) => calls.filter((call) => call.operation === operation).map(({ input }) => input),
    refuse: (operation: string) => refused.add(operation),
    clear: () => {
      calls.length = 0;
      refused.clear();
    },
    stop: async () => {
      client.destroy();
      await server.close();
    },
  };
}

/** The SDK compares the checksum with that of the message. */
function sent(body: string): object {
  const { MessageBody } = JSON.parse(body) as { MessageBody: string };
  return { MessageId: 'm', MD5OfMessageBody: createHash('md5').update(MessageBody).digest('hex') };
}
