/**
 * Everything about AWS that this library relies on or writes about, and that no published source of AWS confirms. docs/verification.md
 * is generated from this list, and the local run has a switch for each entry with `localRun`. A test compares the list with the marks
 * "(unconfirmed)" of the pages.
 */
export interface Unconfirmed {
  readonly area: Area;
  /** How AWS is believed to behave. */
  readonly claim: string;
  /** How an AWS account would show whether the claim is true. */
  readonly check: string;
  /** What the code and the pages assume. */
  readonly assumption: string;
  /** What breaks if the claim or the assumption is wrong. */
  readonly ifWrong: string;
  /** Whether a deployment fails, or requests or results are lost, if the claim is wrong. The page names these first. */
  readonly isSevere?: true;
  /**
   * The default of the switch of the local run, by which it behaves like the claim. The ID says what `true` means. Absent if the
   * local run does not emulate this.
   */
  readonly localRun?: boolean;
  /** Where a page or a docstring marks this: its file, and words of the marked paragraph. */
  readonly marks?: readonly (readonly [file: string, words: string])[];
}

export const AREAS = [
  'Requests',
  'Results and file names',
  'Notifications',
  'Scaling and metrics',
  'Deployments and updates',
  'Permissions and encryption',
  'Request queue',
  'Step Functions',
  'Models and containers',
  'Images and regions',
  'Prices',
] as const;
export type Area = (typeof AREAS)[number];

export const EITHER_WAY = 'Nothing. Tests run with both behaviors.';

export const UNCONFIRMED = {
  describesErrors: {
    area: 'Requests',
    claim: 'Error messages of SageMaker describe the problem. The texts are not published.',
    check: 'Send a payload of 128,001 bytes, both inputs, and no input. Read the messages.',
    assumption: 'Nothing. Code matches the name and the status of an error, never its text.',
    ifWrong: 'Nothing breaks. Logs are less helpful.',
    localRun: true,
  },
  validatesInput: {
    area: 'Requests',
    claim: 'A request without any input ends with `ValidationError`.',
    check: 'Call `InvokeEndpointAsync` without `Body` and `InputLocation`.',
    assumption: EITHER_WAY,
    ifWrong: 'Nothing breaks. The invoker rejects such a request before the call.',
    localRun: true,
  },
  validatesEndpointName: {
    area: 'Requests',
    claim: 'A request to an unknown endpoint ends with `ValidationError` and status 400, not with 404.',
    check: 'Call `InvokeEndpointAsync` with an endpoint name that does not exist.',
    assumption: EITHER_WAY,
    ifWrong: 'Nothing breaks. The troubleshooting text names another error.',
    localRun: true,
    marks: [['docs/monitoring.md', 'A status 400 can mean that the endpoint does not exist']],
  },
  ignoresEmptyBody: {
    area: 'Requests',
    claim: 'A body of zero bytes counts as a missing body.',
    check: 'Send an empty `Body`.',
    assumption: 'The invoker rejects an empty payload, so that the result does not depend on it.',
    ifWrong: 'Nothing breaks. A model that accepts an empty payload cannot receive one through the invoker.',
    localRun: true,
  },
  processesRepeatedIds: {
    area: 'Requests',
    claim: 'A second request with the same `InferenceId` is processed again. SageMaker does not treat it as a retry.',
    check: 'Send two requests with one `InferenceId` and count the invocations in the log of the container.',
    assumption: EITHER_WAY,
    ifWrong:
      'A repeated request costs no second inference. Consumers that deduplicate by `InferenceId` are right either way.',
    localRun: true,
  },
  servesInOrder: {
    area: 'Requests',
    claim: 'An endpoint with one instance and a concurrency of 1 serves requests in the order of arrival.',
    check: 'Send 100 numbered requests and read the log of the container.',
    assumption: EITHER_WAY,
    ifWrong: 'Nothing breaks. No part of this library promises an order of results.',
    localRun: true,
  },
  respondsBeforeNotifying: {
    area: 'Requests',
    claim: 'The 202 response arrives before the notification of the same request.',
    check: 'Send many small requests to a fast model and compare the times of responses and notifications.',
    assumption: EITHER_WAY,
    ifWrong: 'Nothing breaks. A callback stores its task before it sends the request.',
    localRun: true,
  },
  requestRate: {
    area: 'Requests',
    claim: 'There is no public limit on the rate of `InvokeEndpointAsync`.',
    check: 'Raise the rate until requests are throttled. Compare with Service Quotas.',
    assumption: 'Throttled requests are retried, and throttled messages stay in their queue.',
    ifWrong: 'A high rate is reached later than the table of limits says.',
    marks: [['docs/scale.md', 'rate of `InvokeEndpointAsync`']],
  },

  acceptsUnreadableInputs: {
    area: 'Requests',
    claim: 'A request with an `InputLocation` that the endpoint cannot read is accepted, and fails later.',
    check: 'Send an `InputLocation` in a bucket that the execution role cannot read.',
    assumption: 'It is accepted. `RequestDownloadFailures` counts it.',
    ifWrong: 'The caller gets an error at once, which is better.',
  },

  returnsFailureLocation: {
    area: 'Results and file names',
    claim:
      'The 202 response includes `FailureLocation` if the endpoint has a failure path. Seen in client code, not documented.',
    check: 'Send a request and read the headers of the response.',
    assumption: EITHER_WAY,
    ifWrong: 'Code that waits in S3 does not see failures and ends by its timeout. Notifications still report them.',
    localRun: true,
  },
  namesResultsByUuid: {
    area: 'Results and file names',
    claim:
      'The name of a result is a new UUID. The documentation says that it is the inference ID, and samples contradict it.',
    check: 'Send a request with an `InferenceId` and compare it with `OutputLocation`.',
    assumption: 'Nothing. Code never computes a location, but uses the one in the response or in the notification.',
    ifWrong: 'Nothing breaks.',
    localRun: true,
  },
  suffixesFailureNames: {
    area: 'Results and file names',
    claim: 'The name of a failure ends in `-error.out`, not in `.out`.',
    check: 'Send a payload that the model rejects and list the failure prefix.',
    assumption: EITHER_WAY,
    ifWrong: 'Nothing breaks.',
    localRun: true,
  },
  suffixesFilename: {
    area: 'Results and file names',
    claim: 'SageMaker uses `Filename` as it is, and appends no `.out`.',
    check: 'Send a request with a `Filename` and read `OutputLocation`.',
    assumption: EITHER_WAY,
    ifWrong: 'Nothing breaks, because code uses the location in the response.',
    localRun: false,
  },
  overwritesSameFilename: {
    area: 'Results and file names',
    claim: 'A second request with the same `Filename` overwrites the first result.',
    check: 'Send two requests with one `Filename` and different payloads. List the output prefix.',
    assumption: 'It may happen, so SQS messages get file names of their own.',
    ifWrong: 'A message that SQS delivers twice leaves two results instead of one.',
    localRun: true,
    marks: [
      ['docs/invoker.md', 'a repeat is expected to overwrite'],
      ['docs/invoker.md', 'is expected to overwrite the result of another'],
    ],
  },
  namesFailuresByFilename: {
    area: 'Results and file names',
    claim: '`Filename` is not the name of a failure.',
    check: 'Send a payload that the model rejects, with a `Filename`. List the failure prefix.',
    assumption: EITHER_WAY,
    ifWrong: 'Nothing breaks.',
    localRun: false,
  },
  extendsFailurePath: {
    area: 'Results and file names',
    claim: '`S3OutputPathExtension` does not extend the failure path.',
    check: 'The same, with an `S3OutputPathExtension`.',
    assumption: EITHER_WAY,
    ifWrong: 'Nothing breaks. The permissions cover everything under both prefixes.',
    localRun: false,
  },

  notifiesInlineInputLocation: {
    area: 'Notifications',
    claim: 'The notification of an inline request has no `inputLocation`.',
    check: 'Send an inline request and read its notification.',
    assumption: 'The member is optional. Nothing reads it.',
    ifWrong: 'Nothing breaks.',
    localRun: false,
  },
  repeatsParametersOfFailures: {
    area: 'Notifications',
    claim: 'The notification of a failure repeats `accept`, `contentType` and `customAttributes`.',
    check: 'Send a payload that the model rejects, with these members. Read the notification.',
    assumption: 'The members are optional.',
    ifWrong: 'A consumer that correlates failures by `customAttributes` finds none. Correlate by `inferenceId`.',
    localRun: true,
  },
  usesExpiredStatus: {
    area: 'Notifications',
    claim:
      'The status of a request that exceeded its TTL is `Expired`, not `Failed`. One project was seen to handle it.',
    check: 'Send a request with a TTL of 60 seconds to an endpoint without instances.',
    assumption: 'Every status but `Completed` is a failure.',
    ifWrong: 'A waiting task ends with `InferenceFailed` instead of `InferenceExpired`. Catch both.',
    localRun: true,
    marks: [
      ['docs/results.md', 'or `Expired` for a request that waited too long'],
      ['docs/results.md', 'If SageMaker reports an expired request as `Failed`'],
    ],
  },
  keepsMemberOrder: {
    area: 'Notifications',
    claim: 'The members of a notification have the order of the published samples.',
    check: 'Read a notification.',
    assumption: 'Nothing. Notifications are parsed as JSON.',
    ifWrong: 'Nothing breaks.',
    localRun: true,
  },
  deliversOnce: {
    area: 'Notifications',
    claim: 'SNS delivers a notification once, most of the time. Its documentation allows repeats.',
    check: 'Count the deliveries of a million notifications.',
    assumption: 'Repeats happen. Consumers of this library tolerate them.',
    ifWrong: 'Nothing breaks.',
    localRun: true,
  },
  filtersBodies: {
    area: 'Notifications',
    claim: 'A filter policy on the message body matches the notifications of SageMaker.',
    check:
      'Deploy an endpoint with a result queue. Update the endpoint and look for a `TestNotification` in the queue.',
    assumption: 'The filter drops `TestNotification`. Consumers of this library ignore one that arrives anyway.',
    ifWrong: 'Queues and functions receive a `TestNotification` at each deployment and each change of capacity.',
  },
  runsPipe: {
    area: 'Notifications',
    claim:
      'The pipe of `AsyncInferenceResultEvents` sends each notification as one event, in the form that its rules match.',
    check: 'Deploy it with a rule and a log group as the target. Send a request.',
    assumption: 'It does. The pipe is synthesized and its permissions are tested, but no test runs it.',
    ifWrong: 'Rules do not match. Use a result queue.',
    isSevere: true,
  },
  rejectsFifoTopics: {
    area: 'Notifications',
    claim: 'FIFO topics do not work, because SageMaker sends no message group ID.',
    check: 'Create an endpoint with a FIFO topic by the AWS CLI.',
    assumption: 'A FIFO topic is an error at synth.',
    ifWrong: 'The error is too strict.',
  },

  coldStart: {
    area: 'Scaling and metrics',
    claim: 'A request that finds no instance in service waits 5 to 13 minutes for its result (estimate).',
    check: 'Send a request to an idle endpoint and measure the time until its result.',
    assumption: 'Alarms and messages use this range.',
    ifWrong: '`NoCapacity` enters ALARM too early or too late. Set `maxTimeWithoutCapacity`.',
  },
  wakesByMetricMath: {
    area: 'Scaling and metrics',
    claim: 'A step policy works with an alarm on a sum of metrics, and sets an exact capacity from zero.',
    check: 'Send 20 requests to an idle endpoint with `maxCapacity: 4`. Read the scaling activities.',
    assumption: 'It does. Otherwise, target tracking starts the first instance.',
    ifWrong: 'A burst from zero is served minutes later.',
    marks: [
      ['docs/scale.md', 'Whether a step policy works with a sum of metrics'],
      ['lib/scaling/scaling.ts', 'Whether a step policy works with a sum of metrics'],
    ],
  },
  tracksInMinutes: {
    area: 'Scaling and metrics',
    claim: 'Target tracking adds instances after 3 minutes, and removes them after 15 minutes and the cooldown.',
    check: 'Read the alarms that Application Auto Scaling creates, and the scaling activities.',
    assumption: 'The simulation and the costs use these times.',
    ifWrong: 'An idle instance stays for a shorter or longer time, and costs accordingly.',
    marks: [
      ['docs/scale.md', 'Demand per instance is above'],
      ['docs/scale.md', 'Demand per instance is below it'],
      ['docs/troubleshooting.md', 'Target tracking removes instances about 15 minutes'],
    ],
  },
  publishesWithoutInstances: {
    area: 'Scaling and metrics',
    claim: 'SageMaker publishes backlog metrics while no instance is in service.',
    check: 'Send requests to an idle endpoint and list its metrics.',
    assumption: 'Nothing. Missing values are handled.',
    ifWrong: 'The queue uses its behavior for missing metrics.',
    marks: [['docs/scale.md', 'Metrics without instances']],
  },
  countsByCpuSamples: {
    area: 'Scaling and metrics',
    claim: 'An instance that starts does not count in `CPUUtilization` until it publishes metrics.',
    check: 'Compare the number of samples with `DescribeEndpoint` during a start.',
    assumption: 'The graph of instances shows instances in service.',
    ifWrong: 'The graph rises earlier.',
    marks: [['docs/monitoring.md', 'An instance that starts does not count']],
  },
  publishesModelMetrics: {
    area: 'Scaling and metrics',
    claim: '`metricsConfig` has an effect on asynchronous endpoints. AWS documents it for real-time endpoints.',
    check: 'Deploy an endpoint with it and list its metrics.',
    assumption: 'Nothing. The prop is passed on.',
    ifWrong: 'The prop has no effect, or the deployment is refused. Leave it out.',
    isSevere: true,
    marks: [['lib/endpoint/endpoint-props.ts', 'AWS documents this for real-time endpoints']],
  },
  dropsFilteredMetrics: {
    area: 'Scaling and metrics',
    claim: 'Lambda drops the metrics in the lines of the invoker that `applicationLogLevel` filters out.',
    check: 'Set `applicationLogLevel` to `WARN`, send requests, and read the metric `Invocations`.',
    assumption: 'It does, as the page on the invoker says.',
    ifWrong: 'The metrics remain, which is better.',
    marks: [['docs/invoker.md', 'With `applicationLogLevel`, Lambda keeps only']],
  },
  queriesLogs: {
    area: 'Scaling and metrics',
    claim: 'The queries for CloudWatch Logs Insights on the page on the invoker find what they say.',
    check: 'Send requests and run the queries.',
    assumption: 'They do. Their syntax was not run.',
    ifWrong: 'A query needs a correction. The lines of the log are tested.',
    marks: [['docs/invoker.md', 'Queries for CloudWatch Logs Insights']],
  },
  showsDashboard: {
    area: 'Scaling and metrics',
    claim: 'Graphs, links and alarm states of the dashboard look in the console as the page on monitoring says.',
    check: 'Deploy `AsyncInferenceMonitoring`, send requests, and open the dashboard.',
    assumption: 'Metrics, dimensions and statistics are those that AWS documents.',
    ifWrong: 'A graph is empty or a link leads nowhere. Alarms do not depend on it.',
  },
  drainsOnScaleIn: {
    area: 'Scaling and metrics',
    claim: 'SageMaker may stop an instance that still processes a request. AWS does not document that it waits.',
    check: 'Scale in while requests of 30 minutes are processed. Compare with results and failures.',
    assumption:
      'It may happen. Scale-in is slow by default, and a request queue does not protect a request that is in progress.',
    ifWrong: 'If SageMaker waits, `scaleInCooldown` can be shorter.',
  },

  leastPrivilegeSuffices: {
    area: 'Deployments and updates',
    claim: 'The permissions of the execution role suffice to create, update and scale an endpoint.',
    check: 'Deploy the quickstart, with and without keys, VPC and rollback alarms.',
    assumption: 'They follow the prerequisites that AWS documents, and are ready before the endpoint is created.',
    ifWrong:
      'A deployment fails with `The provided role … is invalid`, or with a missing action. Add a statement to `executionRole`.',
    isSevere: true,
  },
  replacesAsSpecified: {
    area: 'Deployments and updates',
    claim:
      'CloudFormation creates, updates and deletes in the order that the update simulator computes from the resource specification.',
    check: 'Deploy the changes of the page on updates and compare the events.',
    assumption: 'It does.',
    ifWrong: 'An update may lose a permission for a moment, or fail and roll back.',
    isSevere: true,
  },
  reportsRollbacks: {
    area: 'Deployments and updates',
    claim: 'If SageMaker rolls an endpoint back to its former configuration, CloudFormation reports a failed update.',
    check: 'Deploy a broken image with a rollback alarm.',
    assumption: 'It does. Terraform was seen to report success.',
    ifWrong: 'A deployment is green and the old model is in service. Compare `DescribeEndpoint` with the template.',
    isSevere: true,
  },
  updatesAtZero: {
    area: 'Deployments and updates',
    claim: 'An endpoint without instances can be updated. The update starts `initialInstanceCount` instances.',
    check: 'Deploy another image while the endpoint is at zero.',
    assumption: 'It can.',
    ifWrong:
      'The update fails, with `retainAllVariantProperties` perhaps alone. Send a request before it, or set `minCapacity` to 1.',
    isSevere: true,
    marks: [['docs/updates.md', 'without instances can be updated']],
  },
  retainsOnUpdateOnly: {
    area: 'Deployments and updates',
    claim: '`RetainAllVariantProperties` has no effect when an endpoint is created.',
    check: 'Create an endpoint with the property.',
    assumption: 'Unknown, so it is off by default.',
    ifWrong: 'If it has no effect, it can be on from the first deployment.',
  },
  keepsMappingState: {
    area: 'Deployments and updates',
    claim: 'An update of a stack does not enable or disable an event source mapping whose template does not say it.',
    check: 'Disable the mapping, change `batchSize`, deploy, and read its state.',
    assumption: 'It does not.',
    ifWrong:
      'A deployment enables the queue until the workflow runs again, for up to a minute. A queue that you hold stays enabled.',
    marks: [
      ['docs/scale.md', 'An update of the stack does not change whether the mapping is enabled'],
      ['docs/adr/0003-back-pressure-as-a-control-loop.md', 'an update of the stack does not change it'],
    ],
  },
  usesGivenLogGroup: {
    area: 'Deployments and updates',
    claim: 'SageMaker writes to a log group that exists already, and keeps its retention.',
    check: 'Deploy the quickstart and describe the log group after the first request.',
    assumption: 'It does.',
    ifWrong: 'Logs have no retention, or the creation of the log group fails.',
    isSevere: true,
  },

  deniesByFunctionArn: {
    area: 'Permissions and encryption',
    claim:
      'The condition on `lambda:SourceFunctionArn` denies the network permissions to the code of a function, and not to Lambda.',
    check: 'Deploy an invoker in a VPC. Call `ec2:DescribeSubnets` from a function with the same role.',
    assumption: 'It does.',
    ifWrong: 'The function cannot be created in a VPC, or its code may describe subnets.',
    isSevere: true,
    marks: [['docs/invoker.md', 'A condition denies them to the code of the function']],
  },
  evaluatesTaskArns: {
    area: 'Permissions and encryption',
    claim: 'IAM evaluates the ARN of the state machine for `states:SendTaskSuccess` and `states:SendTaskFailure`.',
    check: 'Complete a task with a role that names another state machine.',
    assumption: 'The permission names the state machine, as CDK does.',
    ifWrong: 'The permission is wider than it looks, or tasks of a Distributed Map cannot be completed.',
    marks: [['docs/results.md', 'Whether IAM evaluates the ARN for these actions']],
  },
  needsPutMetricData: {
    area: 'Permissions and encryption',
    claim: 'An asynchronous endpoint uses `cloudwatch:PutMetricData` of its role.',
    check: 'Remove the statement and compare the metrics.',
    assumption: 'It may, so the role has it for two namespaces.',
    ifWrong: 'One statement is unnecessary.',
  },
  publishesUnderManagedKey: {
    area: 'Permissions and encryption',
    claim: 'The execution role may publish to topics that `alias/aws/sns` encrypts.',
    check: 'Deploy the quickstart. The creation of the endpoint publishes a `TestNotification`.',
    assumption: 'It may, because it is a role of the same account.',
    ifWrong: 'The creation fails. Use `outputEncryptionKey`, or topics of your own.',
    isSevere: true,
  },
  scopesNetworkActions: {
    area: 'Permissions and encryption',
    claim: 'SageMaker passes `ec2:Subnet` where it manages network interfaces.',
    check: 'Deploy an endpoint in a VPC and delete it.',
    assumption: 'It does, or it leaves the key out, which the condition allows.',
    ifWrong: 'The creation of the endpoint fails with a denied EC2 action.',
    isSevere: true,
  },
  uploadsOutsideVpc: {
    area: 'Permissions and encryption',
    claim:
      'SageMaker reads inputs, writes results and publishes notifications from outside of the VPC of the container.',
    check: 'Deploy an endpoint in isolated subnets without any endpoint for S3 and SNS. Send an inline request.',
    assumption: 'It does. The page on networking names no route for results and notifications.',
    ifWrong: 'Results are not written. Add a gateway endpoint for S3 and an interface endpoint for SNS.',
    isSevere: true,
    marks: [
      ['docs/networking.md', 'The queue of SageMaker, the upload of results'],
      ['docs/networking.md', 'if it writes results from outside of your VPC'],
    ],
  },
  takesVolumeKeyOnNvme: {
    area: 'Permissions and encryption',
    claim: 'A volume key is accepted for instance types with local NVMe storage, and does not encrypt that storage.',
    check: 'Create an endpoint configuration with `ml.g5.xlarge` and a key.',
    assumption: 'It is accepted. A warning says that it does not cover NVMe.',
    ifWrong: 'The deployment fails. Leave `volumeEncryptionKey` out.',
    isSevere: true,
  },
  describesAlarmsByArn: {
    area: 'Permissions and encryption',
    claim:
      '`cloudwatch:DescribeAlarms` of the role may name single alarms. Field reports show that IAM asks for `alarm:*`.',
    check: 'Deploy an endpoint with a rollback alarm, then update it.',
    assumption: 'Single alarms suffice.',
    ifWrong: 'An update fails or does not watch its alarms. Add the wider statement to `executionRole`.',
    isSevere: true,
  },

  knowsMessageSource: {
    area: 'Request queue',
    claim: 'SQS does not know where a message came from that a function sent to the dead-letter queue.',
    check: 'Redrive such a message without a destination.',
    assumption: 'The documented command names the destination.',
    ifWrong: 'The destination is unnecessary.',
    marks: [['docs/scale.md', 'so SQS may not know where they came from']],
  },
  changesMappingInTime: {
    area: 'Request queue',
    claim: 'Lambda disables an event source mapping within two minutes.',
    check: 'Disable a mapping under load and read the times of the last batches.',
    assumption: 'The limits of a queue allow for 720 seconds in all (estimate).',
    ifWrong: 'Requests may expire at the endpoint. The alarms `RequestAge` and `ExpiredRequests` show it.',
    isSevere: true,
  },

  writesFailedItems: {
    area: 'Step Functions',
    claim: 'The file `FAILED_*.json` of a Distributed Map has the input of each failed item as JSON text.',
    check: 'Run `examples/batch` with a line that the model rejects.',
    assumption: 'The documented command reads it so.',
    ifWrong: 'The `jq` command needs another path.',
    marks: [['docs/results.md', 'To send only the failed lines again']],
  },
  runsDistributedMap: {
    area: 'Step Functions',
    claim: 'The Distributed Map of `examples/batch` runs millions of lines, and continues after a redrive.',
    check: 'Run it with 10,000 lines, stop it, and redrive the execution.',
    assumption: 'It does. The definition is validated, but no test runs it.',
    ifWrong: 'Use `examples/batch-queue`.',
    isSevere: true,
  },
  chargesTransitions: {
    area: 'Step Functions',
    claim: 'A workflow with one waiting task is charged for the task and for its start.',
    check: 'Run 10,000 executions and read the bill.',
    assumption: 'One or two transitions per request.',
    ifWrong: 'A million waiting requests cost $25 less or more.',
    marks: [['docs/scale.md', 'state transitions']],
  },

  mountsModelReadOnly: {
    area: 'Models and containers',
    claim: 'The folder `/opt/ml/model` may be read-only.',
    check: 'Write a file there at the start of a container.',
    assumption: 'It may be, so containers write to `/tmp`.',
    ifWrong: 'Nothing breaks.',
    marks: [['docs/models.md', 'Write to `/tmp`, because that folder may be read-only']],
  },
  repeatsInterruptedRequests: {
    area: 'Models and containers',
    claim: 'A request that ends with its instance may be repeated by SageMaker, or not.',
    check: 'Update an endpoint while a request of 10 minutes is processed. Look for a second invocation or a failure.',
    assumption: 'Neither. Results must be idempotent, and work that must not be lost needs a queue or a replay.',
    ifWrong: 'A request is processed twice, or is lost without a failure.',
    marks: [['docs/models.md', 'AWS does not document whether it is then repeated']],
  },
  limitsResultSize: {
    area: 'Models and containers',
    claim: 'There is no documented limit on the size of a result.',
    check: 'Let a container respond with 1 GB, and with more.',
    assumption: 'None is documented.',
    ifWrong: 'A large result fails. Let the container write it to S3 itself.',
    isSevere: true,
    marks: [['docs/models.md', 'No limit is documented for asynchronous inference']],
  },
  scrapesMetrics: {
    area: 'Models and containers',
    claim: 'SageMaker reads `/metrics` of the containers of asynchronous endpoints, and a 404 has no effect.',
    check: 'Deploy a container that logs its requests, with and without the route.',
    assumption: 'A container needs no such route.',
    ifWrong: 'Metrics of the container are missing, or its log has lines with 404.',
    marks: [['docs/models.md', 'Whether this applies to asynchronous endpoints is']],
  },
  timesOutInServers: {
    area: 'Models and containers',
    claim: 'The default timeouts of model servers in current images are those of their documentation. vLLM has none.',
    check: 'Send a request that takes longer than the default.',
    assumption: 'Users set the variables for longer requests.',
    ifWrong: 'A long request fails earlier or later than the table says.',
    marks: [
      ['docs/models.md', '`TS_DEFAULT_RESPONSE_TIMEOUT`, `SAGEMAKER_TS_RESPONSE_TIMEOUT`, in seconds'],
      ['docs/models.md', '`MMS_DEFAULT_RESPONSE_TIMEOUT`, in seconds'],
      ['docs/models.md', '`SAGEMAKER_MODEL_SERVER_TIMEOUT`, in seconds'],
      ['docs/models.md', 'vLLM, for each request'],
      ['examples/llm/README.md', 'vLLM itself has no timeout for a request'],
    ],
  },
  ignoresVolumeSizeOnNvme: {
    area: 'Models and containers',
    claim: 'Instance types with local NVMe storage use it for the model, and `volumeSize` has no effect.',
    check: 'Run `df` at the start of a container on `ml.g5.xlarge`, with and without `volumeSize`.',
    assumption: 'A warning recommends to leave it out.',
    ifWrong: 'A large model may need `volumeSize`. Acknowledge the warning.',
    marks: [['docs/models.md', 'use it for the model instead, so leave `volumeSize` out there']],
  },
  givesCredentialsToContainers: {
    area: 'Models and containers',
    claim: 'A container gets the credentials of the execution role from the environment that AWS SDKs read.',
    check: 'Call `sts:GetCallerIdentity` at the start of a container.',
    assumption: 'It does. `examples/llm` reads a secret with them.',
    ifWrong: 'The container cannot read the secret. Put the model into S3.',
    isSevere: true,
    marks: [['examples/llm/README.md', 'That a container gets these credentials is common use']],
  },

  acceptsInlineElsewhere: {
    area: 'Images and regions',
    claim: 'Inline payloads work in the 31 announced regions. It is not known whether they work in others today.',
    check: 'Send an inline request in me-central-1.',
    assumption: 'A warning in regions that are not on the list, never an error.',
    ifWrong: 'A request in another region fails, or the warning is unnecessary.',
  },
  hasTagInRegion: {
    area: 'Images and regions',
    claim: 'A tag of an AWS Deep Learning Container is in every region in which its repository is.',
    check: 'Pull the tag in the region.',
    assumption: 'The tag is the choice of the user.',
    ifWrong: 'The endpoint cannot pull its image, and its creation fails.',
    isSevere: true,
  },

  loadsUnderFullCpu: {
    area: 'Models and containers',
    claim: 'Lambda gives a function of less than 1,769 MB more CPU while it loads than its share.',
    check: 'Compare `initDuration` of the invoker at 128 MB and at 1,769 MB.',
    assumption: 'The figures of cold starts assume the share.',
    ifWrong: 'Cold starts are faster than the page on performance says.',
    marks: [['docs/performance.md', 'the CPU that Lambda gives a function while it loads']],
  },
  hasListPrices: {
    area: 'Prices',
    claim: 'The prices on the pages are the list prices of us-east-1. They were read on pages of third parties.',
    check: 'Compare them with the pricing pages of AWS.',
    assumption: 'They are right to within a few percent.',
    ifWrong: 'The sums differ in proportion. The counts remain right.',
  },
} as const satisfies Record<string, Unconfirmed>;

/** All entries by their IDs, as a reader of the list sees them. */
export const ENTRIES = Object.entries(UNCONFIRMED) as readonly (readonly [id: string, entry: Unconfirmed])[];
