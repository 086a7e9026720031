import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { app } from '../../../examples/llm/app';
import request from '../../../examples/llm/request.json';
import { only, resources, statements } from '../../../tools/showcase/stacks';
import { startExample } from '../../support/example-run';
import type { ExampleRun } from '../../support/example-run';

const FOLDER = join(__dirname, '../../../examples/llm');
const stack = (name: string) => app.node.findChild(name) as Stack;
const STACKS = [stack('LlmFromS3'), stack('LlmFromHub')] as const;
const [fromS3, fromHub] = STACKS;

const environment = (of: Stack) =>
  (only(of, 'AWS::SageMaker::Model').Properties.PrimaryContainer as { Environment: Record<string, string> })
    .Environment;
const variant = (of: Stack) =>
  (only(of, 'AWS::SageMaker::EndpointConfig').Properties.ProductionVariants as [Record<string, unknown>])[0];

describe('a chat request', () => {
  let run: ExampleRun;

  beforeAll(async () => {
    run = await startExample(app, 'node examples/llm/chat-server.mjs', 'LlmFromS3');
  });

  test('of the example, through the deployed bundle, has a chat completion as its result', async () => {
    const { result, notification } = await run.send(request);
    expect(result).toEqual({
      id: expect.stringMatching(/^chatcmpl-/),
      object: 'chat.completion',
      created: expect.any(Number),
      model: 'chat',
      choices: [
        {
          index: 0,
          message: { role: 'assistant', content: 'You said: Why is the sky blue?', refusal: null, tool_calls: [] },
          logprobs: null,
          finish_reason: 'stop',
          stop_reason: null,
        },
      ],
      usage: { prompt_tokens: 10, total_tokens: 17, completion_tokens: 7, prompt_tokens_details: null },
    });
    expect(notification).toMatchObject({ responseParameters: { contentType: 'application/json' } });
  });

  test('that reaches max_tokens ends with the reason length', async () => {
    const { result } = await run.send({ Body: { ...request.Body, max_tokens: 2 } });
    expect(result).toMatchObject({
      choices: [{ message: { content: 'You said:' }, finish_reason: 'length' }],
      usage: { completion_tokens: 2 },
    });
  });

  test.each([
    ['of an unknown model', { model: 'gpt' }, 404, 'NotFoundError'],
    ['without messages', { messages: [] }, 400, 'BadRequestError'],
    [
      'above the maximum length',
      { messages: [{ role: 'user', content: 'word '.repeat(8193) }] },
      400,
      'BadRequestError',
    ],
  ])('%s fails, and the failure has the error of the server', async (_, change, code, type) => {
    const { error, failure } = await run.send({ Body: { ...request.Body, ...change } });
    expect(error).toMatchObject({ errorType: 'Failed', errorMessage: expect.stringContaining(`${code}`) });
    expect(failure).toEqual({ error: { message: expect.any(String), type, param: null, code } });
  });

  test.each([
    ['not JSON', { Body: 'Why?', ContentType: 'application/json' }, 400],
    ['not labeled as JSON', { Body: JSON.stringify(request.Body), ContentType: 'text/plain' }, 415],
  ])('that is %s fails', async (_, event, code) => {
    expect(await run.send(event)).toMatchObject({ failure: { error: { code } } });
  });

  test('that asks for a stream fails, because a stream has no length', async () => {
    const { error } = await run.send({ Body: { ...request.Body, stream: true } });
    expect(error?.errorMessage).toContain('Content-Length');
  });
});

test('the model of the request is the one that both stacks serve', () => {
  for (const each of STACKS) expect(environment(each).SM_VLLM_SERVED_MODEL_NAME).toBe(request.Body.model);
});

test.each(STACKS.map((each) => [each.stackName, each] as const))('%s: concurrency and timeouts fit', (_, each) => {
  const { SM_VLLM_MAX_NUM_SEQS, VLLM_ENGINE_READY_TIMEOUT_S } = environment(each);
  const { ClientConfig } = only(each, 'AWS::SageMaker::EndpointConfig').Properties.AsyncInferenceConfig as {
    ClientConfig: { MaxConcurrentInvocationsPerInstance: number };
  };
  expect(Number(SM_VLLM_MAX_NUM_SEQS)).toBe(ClientConfig.MaxConcurrentInvocationsPerInstance);
  const { ContainerStartupHealthCheckTimeoutInSeconds: startup, ModelDataDownloadTimeoutInSeconds: download } = variant(
    each,
  ) as Record<string, number>;
  // The server must not give up before SageMaker does.
  expect(Number(VLLM_ENGINE_READY_TIMEOUT_S)).toBeGreaterThanOrEqual(startup!);
  const { Variables } = only(each, 'AWS::Lambda::Function').Properties.Environment as {
    Variables: Record<string, string>;
  };
  const { requestTtlSeconds, invocationTimeoutSeconds } = seconds(Variables);
  expect(requestTtlSeconds).toBeGreaterThan(startup! + download!);
  expect(invocationTimeoutSeconds).toBe(900);
});

/** What the invoker sends with each request. */
function seconds(variables: Record<string, string>): { requestTtlSeconds: number; invocationTimeoutSeconds: number } {
  const valueOf = (pattern: RegExp) => Number(Object.entries(variables).find(([name]) => pattern.test(name))?.[1]);
  return { requestTtlSeconds: valueOf(/TTL/), invocationTimeoutSeconds: valueOf(/TIMEOUT/) };
}

test('the image needs CUDA 13, which only one machine image has', () => {
  for (const each of STACKS) {
    expect(variant(each)).toMatchObject({
      InstanceType: 'ml.g6.2xlarge',
      InferenceAmiVersion: 'al2023-ami-sagemaker-inference-gpu-4-1',
    });
  }
});

test('in office hours an instance is in service, and no schedule limits the endpoint otherwise', () => {
  for (const each of STACKS) {
    expect(only(each, 'AWS::ApplicationAutoScaling::ScalableTarget').Properties).toMatchObject({
      MinCapacity: 0,
      MaxCapacity: 2,
      ScheduledActions: [
        { Schedule: 'cron(45 7 ? * MON-FRI *)', Timezone: 'Europe/Berlin', ScalableTargetAction: { MinCapacity: 1 } },
        { Schedule: 'cron(0 18 ? * MON-FRI *)', Timezone: 'Europe/Berlin', ScalableTargetAction: { MinCapacity: 0 } },
      ],
    });
  }
});

test('from S3: the weights are an uncompressed prefix, and nothing comes from the hub', () => {
  expect(only(fromS3, 'AWS::SageMaker::Model').Properties.PrimaryContainer).toMatchObject({
    ModelDataSource: { S3DataSource: { CompressionType: 'None', S3Uri: 's3://models/llama-3.1-8b-instruct/v1/' } },
  });
  expect(environment(fromS3)).toMatchObject({ HF_HUB_OFFLINE: '1' });
  expect(environment(fromS3)).not.toHaveProperty('SM_VLLM_MODEL');
});

test('from the hub: the template names the secret, resolves nothing, and only the execution role may read it', () => {
  const template = JSON.stringify(Template.fromStack(fromHub).toJSON());
  expect(template).not.toContain('{{resolve:');
  expect(environment(fromHub)).toMatchObject({ HF_TOKEN_SECRET: 'huggingface-token' });
  expect(environment(fromHub)).not.toHaveProperty('HF_TOKEN');
  const reading = Object.values(resources(fromHub, 'AWS::IAM::ManagedPolicy')).filter(({ Properties }) =>
    JSON.stringify(Properties).includes('secretsmanager:'),
  );
  expect(reading).toHaveLength(1);
  const [statement] = statements(fromHub, 'EndpointPermissions').filter(({ Sid }) => Sid === 'ReadHubToken');
  expect(statement).toMatchObject({ Action: 'secretsmanager:GetSecretValue', Effect: 'Allow' });
  expect(JSON.stringify(statement!.Resource)).toContain(':secret:huggingface-token-??????');
});

test('from the hub: the model waits for the permission to read the token', () => {
  const { DependsOn = [] } = only(fromHub, 'AWS::SageMaker::Endpoint');
  const model = only(fromHub, 'AWS::SageMaker::Model');
  expect([...DependsOn, ...(model.DependsOn ?? [])]).toEqual(
    expect.arrayContaining([expect.stringMatching(/^EndpointPermissions/)]),
  );
});

test('the stand-in reads the variables of the deployed container', () => {
  const server = readFileSync(join(FOLDER, 'chat-server.mjs'), 'utf8');
  const names = [...server.matchAll(/\bSM_VLLM_\w+(?=:)/g)].map(([name]) => name);
  expect(names.length).toBeGreaterThan(1);
  for (const name of names) expect(Object.keys(environment(fromS3))).toContain(name);
});
