import type { App } from 'aws-cdk-lib';
import { readAppResources } from '../../local/app/resources';
import type { Call } from '../../local/aws/data-plane';
import { Deployment } from '../../local/aws/deployment';
import { LOCAL_ACCOUNT, synthesize } from '../../local/app/synthesis';
import { InputPolicy } from '../../lib';
import type { InvokerResponse } from '../../lib/contract/invoker';
import { afterTests } from '../support/after-tests';
import { StubContainer } from '../support/stub-container';
import { aStack, anEndpoint } from '../../tools/showcase/stacks';
import { Account } from './account';

const stack = aStack({ env: { account: LOCAL_ACCOUNT, region: 'us-east-1' } });
const endpoint = anEndpoint(stack, { invokerOptions: { inputPolicy: InputPolicy.bySize() } });
const account = new Account(stack);
let calls: readonly Call[];

beforeAll(async () => {
  const container = await StubContainer.start();
  afterTests(() => container.close());
  container.respond = ({ body, response }) => {
    response.writeHead(body.toString() === 'bad' ? 400 : 200, { 'content-length': 2 }).end('{}');
  };
  const { directory } = (stack.node.root as App).synth();
  const resources = readAppResources(await synthesize(directory, directory));
  const deployment = await Deployment.start(resources, { containerUrl: container.url });
  afterTests(() => deployment.close());
  for (const Body of ['small', 'bad', 'large'.repeat(30_000)]) {
    const { InferenceId } = (await deployment.invokerOf(endpoint.endpointName).invoke({ Body })) as InvokerResponse;
    await deployment.notificationOf(InferenceId);
  }
  calls = [...deployment.calls];
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
