import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import type { SageMakerRuntimeClientConfig } from '@aws-sdk/client-sagemaker-runtime';
import { SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import { LocalServer } from '../../local/aws/local-server';

export interface ReceivedRequest {
  readonly method?: string;
  readonly path?: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export type Answer = (response: ServerResponse, request: ReceivedRequest) => void;

export const ACCEPT: Answer = (response, { headers }) => {
  const id = String(headers['x-amzn-sagemaker-inference-id']);
  response.writeHead(202, {
    'content-type': 'application/json',
    'x-amzn-sagemaker-outputlocation': `s3://results/${id}.out`,
    'x-amzn-sagemaker-failurelocation': `s3://results/failures/${id}.out`,
  });
  response.end(JSON.stringify({ InferenceId: id }));
};

/** An error in the form of the service's REST JSON protocol. */
export const refuse =
  (status: number, type: string, message = type): Answer =>
  (response) => {
    response.writeHead(status, { 'content-type': 'application/json', 'x-amzn-errortype': type });
    response.end(JSON.stringify({ message }));
  };

export function clientOf(url: string, settings: SageMakerRuntimeClientConfig = {}): SageMakerRuntimeClient {
  const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' };
  return new SageMakerRuntimeClient({ region: 'eu-west-1', endpoint: url, credentials, ...settings });
}

/** The service's side of the wire, and a client for it: it records the requests, and responds as a test wants. */
export async function startServer(settings: SageMakerRuntimeClientConfig = {}) {
  const received: ReceivedRequest[] = [];
  const state = { answer: ACCEPT };
  const server = await LocalServer.start((request, response) => {
    void buffer(request).then((body) => {
      const { method, url, headers } = request;
      received.push({ method, path: url, headers, body });
      state.answer(response, { method, path: url, headers, body });
    });
  });
  const client = clientOf(server.url, settings);
  return {
    url: server.url,
    client,
    received,
    answerWith: (next: Answer) => {
      state.answer = next;
    },
    clear: () => {
      received.length = 0;
      state.answer = ACCEPT;
    },
    stop: async () => {
      client.destroy();
      await server.close();
    },
  };
}

export type Server = Awaited<ReturnType<typeof startServer>>;
