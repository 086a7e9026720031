import { CfnParameter, Duration } from 'aws-cdk-lib';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { UnreadableResponseError } from '../../../lambda/invoker/errors';
import { DeadlineExceededError } from '../../../lambda/shared/errors';
import { AsyncInferenceCallback, AsyncInferenceEndpoint, InvokeAsyncInference } from '../../../lib';
import type { InvokeAsyncInferenceProps } from '../../../lib';
import { aStack, anEndpoint, only, statements } from '../../../tools/showcase/stacks';

const { WAIT_FOR_TASK_TOKEN, REQUEST_RESPONSE, RUN_JOB } = sfn.IntegrationPattern;

/** The state as Step Functions gets it, and how functions are named there. */
function rendered(
  props: Partial<InvokeAsyncInferenceProps>,
  options: { readonly waits?: boolean; readonly queryLanguage?: sfn.QueryLanguage } = {},
) {
  const stack = aStack();
  const endpoint = anEndpoint(stack, { endpointName: 'languages' });
  const callback = options.waits ? new AsyncInferenceCallback(stack, 'Callback') : undefined;
  const task = new InvokeAsyncInference(stack, 'Ask', {
    endpoint,
    callback,
    body: sfn.TaskInput.fromText('hi'),
    ...(options.waits && { integrationPattern: WAIT_FOR_TASK_TOKEN }),
    ...props,
  });
  const stateMachine = new sfn.StateMachine(stack, 'Machine', {
    definitionBody: sfn.DefinitionBody.fromChainable(task),
    queryLanguage: options.queryLanguage,
  });
  callback?.addStateMachine(stateMachine);
  const { DefinitionString } = only(stack, 'AWS::StepFunctions::StateMachine').Properties;
  const text = (DefinitionString as { 'Fn::Join': [string, unknown[]] })['Fn::Join'][1]
    .map((part) =>
      typeof part === 'string'
        ? part
        : Object.values(part as object)
            .flat()
            .join('.')
            .replace('AWS::Partition', 'aws'),
    )
    .join('');
  return {
    stack,
    endpoint,
    callback,
    state: (JSON.parse(text) as { States: { Ask: Record<string, unknown> } }).States.Ask,
  };
}

describe('REQUEST_RESPONSE', () => {
  test('asks the invoker of the endpoint, whose answer is the output', () => {
    const { state } = rendered({});
    expect(state.Resource).toMatch(/^EndpointInvokerFunction.*\.Arn$/);
    expect(state.Parameters).toEqual({ Body: 'hi', RequestTTLSeconds: 21_600, InvocationTimeoutSeconds: 900 });
    expect(state).not.toHaveProperty('TimeoutSeconds');
  });

  test('every member goes where the contract has it, paths included', () => {
    const { state } = rendered({
      body: sfn.TaskInput.fromObject({ inputs: sfn.JsonPath.stringAt('$.text') }),
      contentType: 'application/json',
      accept: 'text/csv',
      customAttributes: sfn.JsonPath.stringAt('$.trace'),
      inferenceId: sfn.JsonPath.executionName,
      s3OutputPathExtension: 'team/a',
      filename: 'a.json',
      requestTtl: Duration.minutes(1),
      invocationTimeout: Duration.seconds(30),
    });
    expect(state.Parameters).toEqual({
      Body: { 'inputs.$': '$.text' },
      ContentType: 'application/json',
      Accept: 'text/csv',
      'CustomAttributes.$': '$.trace',
      'InferenceId.$': '$$.Execution.Name',
      S3OutputPathExtension: 'team/a',
      Filename: 'a.json',
      RequestTTLSeconds: 60,
      InvocationTimeoutSeconds: 30,
    });
    expect(rendered({ body: sfn.TaskInput.fromJsonPathAt('$.all') }).state.Parameters).toMatchObject({
      'Body.$': '$.all',
    });
    expect(rendered({ body: undefined, bodyBase64: 'eA==' }).state.Parameters).toMatchObject({ BodyBase64: 'eA==' });
    expect(rendered({ body: undefined, inputLocation: 's3://b/k' }).state.Parameters).toMatchObject({
      InputLocation: 's3://b/k',
    });
  });

  test('lets the state machine invoke that function, and no other', () => {
    const { stack, endpoint } = rendered({});
    const Resource = stack.resolve(endpoint.invoker.function.functionArn) as unknown;
    expect(statements(stack, 'MachineRole')).toEqual([{ Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource }]);
  });
});

describe('WAIT_FOR_TASK_TOKEN', () => {
  test('asks the starter, with the token and the endpoint', () => {
    const { state } = rendered({}, { waits: true });
    expect(state.Resource).toBe('arn:aws:states:::lambda:invoke.waitForTaskToken');
    expect(state.Parameters).toEqual({
      FunctionName: expect.stringMatching(/^CallbackStarterFunction/) as string,
      Payload: {
        'TaskToken.$': '$$.Task.Token',
        EndpointName: 'languages',
        OutputLocationPrefix: expect.stringMatching(/^s3:\/\/EndpointOutputBucket\w+\/output\/$/) as string,
        Request: { Body: 'hi', RequestTTLSeconds: 21_600, InvocationTimeoutSeconds: 900 },
      },
    });
  });

  test('times out five minutes after the last moment of an answer, or as the prop says', () => {
    const seconds = (props: Partial<InvokeAsyncInferenceProps>) =>
      rendered(props, { waits: true }).state.TimeoutSeconds as number;
    expect(seconds({})).toBe(21_600 + 900 + 300);
    expect(seconds({ requestTtl: Duration.minutes(1), invocationTimeout: Duration.seconds(30) })).toBe(390);
    expect(seconds({ taskTimeout: sfn.Timeout.duration(Duration.days(1)) })).toBe(86_400);
  });

  test('where the limits are not known before the deployment, it allows for the longest that there are', () => {
    const stack = aStack();
    const endpoint = anEndpoint(stack, {
      defaultRequestTtl: Duration.seconds(new CfnParameter(stack, 'Ttl', { type: 'Number' }).valueAsNumber),
    });
    const task = new InvokeAsyncInference(stack, 'Ask', {
      endpoint,
      callback: new AsyncInferenceCallback(stack, 'Callback'),
      body: sfn.TaskInput.fromText('x'),
      integrationPattern: WAIT_FOR_TASK_TOKEN,
    });
    expect(task.toStateJson()).toMatchObject({ TimeoutSeconds: 7 * 3600 + 300 });
  });
});

describe('JSONata', () => {
  const JSONATA = sfn.QueryLanguage.JSONATA;
  const body = sfn.TaskInput.fromObject({ inputs: '{% $states.input.text %}' });

  test('in the state machine or in the state: arguments, and the token as an expression', () => {
    for (const { state } of [
      rendered({ body }, { waits: true, queryLanguage: JSONATA }),
      rendered({ body, queryLanguage: JSONATA }, { waits: true }),
    ]) {
      expect(state).not.toHaveProperty('Parameters');
      expect(state.Arguments).toMatchObject({
        Payload: {
          TaskToken: '{% $states.context.Task.Token %}',
          Request: { Body: { inputs: '{% $states.input.text %}' } },
        },
      });
    }
  });

  test('each language has its own way to define a task', () => {
    const stack = aStack();
    const endpoint = anEndpoint(stack);
    expect(
      InvokeAsyncInference.jsonata(stack, 'A', { endpoint, body, outputs: '{% $states.result %}' }).toStateJson(),
    ).toMatchObject({
      QueryLanguage: 'JSONata',
      Arguments: { Body: { inputs: '{% $states.input.text %}' } },
      Output: '{% $states.result %}',
    });
    expect(
      InvokeAsyncInference.jsonPath(stack, 'B', {
        endpoint,
        body: sfn.TaskInput.fromJsonPathAt('$'),
        resultPath: '$.asked',
      }).toStateJson(),
    ).toMatchObject({ Parameters: { 'Body.$': '$' }, ResultPath: '$.asked' });
  });

  test('expressions pass where a text is checked', () => {
    expect(() =>
      rendered({ body, filename: '{% $states.input.name & ".json" %}' }, { queryLanguage: JSONATA }),
    ).not.toThrow();
  });
});

describe('retries', () => {
  test('transient errors are retried, with new IDs and longer pauses, and errors of the model or the caller are not', () => {
    const [retry, ...more] = rendered({}, { waits: true }).state.Retry as Record<string, unknown>[];
    expect(more).toEqual([]);
    expect(retry).toMatchObject({ IntervalSeconds: 2, BackoffRate: 2, MaxAttempts: 6, JitterStrategy: 'FULL' });
    expect(retry!.ErrorEquals).toEqual([
      'Lambda.ClientExecutionTimeoutException',
      'Lambda.ServiceException',
      'Lambda.AWSLambdaException',
      'Lambda.SdkClientException',
      'Lambda.TooManyRequestsException',
      'ThrottlingException',
      'TooManyRequestsException',
      'ServiceUnavailable',
      'InternalFailure',
      'InternalServerError',
      'ProvisionedThroughputExceededException',
      'RequestLimitExceeded',
      'TimeoutError',
      new DeadlineExceededError().name,
      new UnreadableResponseError({}).name,
    ]);
  });

  test('or nothing is, if told so', () => {
    expect(rendered({ retryOnServiceExceptions: false }).state).not.toHaveProperty('Retry');
  });
});

describe('fails', () => {
  test.each<[string, Partial<InvokeAsyncInferenceProps>, boolean, string]>([
    [
      'with two payloads',
      { bodyBase64: 'eA==' },
      false,
      'exactly one of body, bodyBase64 and inputLocation is required, got body and bodyBase64',
    ],
    [
      'without a payload',
      { body: undefined },
      false,
      'exactly one of body, bodyBase64 and inputLocation is required, got none',
    ],
    ['without a callback', { callback: undefined }, true, 'callback is required with WAIT_FOR_TASK_TOKEN'],
    [
      'with an id that attempts would share',
      { inferenceId: 'mine' },
      true,
      'inferenceId is not accepted with WAIT_FOR_TASK_TOKEN',
    ],
    [
      'with a pattern that there is not',
      { integrationPattern: RUN_JOB },
      false,
      'must be REQUEST_RESPONSE or WAIT_FOR_TASK_TOKEN, got RUN_JOB',
    ],
    [
      'with a callback that nobody calls',
      { integrationPattern: REQUEST_RESPONSE },
      true,
      'callback has no effect without WAIT_FOR_TASK_TOKEN',
    ],
    ['with a wrong name', { filename: 'a.b.c' }, false, 'filename must be 1 to 32 characters of printable ASCII'],
    [
      'with an output path that has a dot segment',
      { s3OutputPathExtension: 'a/../b' },
      false,
      "s3OutputPathExtension must not have . or .. as a segment, percent-encoded or not, got 'a/../b'",
    ],
    [
      'with an input that has an encoded dot segment',
      { body: undefined, inputLocation: 's3://inputs/%2e%2e/secret' },
      false,
      'inputLocation must not have . or .. as a segment',
    ],
    [
      'with attributes that are too long',
      { customAttributes: 'x'.repeat(1025) },
      false,
      'space at either end, got 1025 characters',
    ],
  ])('%s', (_, props, waits, text) => {
    expect(() => rendered(props, { waits })).toThrow(text);
  });

  test.each([
    [{ requestTtl: Duration.seconds(59), invocationTimeout: Duration.seconds(0) }],
    [{ requestTtl: Duration.seconds(21_601), invocationTimeout: Duration.seconds(3_601) }],
  ])('out of bounds %j, with all errors in one message', (props) => {
    expect(() => rendered({ ...props, inferenceId: 'é' })).toThrow(
      /^Stack\/Ask:\n {2}- inferenceId .*\n {2}- requestTtl .*\n {2}- invocationTimeout .*$/,
    );
  });

  test('without an invoker', () => {
    const stack = aStack();
    const endpoints = {
      Own: anEndpoint(stack, { createInvoker: false }),
      Imported: AsyncInferenceEndpoint.fromEndpointName(stack, 'Imported', 'languages'),
    };
    for (const [id, endpoint] of Object.entries(endpoints)) {
      expect(
        () => new InvokeAsyncInference(stack, `Ask${id}`, { endpoint, body: sfn.TaskInput.fromText('x') }),
      ).toThrow(
        `Stack/Ask${id}: invoker is required, because the endpoint has none: it is imported, or has createInvoker: false`,
      );
    }
  });
});

test('takes the bounds', () => {
  for (const [requestTtl, invocationTimeout] of [
    [60, 1],
    [21_600, 3_600],
  ] as const) {
    const props = { requestTtl: Duration.seconds(requestTtl), invocationTimeout: Duration.seconds(invocationTimeout) };
    expect(() => rendered(props)).not.toThrow();
  }
});
