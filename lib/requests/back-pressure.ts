import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as events from 'aws-cdk-lib/aws-events';
import { SfnStateMachine } from 'aws-cdk-lib/aws-events-targets';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { CallAwsService } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import type { Construct } from 'constructs';
import type { IAsyncInferenceEndpoint } from '../core/endpoint-interface';
import { AsyncInferenceEndpointMetrics } from '../core/metrics';

export interface BackPressureProps {
  readonly endpoint: IAsyncInferenceEndpoint;
  readonly mapping: lambda.IEventSourceMapping;
  readonly maxBacklog: number;
  readonly maxRequestAge: Duration;
}

/**
 * Switches an event source mapping off while the endpoint has as much work as it may hold, and on again below that. A change of
 * either alarm starts it, and so does the clock: what an event, a failed call or a hand has left wrong is put right by the next
 * run, which goes by how the alarms stand and not by what happened.
 */
export function backPressure(scope: Construct, { endpoint, mapping, maxBacklog, maxRequestAge }: BackPressureProps) {
  const alarm = (id: string, metric: cloudwatch.Metric, threshold: number, alarmDescription: string) =>
    metric.createAlarm(scope, id, {
      alarmDescription,
      threshold,
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: 1,
      // SageMaker publishes neither for an idle endpoint, which is the time to go on.
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
    });
  const often = { statistic: 'max', period: Duration.minutes(1) };
  const backlogAlarm = alarm(
    'BacklogAlarm',
    AsyncInferenceEndpointMetrics.fromEndpoint(endpoint).approximateBacklogSize(often),
    maxBacklog,
    'The endpoint has as many requests as it may hold: its request queue waits',
  );
  const requestAgeAlarm = alarm(
    'RequestAgeAlarm',
    AsyncInferenceEndpointMetrics.fromEndpoint(endpoint).approximateAgeOfOldestRequest(often),
    maxRequestAge.toSeconds(),
    'The endpoint takes too long to get to its requests: its request queue waits',
  );
  const alarms = [backlogAlarm, requestAgeAlarm];

  const valve = new sfn.StateMachine(scope, 'Valve', {
    stateMachineType: sfn.StateMachineType.EXPRESS,
    queryLanguage: sfn.QueryLanguage.JSONATA,
    definitionBody: sfn.DefinitionBody.fromChainable(turning(scope, alarms, mapping)),
  });
  new events.Rule(scope, 'ValveRule', {
    description: 'Turns a request queue off or on as the alarms of its endpoint stand',
    eventPattern: {
      source: ['aws.cloudwatch'],
      detailType: ['CloudWatch Alarm State Change'],
      resources: alarms.map(({ alarmArn }) => alarmArn),
    },
    schedule: events.Schedule.rate(Duration.minutes(10)),
    targets: [new SfnStateMachine(valve)],
  });
  return { backlogAlarm, requestAgeAlarm };
}

/** Reads the alarms and the mapping, and turns the mapping where it is not as the alarms would have it. */
function turning(
  scope: Construct,
  alarms: readonly cloudwatch.Alarm[],
  mapping: lambda.IEventSourceMapping,
): sfn.IChainable {
  const { eventSourceMappingId: Uuid, eventSourceMappingArn } = mapping;
  const tasks = [
    CallAwsService.jsonata(scope, 'ReadAlarms', {
      service: 'cloudwatch',
      action: 'describeAlarms',
      parameters: { AlarmNames: alarms.map(({ alarmName }) => alarmName), StateValue: 'ALARM' },
      outputs: { Enabled: '{% $count($states.result.MetricAlarms) = 0 %}' },
      iamAction: 'cloudwatch:DescribeAlarms',
      iamResources: alarms.map(({ alarmArn }) => alarmArn),
    }),
    CallAwsService.jsonata(scope, 'ReadMapping', {
      service: 'lambda',
      action: 'getEventSourceMapping',
      parameters: { Uuid },
      outputs: {
        Enabled: '{% $states.input.Enabled %}',
        IsEnabled: "{% $states.result.State in ['Enabled', 'Enabling'] %}",
      },
      iamAction: 'lambda:GetEventSourceMapping',
      iamResources: [eventSourceMappingArn],
    }),
    CallAwsService.jsonata(scope, 'TurnMapping', {
      service: 'lambda',
      action: 'updateEventSourceMapping',
      parameters: { Uuid, Enabled: '{% $states.input.Enabled %}' },
      iamAction: 'lambda:UpdateEventSourceMapping',
      iamResources: [eventSourceMappingArn],
    }),
  ] as const;
  // A mapping that is still turning takes no other call.
  tasks.forEach((task) => task.addRetry({ interval: Duration.seconds(10), maxAttempts: 4 }));
  const [readAlarms, readMapping, turnMapping] = tasks;
  return readAlarms
    .next(readMapping)
    .next(
      sfn.Choice.jsonata(scope, 'IsAsItShouldBe')
        .when(
          sfn.Condition.jsonata('{% $states.input.Enabled = $states.input.IsEnabled %}'),
          sfn.Succeed.jsonata(scope, 'Leave'),
        )
        .otherwise(turnMapping),
    );
}
