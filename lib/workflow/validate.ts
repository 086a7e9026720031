import { Token } from 'aws-cdk-lib';
import { IntegrationPattern } from 'aws-cdk-lib/aws-stepfunctions';
import type { InvokeAsyncInferenceProps } from './invoke-async-inference';
import { HEADER_TEXT, SECONDS_LIMITS, TEXT_LIMITS } from '../contract/invoker';
import type { TextLimit } from '../contract/invoker';
import { wholeSeconds } from '../shared/validation';
import type { Fault } from '../shared/validation';

/** All that is wrong with the props of a task. */
export function taskFaults(props: InvokeAsyncInferenceProps): Fault[] {
  return [
    ...patternFaults(props),
    payloadFault(props),
    literal('inputLocation', props.inputLocation, TEXT_LIMITS.InputLocation),
    literal('contentType', props.contentType, TEXT_LIMITS.ContentType),
    literal('accept', props.accept, TEXT_LIMITS.Accept),
    literal('customAttributes', props.customAttributes, TEXT_LIMITS.CustomAttributes),
    literal('inferenceId', props.inferenceId, TEXT_LIMITS.InferenceId),
    literal('s3OutputPathExtension', props.s3OutputPathExtension, TEXT_LIMITS.S3OutputPathExtension),
    literal('filename', props.filename, TEXT_LIMITS.Filename),
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

function patternFaults({
  integrationPattern,
  endpoint,
  callback,
  invoker,
  inferenceId,
}: InvokeAsyncInferenceProps): Fault[] {
  switch (integrationPattern ?? IntegrationPattern.REQUEST_RESPONSE) {
    case IntegrationPattern.WAIT_FOR_TASK_TOKEN:
      return [
        callback ? undefined : 'callback is required with WAIT_FOR_TASK_TOKEN: it answers the task',
        invoker
          ? 'invoker has no effect with WAIT_FOR_TASK_TOKEN, where the callback sends the request; leave it out'
          : undefined,
        inferenceId === undefined
          ? undefined
          : 'inferenceId is not taken with WAIT_FOR_TASK_TOKEN, since each attempt has its own; leave it out',
      ];
    case IntegrationPattern.REQUEST_RESPONSE:
      return [
        callback
          ? 'callback has no effect without WAIT_FOR_TASK_TOKEN; set that integrationPattern, or leave callback out'
          : undefined,
        invoker || 'invoker' in endpoint
          ? undefined
          : 'invoker is required, since the endpoint is defined elsewhere and has none here',
      ];
    default:
      return ['integrationPattern must be REQUEST_RESPONSE or WAIT_FOR_TASK_TOKEN, got RUN_JOB'];
  }
}

function payloadFault({ body, bodyBase64, inputLocation }: InvokeAsyncInferenceProps): Fault {
  const given = Object.entries({ body, bodyBase64, inputLocation }).flatMap(([prop, value]) =>
    value === undefined ? [] : [prop],
  );
  return given.length === 1
    ? undefined
    : `give exactly one of body, bodyBase64 and inputLocation, got ${given.join(' and ') || 'none'}`;
}

/** A text within its limits. Paths and expressions pass: their values are known, and checked, when the task runs. */
function literal(prop: string, value: string | undefined, { min, max, pattern, form }: TextLimit): Fault {
  if (value === undefined || Token.isUnresolved(value) || /^\{%.*%\}$/s.test(value)) return undefined;
  if (value.length >= min && value.length <= max && HEADER_TEXT.test(value) && (pattern?.test(value) ?? true))
    return undefined;
  const allowed = `${min} to ${max} characters of printable ASCII without a space at either end${form ? `: ${form}` : ''}`;
  // The service marks custom attributes as sensitive.
  return `${prop} must be ${allowed}, got ${prop === 'customAttributes' ? `${value.length} characters` : `'${value}'`}`;
}
