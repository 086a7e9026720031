import { MAX_INLINE_PAYLOAD_BYTES } from '../../lib/contract/invoker';
import type { EndpointConfiguration, FunctionConfiguration } from '../app/resources';
import type { RoundTrip } from './round-trip';

/** The output of the demo for people. */

export function synthesized(
  app: string,
  endpoint: EndpointConfiguration,
  invoker: FunctionConfiguration,
  milliseconds: number,
): string {
  const { name, instances, instanceType, outputPath, failurePath, successTopicArn, errorTopicArn } = endpoint;
  return lines(
    `Synthesized ${app}${duration(milliseconds)}`,
    `  endpoint   ${name} (${instances} × ${instanceType})`,
    `  invoker    ${invoker.name} (${invoker.runtime}, ${invoker.memoryMegabytes} MB, timeout ${invoker.timeoutSeconds} s)`,
    `  results    ${outputPath}`,
    failurePath && `  failures   ${failurePath}`,
    successTopicArn && `  successes  ${successTopicArn}`,
    errorTopicArn && `  errors     ${errorTopicArn}`,
  );
}

export function started(
  endpoint: EndpointConfiguration,
  containerCommand: string | undefined,
  milliseconds: number,
): string {
  return lines(
    `Started S3, SNS, SQS, the SageMaker data plane and a model${duration(milliseconds)}`,
    `  invoker    the bundle that is deployed, in its own process (Node.js ${process.version})`,
    ...(containerCommand === undefined
      ? [
          '  model      language identification by fastText lid.176 (weights CC-BY-SA 3.0)',
          `             On AWS the model is ${endpoint.model}. Requests and responses have the same format.`,
        ]
      : [`  model      ${containerCommand}`, `             On AWS the model is ${endpoint.model}.`]),
  );
}

export function roundTripDetails(trip: RoundTrip, isFirst: boolean): string {
  const { request, bytes, response, notification, result, error, failure, milliseconds } = trip;
  return lines(
    `Request${request.text === undefined ? '' : `: ${quote(request.text)}`}`,
    `  payload    ${count(bytes)} bytes, inline`,
    response &&
      `  202        ${response.InferenceId}${duration(milliseconds.accepted)}${isFirst ? ', including a cold start of the function' : ''}`,
    response && `             result   ${response.OutputLocation}`,
    response?.FailureLocation && `             failure  ${response.FailureLocation}`,
    notification && `  notified   ${notification.invocationStatus}${duration(milliseconds.notified)}`,
    result !== undefined && `  result     ${JSON.stringify(result)}${duration(milliseconds.read)}`,
    error && `  error      ${errorText(error, 13)}`,
    failure !== undefined && `  failure    ${JSON.stringify(failure)}`,
  );
}

export function roundTripLine({ request, bytes, result, error, milliseconds }: RoundTrip): string {
  const [best] = (result ?? []) as { readonly label: string; readonly score: number }[];
  const outcome = best
    ? `${best.label.padEnd(4)}${best.score.toFixed(2)}`
    : (error?.errorType ?? JSON.stringify(result));
  const size = `${bytes} bytes`.padStart(9);
  const total = milliseconds.accepted + milliseconds.notified + milliseconds.read;
  return `  ${outcome}  ${size}  ${`${Math.round(total)} ms`.padStart(6)}  ${request.text ?? ''}\n`;
}

export function rejection(description: string, { error }: RoundTrip): string {
  return `  ${description}\n    ${error ? errorText(error, 4) : 'The invoker accepted it, which is an error.'}\n`;
}

export const WAKE_NOTE = lines(
  'On AWS, a request to an endpoint with zero instances waits until an instance has started and loaded the model.',
  'This takes about 5 to 13 minutes (estimate). With an instance in service, a request takes as long as the model.',
);

/** The commands to reach the services with `--keep`. */
export function accessInstructions(
  { name, region }: EndpointConfiguration,
  endpointUrls: Readonly<Record<string, string>>,
  queueUrl: string,
  location: string,
): string {
  const credentials = {
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
  };
  return lines(
    'The services run until you press Ctrl-C. To use them with an AWS SDK, or with an AWS CLI that supports --body:',
    '',
    ...Object.entries({ ...endpointUrls, ...credentials }).map(([variable, value]) => `export ${variable}=${value}`),
    '',
    `echo '{"inputs":"Wie spät ist es?"}' > payload.json`,
    `aws sagemaker-runtime invoke-endpoint-async --endpoint-name ${name} --content-type application/json --body fileb://payload.json`,
    // Version 1 of the AWS CLI does not read the variable for SQS.
    `aws sqs receive-message --endpoint-url ${endpointUrls.AWS_ENDPOINT_URL_SQS} --queue-url ${queueUrl} --wait-time-seconds 10`,
    `aws s3 cp ${location} -`,
  );
}

/** Requests that the invoker rejects. */
export const REJECTED_EVENTS: readonly (readonly [description: string, event: object])[] = [
  [
    `A payload of ${count(MAX_INLINE_PAYLOAD_BYTES + 1)} bytes, one more than the limit`,
    { Body: 'x'.repeat(MAX_INLINE_PAYLOAD_BYTES + 1) },
  ],
  ['An empty payload', { Body: '' }],
  ['Two inputs', { Body: { inputs: 'Hej' }, InputLocation: 's3://bucket/key' }],
];

function lines(...texts: readonly (string | false | undefined)[]): string {
  return `${texts.filter((text) => typeof text === 'string').join('\n')}\n\n`;
}

/** An error that lists several problems has one line for each. */
function errorText({ errorType, errorMessage }: NonNullable<RoundTrip['error']>, indent: number): string {
  return `${errorType}: ${errorMessage.replaceAll('\n', `\n${' '.repeat(indent)}`)}`;
}

function duration(milliseconds: number): string {
  return ` (${milliseconds < 1000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(1)} s`})`;
}

function count(number: number): string {
  return number.toLocaleString('en-US');
}

function quote(text: string): string {
  return JSON.stringify(text.length > 100 ? `${text.slice(0, 99)}…` : text);
}
