import { Annotations, Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { renderedStatements } from '../shared/bound-policy';

/**
 * Lets the alarms of the scope's account publish to a topic, as far as its policy and that of its key can be changed from here.
 *
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
 */
export function letAlarmsPublish(scope: Construct, topic: ITopic): void {
  const principals = [
    new ServicePrincipal('cloudwatch.amazonaws.com', {
      conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(scope).account } },
    }),
  ];
  // The default policy of a topic lets alarms in. Any other one, be it just to enforce TLS, takes its place.
  topic.addToResourcePolicy(new PolicyStatement({ actions: ['sns:Publish'], principals, resources: [topic.topicArn] }));

  const useKey = new PolicyStatement({
    actions: ['kms:Decrypt', 'kms:GenerateDataKey*'],
    principals,
    resources: ['*'],
  });
  if (!topic.masterKey || topic.masterKey.addToResourcePolicy(useKey).statementAdded) return;
  Annotations.of(scope).addWarningV2(
    'cdk-sagemaker-async-inference:alarmTopicKeyPolicy',
    `the policy of ${topic.masterKey.keyId}, the key of alarmTopic, cannot be changed from here, and alarms that may not use it tell nobody. ` +
      "AWS's own key alias/aws/sns never lets them: give the topic a key of yours. Any other key needs this statement: " +
      renderedStatements(scope, [useKey]),
  );
}
