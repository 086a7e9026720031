import { App, CfnParameter, Duration, Stack } from 'aws-cdk-lib';
import { AsyncInferenceInvoker, InputPolicy, TrustedHttpHeader } from '../../../lib';
import { ENV, aStack, anEndpoint } from '../../../tools/showcase/stacks';

test.each([
  ['region', { ...ENV, region: 'us-east-1' }, /endpoint is in eu-west-1, and the function would call us-east-1/],
  [
    'account',
    { ...ENV, account: '999999999999' },
    /endpoint belongs to account 111122223333, and the function would call 999999999999/,
  ],
])('an invoker in another %s than its endpoint is an error', (_, env, message) => {
  const app = new App();
  const endpoint = anEndpoint(new Stack(app, 'Endpoint', { env: ENV }), { endpointName: 'languages' });
  expect(() => new AsyncInferenceInvoker(new Stack(app, 'Invoker', { env }), 'Invoker', { endpoint })).toThrow(message);
});

test('a trusted header that no request can use is an error', () => {
  const trustedHttpHeaders = [TrustedHttpHeader.INPUT_LOCATION];
  expect(() => anEndpoint(aStack(), { invokerOptions: { trustedHttpHeaders } })).toThrow(
    'trustedHttpHeaders has INPUT_LOCATION, which has no effect with InputPolicy.inline(): ' +
      'leave it out, or use InputPolicy.bySize() or alwaysS3()',
  );
  const inputPolicy = InputPolicy.bySize();
  expect(() => anEndpoint(aStack(), { invokerOptions: { trustedHttpHeaders, inputPolicy } })).not.toThrow();
});

test('what CDK compares at synth cannot be a token', () => {
  const stack = aStack();
  const token = new CfnParameter(stack, 'Number', { type: 'Number' }).valueAsNumber;
  const invokerOptions = { retryAttempts: token, maxEventAge: Duration.seconds(token) };
  expect(() => anEndpoint(stack, { invokerOptions })).toThrow(
    /retryAttempts must be known at synth, got a token: [^\n]+\n {2}- invokerOptions: maxEventAge must be known at synth, got a token: /,
  );
});
