import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as events from 'aws-cdk-lib/aws-events';
import { SfnStateMachine } from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { CallAwsService } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import type { Construct } from 'constructs';
import type { IAsyncInferenceEndpoint } from '../core/endpoint-interface';
import { AsyncInferenceEndpointMetrics } from '../core/metrics';
import { dataQueries } from '../shared/metric-queries';
import { attachPermissions } from '../shared/permissions';
import type { BackPressurePolicy } from './back-pressure-policy';
import { METRIC_AGE_MINUTES, wantedState } from './back-pressure-policy';

export interface BackPressureProps {
  readonly endpoint: IAsyncInferenceEndpoint;
  readonly mapping: lambda.IEventSourceMapping;
  readonly policy: BackPressurePolicy;
}

/** A run ends before an Express workflow has to, and overlaps with few others. */
const LONGEST_RUN = Duration.minutes(4);

/** A change of an event source mapping takes about so long. */
const SWITCH_SECONDS = 10;

/**
 * Keeps an event source mapping as the endpoint needs it: enabled or disabled, and with as many invocations at a time as suit the
 * instances in service. A workflow does this each minute. It reads the endpoint and its metrics right before it changes the mapping,
 * and reads them again if the change fails, so that it never acts on what it has read earlier. Returns the alarm of the workflow.
 */
export function backPressure(scope: Construct, { endpoint, mapping, policy }: BackPressureProps): cloudwatch.Alarm {
  const role = new iam.Role(scope, 'BackPressureRole', { assumedBy: new iam.ServicePrincipal('states.amazonaws.com') });
  const stateMachine = new sfn.StateMachine(scope, 'BackPressure', {
    comment: 'Enables, disables and paces the event source mapping of a request queue',
    stateMachineType: sfn.StateMachineType.EXPRESS,
    queryLanguage: sfn.QueryLanguage.JSONATA,
    timeout: LONGEST_RUN,
    role: role.withoutPolicyUpdates(),
    definitionBody: sfn.DefinitionBody.fromChainable(workflow(scope, { endpoint, mapping, policy })),
  });
  stateMachine.node.addDependency(
    // The endpoint's name is a literal, which orders nothing, and a mapping that does not change passes no order on.
    endpoint,
    ...attachPermissions(scope, 'BackPressurePermissions', role, [
      new iam.PolicyStatement({
        sid: 'ReadEndpoint',
        actions: ['sagemaker:DescribeEndpoint'],
        resources: [endpoint.endpointArn],
      }),
      // GetMetricData does not support resource-level permissions.
      new iam.PolicyStatement({ sid: 'ReadMetrics', actions: ['cloudwatch:GetMetricData'], resources: ['*'] }),
      new iam.PolicyStatement({
        sid: 'ChangeMapping',
        actions: ['lambda:GetEventSourceMapping', 'lambda:UpdateEventSourceMapping'],
        resources: [mapping.eventSourceMappingArn],
      }),
    ]),
  );
  const ruleRole = new iam.Role(scope, 'BackPressureRuleRole', {
    assumedBy: new iam.ServicePrincipal('events.amazonaws.com'),
  });
  const rule = new events.Rule(scope, 'BackPressureRule', {
    description: `Runs the back-pressure of a request queue of ${endpoint.endpointName} each minute`,
    schedule: events.Schedule.rate(Duration.minutes(1)),
    targets: [new SfnStateMachine(stateMachine, { role: ruleRole.withoutPolicyUpdates(), retryAttempts: 0 })],
  });
  rule.node.addDependency(
    ...attachPermissions(scope, 'BackPressureRulePermissions', ruleRole, [
      new iam.PolicyStatement({
        sid: 'StartWorkflow',
        actions: ['states:StartExecution'],
        resources: [stateMachine.stateMachineArn],
      }),
    ]),
  );
  return new cloudwatch.MathExpression({
    expression: 'FILL(failed, 0) + FILL(timedOut, 0)',
    usingMetrics: {
      failed: stateMachine.metricFailed({ period: Duration.minutes(1) }),
      timedOut: stateMachine.metricTimedOut({ period: Duration.minutes(1) }),
    },
    period: Duration.minutes(1),
  }).createAlarm(scope, 'BackPressureAlarm', {
    alarmDescription:
      `The back-pressure of a request queue of ${endpoint.endpointName} fails, so the queue may stay disabled, or requests may expire. ` +
      'Check first: run its state machine once with StartSyncExecution, which returns the error.',
    threshold: 1,
    comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    evaluationPeriods: 15,
    datapointsToAlarm: 10,
    treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
  });
}

/** Reads the endpoint, its metrics and the mapping, changes the mapping if necessary, and starts again until nothing is left to do. */
function workflow(scope: Construct, { endpoint, mapping, policy }: BackPressureProps): sfn.IChainable {
  const { eventSourceMappingId: Uuid, eventSourceMappingArn } = mapping;
  const metrics = AsyncInferenceEndpointMetrics.fromEndpoint(endpoint);
  // The permissions are those of the role, which an update does not change in place.
  const call = (
    id: string,
    service: string,
    action: string,
    parameters: Record<string, unknown>,
    outputs?: string,
  ): CallAwsService =>
    CallAwsService.jsonata(scope, id, {
      service,
      action,
      parameters,
      ...(outputs !== undefined && { outputs: `{% ${outputs} %}` }),
      iamResources: [eventSourceMappingArn],
    });
  const readEndpoint = call(
    'ReadEndpoint',
    'sagemaker',
    'describeEndpoint',
    { EndpointName: endpoint.endpointName },
    "{ 'Instances': $states.result.ProductionVariants[0].CurrentInstanceCount, 'DesiredInstances': $states.result.ProductionVariants[0].DesiredInstanceCount }",
  );
  const readMetrics = call(
    'ReadMetrics',
    'cloudwatch',
    'getMetricData',
    {
      StartTime: `{% $fromMillis($millis() - ${METRIC_AGE_MINUTES * 60_000}) %}`,
      EndTime: '{% $now() %}',
      ScanBy: 'TimestampDescending',
      MetricDataQueries: dataQueries({
        backlog: metrics.approximateBacklogSize(),
        age: metrics.approximateAgeOfOldestRequest(),
        unserved: metrics.hasBacklogWithoutCapacity(),
      }),
    },
    // A member without a value is absent.
    "$merge([$states.input, { 'Backlog': $states.result.MetricDataResults[Id = 'backlog'].Values[0], " +
      "'Age': $states.result.MetricDataResults[Id = 'age'].Values[0], " +
      "'Unserved': $states.result.MetricDataResults[Id = 'unserved'].Values[0] }])",
  );
  const decide = sfn.Pass.jsonata(scope, 'Decide', { outputs: `{% ${wantedState(policy)} %}` });
  const readMapping = call(
    'ReadMapping',
    'lambda',
    'getEventSourceMapping',
    { Uuid },
    "$merge([$states.input, { 'State': $states.result.State, 'MaximumConcurrency': $states.result.ScalingConfig.MaximumConcurrency }])",
  );
  const changeMapping = call(
    'ChangeMapping',
    'lambda',
    'updateEventSourceMapping',
    {
      Uuid,
      Enabled: '{% $states.input.Enabled %}',
      ScalingConfig: { MaximumConcurrency: '{% $states.input.Concurrency %}' },
    },
    '{}',
  );
  const wait = sfn.Wait.jsonata(scope, 'Wait', { time: sfn.WaitTime.duration(Duration.seconds(SWITCH_SECONDS)) });

  for (const task of [readEndpoint, readMetrics, readMapping]) {
    task.addRetry({ interval: Duration.seconds(2), maxAttempts: 3 });
  }
  // An endpoint that cannot be read gets no message.
  readEndpoint.addCatch(sfn.Pass.jsonata(scope, 'WithoutEndpoint', { outputs: {} }).next(readMetrics), { outputs: {} });
  // A mapping that is changing accepts no other change.
  changeMapping.addCatch(wait, { outputs: {} });
  const asWanted =
    "$states.input.State = ($states.input.Enabled ? 'Enabled' : 'Disabled') and $states.input.MaximumConcurrency = $states.input.Concurrency";
  readEndpoint
    .next(readMetrics)
    .next(decide)
    .next(readMapping)
    .next(
      sfn.Choice.jsonata(scope, 'IsAsWanted')
        .when(sfn.Condition.jsonata(`{% ${asWanted} %}`), sfn.Succeed.jsonata(scope, 'Leave'))
        .when(
          sfn.Condition.jsonata("{% $states.input.State in ['Enabled', 'Disabled'] %}"),
          changeMapping.next(wait.next(readEndpoint)),
        )
        .otherwise(wait),
    );
  return readEndpoint;
}
