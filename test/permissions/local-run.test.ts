import type { App } from 'aws-cdk-lib';
import { readBlueprint } from '../../local/app/blueprint';
import type { Call } from '../../local/aws/data-plane';
import { Deployment } from '../../local/aws/deployment';
import { LOCAL_ACCOUNT } from '../../local/app/synthesis';
import { synthesize } from '../../local/app/synthesis';
import { InputPolicy } from '../../lib';
import type { InvokerResponse } from '../../lib/contract/invoker';
import { StubContainer } from '../support/stub-container';
import { aStack, anEndpoint } from '../../tools/showcase/stacks';
import { Account } from './account';

const stack = aStack({ env: { account: LOCAL_ACCOUNT, region: 'us-east-1' } });
const endpoint = anEndpoint(stack, { invokerOptions: { inputPolicy: InputPolicy.bySize() } });
const account = new Account(stack);
let container: StubContainer;
let deployment: Deployment;
let calls: readonly Call[];

beforeAll(async () => {
  container = await StubContainer.start();
  container.answer = ({ body, response }) => {
    response.writeHead(body.toString() === 'bad' ? 400 : 200, { 'content-length': 2 }).end('{}');
  };
  const { directory } = (stack.node.root as App).synth();
  deployment = await Deployment.start(readBlueprint(await synthesize(directory, directory)), {
    containerUrl: container.url,
  });
  for (const Body of ['small', 'bad', 'large'.repeat(30_000)]) {
    const { InferenceId } = (await deployment.invokerOf(endpoint.endpointName).invoke({ Body })) as InvokerResponse;
    await deployment.notificationOf(InferenceId);
  }
  calls = [...deployment.calls];
});

afterAll(async () => {
  await deployment.close();
  await container.close();
});

test('the local run makes the calls that make up a request', () => {
  const { outputPrefix, failurePrefix } = endpoint;
  const value = (token: unknown) => account.template.value(token);
  const [bucket, inputs] = [endpoint.outputBucket, endpoint.invoker.inputBucket!].map(({ bucketArn }) =>
    value(bucketArn),
  );
  const [execution, invoker] = [endpoint.executionRole.roleArn, endpoint.invoker.function.role!.roleArn].map(value);
  const made = calls.map(({ principal, action, resource }) =>
    [principal, action, resource.replace(/[^/]+\.out$/, '*').replace(/(input\/.*?\/).*/, '$1*')].join(' '),
  );
  expect([...new Set(made)].sort()).toEqual([
    `${execution} s3:GetObject ${inputs}/input/${endpoint.endpointName}/*`,
    `${execution} s3:PutObject ${bucket}/${failurePrefix}/*`,
    `${execution} s3:PutObject ${bucket}/${outputPrefix}/*`,
    `${execution} sns:Publish ${value(endpoint.errorTopic.topicArn)}`,
    `${execution} sns:Publish ${value(endpoint.successTopic.topicArn)}`,
    `${invoker} sagemaker:InvokeEndpointAsync ${value(endpoint.endpointArn)}`,
  ]);
});

test('the template allows each of them to the role that makes it, and none to the other role', async () => {
  const roles = [...new Set(calls.map(({ principal }) => principal))];
  expect(roles).toHaveLength(2);
  for (const call of calls) {
    const verdicts = await Promise.all(
      roles.map(async (principal) => [principal, await account.allows({ ...call, principal })]),
    );
    expect([call, Object.fromEntries(verdicts)]).toEqual([
      call,
      Object.fromEntries(roles.map((role) => [role, role === call.principal])),
    ]);
  }
});
