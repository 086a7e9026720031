import { App, Stack } from 'aws-cdk-lib';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { AsyncInferenceMonitoring } from '../../../lib';
import { ENV, anEndpoint } from '../../../tools/showcase/stacks';

test.each([
  [
    'region than the alarms',
    { region: 'us-east-1' },
    'in eu-west-1, and CloudWatch alarms in us-east-1 cannot monitor it',
  ],
  [
    'account than the monitoring',
    { account: '999999999999' },
    'of the account 111122223333, and this monitoring is in 999999999999',
  ],
])('an endpoint of another %s is an error', (_, place, message) => {
  const app = new App();
  const endpoint = anEndpoint(new Stack(app, 'Endpoint', { env: ENV }), { endpointName: 'languages' });
  const stack = new Stack(app, 'Alarms', { env: { ...ENV, ...place } });
  expect(() => new AsyncInferenceMonitoring(stack, 'Monitoring', { endpoints: [endpoint] })).toThrow(
    `endpoints has Endpoint/Endpoint ${message}`,
  );
});

test('an alarm topic of another region than the alarms is an error', () => {
  const stack = new Stack(new App(), 'Stack', { env: ENV });
  const alarmTopic = Topic.fromTopicArn(stack, 'Topic', `arn:aws:sns:us-east-1:${ENV.account}:alarms`);
  const endpoints = [anEndpoint(stack)];
  expect(() => new AsyncInferenceMonitoring(stack, 'Monitoring', { endpoints, alarmTopic })).toThrow(
    'alarmTopic must be in the region of the alarms, eu-west-1, got us-east-1',
  );
});
