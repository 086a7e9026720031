import { App, Stack } from 'aws-cdk-lib';
import { AsyncInferenceMonitoring } from '../../../lib';
import { ENV, anEndpoint } from '../../../tools/showcase/stacks';

test('an endpoint of another region than the alarms is an error', () => {
  const app = new App();
  const endpoint = anEndpoint(new Stack(app, 'Endpoint', { env: ENV }), { endpointName: 'languages' });
  const stack = new Stack(app, 'Alarms', { env: { ...ENV, region: 'us-east-1' } });
  expect(() => new AsyncInferenceMonitoring(stack, 'Monitoring', { endpoints: [endpoint] })).toThrow(
    'endpoints has Endpoint/Endpoint in eu-west-1, and CloudWatch alarms in us-east-1 cannot monitor it',
  );
});
