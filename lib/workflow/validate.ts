import { Token } from 'aws-cdk-lib';
import { IntegrationPattern } from 'aws-cdk-lib/aws-stepfunctions';
import { nameInArn } from '../endpoint/endpoint-name';
import { ownInvoker } from '../endpoint/own-invoker';
import type { InvokeAsyncInferenceProps } from './invoke-async-inference';
import { HEADER_TEXT, SECONDS_LIMITS, TEXT_LIMITS } from '../contract/invoker';
import type { TextLimit } from '../contract/invoker';
import { hasDotSegment } from '../contract/s3-location';
import { differs, wholeSeconds } from '../shared/validation';
import type { ValidationError } from '../shared/validation';

/** Validates the props of a task. */
export function taskErrors(props: InvokeAsyncInferenceProps): ValidationError[] {
  return [
    ...patternErrors(props),
    payloadError(props),
    literal('inputLocation', props.inputLocation, TEXT_LIMITS.InputLocation),
    literal('contentType', props.contentType, TEXT_LIMITS.ContentType),
    literal('accept', props.accept, TEXT_LIMITS.Accept),
    literal('customAttributes', props.customAttributes, TEXT_LIMITS.CustomAttributes),
    literal('inferenceId', props.inferenceId, TEXT_LIMITS.InferenceId),
    literal('s3OutputPathExtension', props.s3OutputPathExtension, TEXT_LIMITS.S3OutputPathExtension),
    literal('filename', props.filename, TEXT_LIMITS.Filename),
    dotSegment('inputLocation', props.inputLocation),
    dotSegment('s3OutputPathExtension', props.s3OutputPathExtension),
    wholeSeconds(
      'requestTtl',
      props.requestTtl,
      SECONDS_LIMITS.RequestTTLSeconds.min,
      SECONDS_LIMITS.RequestTTLSeconds.max,
    ),
    wholeSeconds(
      'invocationTimeout',
      props.invocationTimeout,
      SECONDS_LIMITS.InvocationTimeoutSeconds.min,
      SECONDS_LIMITS.InvocationTimeoutSeconds.max,
    ),
  ];
}

function patternErrors({
  integrationPattern,
  endpoint,
  callback,
  invoker,
  inferenceId,
}: InvokeAsyncInferenceProps): ValidationError[] {
  switch (integrationPattern ?? IntegrationPattern.REQUEST_RESPONSE) {
    case IntegrationPattern.WAIT_FOR_TASK_TOKEN:
      return [
        callback ? undefined : 'callback is required with WAIT_FOR_TASK_TOKEN: it completes the task',
        invoker
          ? 'invoker has no effect with WAIT_FOR_TASK_TOKEN, because the callback sends the request: leave it out'
          : undefined,
        inferenceId === undefined
          ? undefined
          : 'inferenceId is not accepted with WAIT_FOR_TASK_TOKEN, because each attempt has a new ID: leave it out',
      ];
    case IntegrationPattern.REQUEST_RESPONSE:
      return [
        callback
          ? 'callback has no effect without WAIT_FOR_TASK_TOKEN: set this integrationPattern, or leave callback out'
          : undefined,
        invoker || ownInvoker(endpoint)
          ? undefined
          : 'invoker is required, because the endpoint has none: it is imported, or has createInvoker: false',
        invoker && differs(nameInArn(invoker.endpoint.endpointName), nameInArn(endpoint.endpointName))
          ? `invoker sends to the endpoint ${invoker.endpoint.endpointName}, and the task is for ${endpoint.endpointName}: give an invoker of this endpoint`
          : undefined,
      ];
    default:
      return ['integrationPattern must be REQUEST_RESPONSE or WAIT_FOR_TASK_TOKEN, got RUN_JOB'];
  }
}

function payloadError({ body, bodyBase64, inputLocation }: InvokeAsyncInferenceProps): ValidationError {
  const given = Object.entries({ body, bodyBase64, inputLocation }).flatMap(([prop, value]) =>
    value === undefined ? [] : [prop],
  );
  return given.length === 1
    ? undefined
    : `exactly one of body, bodyBase64 and inputLocation is required, got ${given.join(' and ') || 'none'}`;
}

/** Paths and expressions are accepted, because their values are only known when the task runs. The invoker checks them then. */
function isKnown(value: string | undefined): value is string {
  return value !== undefined && !Token.isUnresolved(value) && !/^\{%.*%\}$/s.test(value);
}

function dotSegment(prop: string, value: string | undefined): ValidationError {
  if (!isKnown(value) || !hasDotSegment(value)) return undefined;
  return `${prop} must not have . or .. as a segment, percent-encoded or not, got '${value}'`;
}

/** Validates a string. */
function literal(prop: string, value: string | undefined, { min, max, pattern, form }: TextLimit): ValidationError {
  if (!isKnown(value)) return undefined;
  if (value.length >= min && value.length <= max && HEADER_TEXT.test(value) && (pattern?.test(value) ?? true))
    return undefined;
  const allowed = `${min} to ${max} characters of printable ASCII without a space at either end${form ? `: ${form}` : ''}`;
  // The service marks custom attributes as sensitive.
  return `${prop} must be ${allowed}, got ${prop === 'customAttributes' ? `${value.length} characters` : `'${value}'`}`;
}
