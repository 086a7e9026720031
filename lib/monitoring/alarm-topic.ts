import { Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { renderStatements } from '../shared/permissions';
import { warn } from '../shared/warnings';

/**
 * Allows the alarms of the account to publish to a topic, as far as its policy and the policy of its key can be modified here.
 *
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
 */
export function allowAlarmsToPublish(scope: Construct, topic: ITopic): void {
  const principals = [
    new ServicePrincipal('cloudwatch.amazonaws.com', {
      conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(scope).account } },
    }),
  ];
  // Any policy replaces the default policy of a topic, which allows alarms.
  topic.addToResourcePolicy(new PolicyStatement({ actions: ['sns:Publish'], principals, resources: [topic.topicArn] }));

  const useKey = new PolicyStatement({
    actions: ['kms:Decrypt', 'kms:GenerateDataKey*'],
    principals,
    resources: ['*'],
  });
  if (!topic.masterKey || topic.masterKey.addToResourcePolicy(useKey).statementAdded) return;
  warn(
    scope,
    'alarmTopicKeyPolicy',
    `the policy of ${topic.masterKey.keyId}, the key of alarmTopic, cannot be modified here, and alarms cannot publish without it. ` +
      'The AWS managed key alias/aws/sns does not allow CloudWatch: use your own key. Any other key needs this statement: ' +
      renderStatements(scope, [useKey]),
  );
}
