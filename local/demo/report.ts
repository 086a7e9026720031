import { MAX_INLINE_PAYLOAD_BYTES } from '../../lib/contract/invoker';
import type { EndpointBlueprint, FunctionBlueprint } from '../app/blueprint';
import type { RoundTrip } from './round-trip';

/** What a person reads of the demo, as lines of text. */

export function deployed(
  app: string,
  endpoint: EndpointBlueprint,
  invoker: FunctionBlueprint,
  milliseconds: number,
): string {
  const { name, instances, instanceType, outputPath, failurePath, successTopicArn, errorTopicArn } = endpoint;
  return lines(
    `Synthesised: ${app}${took(milliseconds)}`,
    `  endpoint   ${name} (${instances} × ${instanceType})`,
    `  invoker    ${invoker.name} (${invoker.runtime}, ${invoker.memoryMegabytes} MB, at most ${invoker.timeoutSeconds} s)`,
    `  results    ${outputPath}`,
    failurePath && `  failures   ${failurePath}`,
    successTopicArn && `  successes  ${successTopicArn}`,
    errorTopicArn && `  errors     ${errorTopicArn}`,
  );
}

export function started(endpoint: EndpointBlueprint, milliseconds: number): string {
  return lines(
    `Started: S3, SNS, SQS, SageMaker's data plane, a model${took(milliseconds)}`,
    `  invoker    its bundle as it ships, in a process of its own (Node ${process.version})`,
    '  model      language identification by fastText lid.176 (weights CC-BY-SA 3.0)',
    `             On AWS it is another, ${endpoint.model}; requests and responses have the same shape`,
  );
}

export function followed(trip: RoundTrip, isFirst: boolean): string {
  const { request, bytes, response, notification, answer, error, failure, milliseconds } = trip;
  return lines(
    `Request${request.text === undefined ? '' : `: ${quote(request.text)}`}`,
    `  payload    ${count(bytes)} bytes, inline`,
    response &&
      `  202        ${response.InferenceId}${took(milliseconds.accepted)}${isFirst ? ', a cold start of the Lambda with it' : ''}`,
    response && `             result   ${response.OutputLocation}`,
    response?.FailureLocation && `             failure  ${response.FailureLocation}`,
    notification && `  notified   ${notification.invocationStatus}${took(milliseconds.notified)}`,
    answer !== undefined && `  result     ${JSON.stringify(answer)}${took(milliseconds.read)}`,
    error && `  error      ${told(error, 13)}`,
    failure !== undefined && `  failure    ${JSON.stringify(failure)}`,
  );
}

export function summed({
  request,
  bytes,
  answer,
  error,
  milliseconds: { accepted, notified, read },
}: RoundTrip): string {
  const [best] = (answer ?? []) as { readonly label: string; readonly score: number }[];
  const outcome = best
    ? `${best.label.padEnd(4)}${best.score.toFixed(2)}`
    : (error?.errorType ?? JSON.stringify(answer));
  const size = `${bytes} bytes`.padStart(9);
  const time = `${Math.round(accepted + notified + read)} ms`.padStart(6);
  return `  ${outcome}  ${size}  ${time}  ${request.text ?? ''}\n`;
}

export function refused(what: string, { error }: RoundTrip): string {
  return `  ${what}\n    ${error ? told(error, 4) : 'was taken, which it should not be'}\n`;
}

export const AWS_ADDS = lines(
  'On AWS, a request that finds the endpoint at zero instances waits until one has started and loaded the model:',
  'about 5 to 13 minutes, an estimate. With an instance up it takes what the model takes.',
);

/** What `--keep` tells: how to reach what runs. */
export function reachable(
  { name, region }: EndpointBlueprint,
  urls: Readonly<Record<string, string>>,
  queueUrl: string,
  location: string,
): string {
  const self = {
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
  };
  return lines(
    'It keeps running until Ctrl-C. For any AWS SDK, or an AWS CLI whose invoke-endpoint-async knows --body:',
    '',
    ...Object.entries({ ...urls, ...self }).map(([variable, value]) => `export ${variable}=${value}`),
    '',
    `echo '{"inputs":"Wie spät ist es?"}' > payload.json`,
    `aws sagemaker-runtime invoke-endpoint-async --endpoint-name ${name} --content-type application/json --body fileb://payload.json`,
    // Version 1 of the AWS CLI does not read the variable for SQS.
    `aws sqs receive-message --endpoint-url ${urls.AWS_ENDPOINT_URL_SQS} --queue-url ${queueUrl} --wait-time-seconds 10`,
    `aws s3 cp ${location} -`,
  );
}

/** The requests of the demo that the invoker refuses. */
export const REFUSED: readonly (readonly [what: string, event: object])[] = [
  [`one byte too many: ${count(MAX_INLINE_PAYLOAD_BYTES + 1)}`, { Body: 'x'.repeat(MAX_INLINE_PAYLOAD_BYTES + 1) }],
  ['no byte at all', { Body: '' }],
  ['both inputs', { Body: { inputs: 'Hej' }, InputLocation: 's3://a-bucket/a-key' }],
];

function lines(...texts: readonly (string | false | undefined)[]): string {
  return `${texts.filter((text) => typeof text === 'string').join('\n')}\n\n`;
}

// An error that tells several faults has a line for each.
function told({ errorType, errorMessage }: NonNullable<RoundTrip['error']>, indent: number): string {
  return `${errorType}: ${errorMessage.replaceAll('\n', `\n${' '.repeat(indent)}`)}`;
}

function took(milliseconds: number): string {
  return ` (${milliseconds < 1000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(1)} s`})`;
}

function count(number: number): string {
  return number.toLocaleString('en-US');
}

function quote(text: string): string {
  return JSON.stringify(text.length > 100 ? `${text.slice(0, 99)}…` : text);
}
