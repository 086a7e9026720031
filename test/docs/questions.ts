/** A question as users ask it, where it is answered, and what the answer must mention. */
export interface Question {
  readonly question: string;
  /** The page under docs/, and the heading of the section with the answer. */
  readonly answer: readonly [page: string, heading: string];
  /** Texts that the section must contain, in any case. */
  readonly words: readonly string[];
}

export const QUESTIONS: readonly Question[] = [
  // Decide.
  {
    question: 'asynchronous vs real-time vs serverless vs batch transform',
    answer: ['faq.md', 'When should I use asynchronous, real-time, serverless inference or batch transform?'],
    words: ['1 GB', 'idle', 'GPU'],
  },
  {
    question: 'can I use it for large language models LLM',
    answer: ['faq.md', 'Is this for large language models (LLM)?'],
    words: ['vLLM', 'token'],
  },
  {
    question: 'what does an idle endpoint cost per month',
    answer: ['costs.md', 'While idle'],
    words: ['zero instances', 'per month'],
  },
  { question: 'price of a million requests a day', answer: ['costs.md', 'With requests'], words: ['1,000,000', '$'] },
  {
    question: 'CDK construct for async endpoint comparison generative-ai-cdk-constructs alpha Terraform',
    answer: ['comparison.md', 'Comparison'],
    words: ['aws-sagemaker-alpha', 'generative-ai-cdk-constructs', 'Terraform'],
  },
  {
    question: 'is it ready for production, was it deployed to an account',
    answer: ['faq.md', 'Is it ready for production?'],
    words: ['never deployed'],
  },
  { question: 'what is unconfirmed and not verified', answer: ['verification.md', 'Verification'], words: ['not'] },

  // Requests.
  { question: 'can I cancel a request', answer: ['faq.md', 'Can a request be canceled?'], words: ['no operation'] },
  { question: 'request priority', answer: ['faq.md', 'Can I give a request priority?'], words: ['two endpoints'] },
  { question: 'order of requests FIFO', answer: ['faq.md', 'Are requests processed in order?'], words: ['FIFO'] },
  {
    question: 'duplicates, request processed twice, idempotency',
    answer: ['faq.md', 'Can a request be processed twice? What about duplicates?'],
    words: ['InferenceId'],
  },
  {
    question: 'does SageMaker retry a failed request 5xx',
    answer: ['faq.md', 'Does SageMaker retry a request that failed?'],
    words: ['5xx'],
  },
  {
    question: 'Unknown parameter in input: "Body"',
    answer: ['troubleshooting.md', '`Unknown parameter in input: "Body"`'],
    words: ['Missing required parameter in input: "InputLocation"', '1.43.29', 'pip install', 'Lambda'],
  },
  {
    question: 'JavaScript SDK drops Body silently',
    answer: ['troubleshooting.md', 'An inline payload is dropped without an error in JavaScript'],
    words: ['3.1068.0', 'externalModules'],
  },
  {
    question: 'InvokeEndpoint on async endpoint ValidationError',
    answer: ['troubleshooting.md', '`ValidationError` from `InvokeEndpoint`'],
    words: ['invoke_endpoint_async'],
  },
  {
    question: 'not authorized to perform sagemaker:InvokeEndpointAsync AccessDenied 403',
    answer: ['troubleshooting.md', '`is not authorized to perform: sagemaker:InvokeEndpointAsync on resource`'],
    words: ['grants.invokeAsync', 'lower case'],
  },
  {
    question: 'send images or binary payload base64',
    answer: ['faq.md', 'Can I send images, audio or other bytes?'],
    words: ['BodyBase64'],
  },
  {
    question: 'payload larger than 128,000 bytes',
    answer: ['faq.md', 'What exactly is limited to 128,000 bytes?'],
    words: ['S3'],
  },
  {
    question: 'rate limit requests per second TPS quota',
    answer: ['faq.md', 'How many requests per second can I send? Is there a rate limit or TPS quota?'],
    words: ['120,000'],
  },

  // Results.
  {
    question: 'where is my result and how do I wait for it',
    answer: ['faq.md', 'Where is my result, and how do I wait for it?'],
    words: ['OutputLocation'],
  },
  {
    question: 'callback URL or webhook when the inference is done',
    answer: ['faq.md', 'Can SageMaker call a webhook or callback URL when a request is done?'],
    words: ['HTTPS', 'UrlSubscription'],
  },
  {
    question: '403 AccessDenied instead of 404 while polling the result',
    answer: ['troubleshooting.md', '`AccessDenied`, 403 instead of 404, while you poll'],
    words: ['s3:ListBucket', 'grants.readResults'],
  },
  {
    question: 'waiter infinite loop never ends',
    answer: ['troubleshooting.md', 'A waiter never ends'],
    words: ['waitForResult', 'timeout'],
  },
  {
    question: 'wait for result in Python boto3',
    answer: ['results.md', 'Wait in Python'],
    words: ['FailureLocation', 'timeout'],
  },
  {
    question: 'TestNotification KeyError inferenceId consumer',
    answer: ['troubleshooting.md', "`TestNotification`, or a `KeyError: 'inferenceId'` in a consumer"],
    words: ['parseNotification'],
  },
  {
    question: 'notifications do not arrive encrypted topic KMS key',
    answer: ['troubleshooting.md', 'Notifications do not arrive'],
    words: ['NotificationFailures', 'key of the topic'],
  },
  {
    question: 'event in EventBridge for each inference',
    answer: ['faq.md', 'Is there an event in EventBridge for each inference?'],
    words: ['AsyncInferenceResultEvents'],
  },
  {
    question: 'Step Functions wait for the result',
    answer: ['results.md', 'Step Functions'],
    words: ['WAIT_FOR_TASK_TOKEN'],
  },
  {
    question: 'replay or resend failed requests, audit',
    answer: ['invoker.md', 'Payloads through S3'],
    words: ['replay', 'alwaysS3'],
  },

  {
    question: 'success and error topics, failure path',
    answer: ['results.md', 'Notifications'],
    words: ['success topic', 'error topic', 'location of the result or of the failure'],
  },

  // Deployment errors.
  {
    question: 'The provided role is invalid, sns Publish permissions, sts:AssumeRole',
    answer: ['troubleshooting.md', '`The provided role … is invalid … and has "sns Publish" permissions`'],
    words: ['sts:AssumeRole', 'sagemaker.amazonaws.com'],
  },
  {
    question: 'ResourceLimitExceeded account-level service limit endpoint usage is 0 quota',
    answer: [
      'troubleshooting.md',
      "`ResourceLimitExceeded`: `The account-level service limit '… for endpoint usage' is 0 Instances`",
    ],
    words: ['service-quotas', 'request an increase'],
  },
  {
    question: 'Unable to provision requested ML compute capacity',
    answer: ['troubleshooting.md', '`Unable to provision requested ML compute capacity`'],
    words: ['instancePools'],
  },
  {
    question: 'did not pass the ping health check',
    answer: ['troubleshooting.md', '`did not pass the ping health check`'],
    words: ['/ping', '8080', 'containerStartupHealthCheckTimeout', 'HF_MODEL_ID'],
  },
  {
    question: 'One or more endpoint features are not supported using this configuration Triton',
    answer: ['troubleshooting.md', '`One or more endpoint features are not supported using this configuration`'],
    words: ['Triton'],
  },
  {
    question: 'Marketplace model package async',
    answer: ['troubleshooting.md', '`Marketplace images are not supported when specifying an AsyncInferenceConfig`'],
    words: ['real-time'],
  },
  {
    question: 'endpoint stuck Creating',
    answer: [
      'troubleshooting.md',
      'The deployment takes longer than 30 minutes, or the endpoint is stuck in `Creating`',
    ],
    words: ['log of the container'],
  },
  {
    question: 'UPDATE_ROLLBACK_FAILED',
    answer: ['troubleshooting.md', '`UPDATE_ROLLBACK_FAILED`'],
    words: ['continue-update-rollback'],
  },
  {
    question: 'Cannot create already existing endpoint',
    answer: ['troubleshooting.md', '`Cannot create already existing endpoint`'],
    words: ['endpointName'],
  },
  {
    question: 'model.tar.gz rejected symbolic links',
    answer: ['troubleshooting.md', '`Could not access model data at s3://…`'],
    words: ['--dereference'],
  },
  {
    question: 'VPC ENI network interface blocks deletion of security group',
    answer: ['troubleshooting.md', 'Deletion of a VPC, subnet or security group fails: `has a dependent object`'],
    words: ['network interfaces'],
  },

  // Runtime.
  {
    question: 'timeout after 60 seconds or 15 minutes despite InvocationTimeoutSeconds',
    answer: [
      'troubleshooting.md',
      'The request ends after 60 seconds or 15 minutes, although `InvocationTimeoutSeconds` is longer',
    ],
    words: [
      'TS_DEFAULT_RESPONSE_TIMEOUT',
      'MMS_DEFAULT_RESPONSE_TIMEOUT',
      'SAGEMAKER_MODEL_SERVER_TIMEOUT',
      'SAGEMAKER_TS_RESPONSE_TIMEOUT',
    ],
  },
  {
    question: 'response from container did not specify the required Content-Length header',
    answer: ['troubleshooting.md', '`did not specify the required Content-Length header`'],
    words: ['0.31.0'],
  },
  {
    question: 'bring your own container BYOC /ping /invocations contract',
    answer: ['faq.md', 'What does my own container have to do (BYOC)?'],
    words: ['8080', '/invocations', '2 seconds', 'Content-Length'],
  },
  {
    question: 'own inference code inference.py script',
    answer: ['faq.md', 'Can I bring my own inference code (`inference.py`)?'],
    words: ['archive'],
  },

  {
    question: 'container must answer ping while busy processing',
    answer: ['troubleshooting.md', '`did not pass the ping health check`'],
    words: ['within 2 seconds while it processes requests'],
  },
  {
    question: 'Invoke inline payload sample boto3 invoke_endpoint_async Body',
    answer: ['migration.md', 'Python'],
    words: ['invoke_endpoint_async', 'Body=payload'],
  },

  {
    question: 'gated model Hugging Face token secret HF_TOKEN',
    answer: ['faq.md', 'How do I serve a gated model without the Hugging Face token in the template?'],
    words: ['plain text', 'S3'],
  },

  // Scaling.
  { question: 'scale to zero', answer: ['faq.md', 'Does it scale to zero, and back?'], words: ['second policy'] },
  {
    question: 'endpoint never wakes up from zero instances',
    answer: ['troubleshooting.md', 'The endpoint never wakes up from zero'],
    words: ['HasBacklogWithoutCapacity', 'describe-scaling-activities'],
  },
  {
    question: 'which metric to scale on, SageMakerVariantInvocationsPerInstance does nothing',
    answer: ['faq.md', 'Which metric should an asynchronous endpoint scale on?'],
    words: ['SageMakerVariantInvocationsPerInstance', 'backlog'],
  },
  {
    question: 'how many instances run now',
    answer: ['faq.md', 'How many instances run now?'],
    words: ['instanceCount'],
  },
  {
    question: 'avoid the cold start',
    answer: ['faq.md', 'How do I avoid the cold start?'],
    words: ['scaleOnSchedule'],
  },
  {
    question: 'capacity reset to initial instance count at update',
    answer: ['faq.md', 'Why does an update reset the number of instances?'],
    words: ['retainAllVariantProperties'],
  },
  {
    question: 'GPU instance types Inferentia',
    answer: ['faq.md', 'Can I use GPUs, Inferentia or Graviton?'],
    words: ['instancePools'],
  },
  {
    question: 'scale in interrupts running request',
    answer: ['troubleshooting.md', 'A request was interrupted when the endpoint scaled in'],
    words: ['scaleInCooldown'],
  },

  {
    question: 'console refuses minimum capacity 0',
    answer: ['troubleshooting.md', 'The endpoint never scales in to zero'],
    words: ['console', 'minCapacity'],
  },

  // Updates and operations.
  {
    question: 'change the instance type, must be deregistered',
    answer: ['troubleshooting.md', '`must be deregistered as scalable target`'],
    words: ['instance type', 'fixed-fleet-first'],
  },
  {
    question: 'deployment guardrails blue/green rollback alarms',
    answer: ['faq.md', 'How do I roll a bad update back (deployment guardrails, blue/green)?'],
    words: ['rollback alarms', 'EndpointDeploymentStrategy'],
  },
  {
    question: 'silent rollback, old configuration still in service',
    answer: ['faq.md', 'How do I notice that SageMaker rolled back silently?'],
    words: ['EndpointConfigName'],
  },
  {
    question: 'when can the old endpoint configuration be deleted',
    answer: ['faq.md', 'When may I delete an old endpoint configuration?'],
    words: ['CloudFormation'],
  },
  {
    question: 'instance pools capacity reservations MetricsConfig',
    answer: ['faq.md', 'Can I reserve capacity, or set `MetricsConfig`?'],
    words: ['capacityReservationConfig', 'metricsConfig'],
  },
  {
    question: 'endpoint cannot be patched SystemUpdating maintenance notice',
    answer: [
      'troubleshooting.md',
      'The status is `SystemUpdating`, or AWS writes that an endpoint "cannot be patched"',
    ],
    words: ['role', 'image'],
  },
  {
    question: 'what stays after cdk destroy',
    answer: ['troubleshooting.md', 'Resources remain after `cdk destroy`'],
    words: ['what stays'],
  },
  { question: 'alarms and dashboard', answer: ['monitoring.md', 'The alarms'], words: ['REQUEST_AGE'] },

  // Integration.
  {
    question: 'LangChain Strands SageMaker Python SDK Jupyter',
    answer: ['faq.md', 'Does it work with LangChain, Strands or the SageMaker Python SDK?'],
    words: ['async_inference.py', 'Jupyter'],
  },
  {
    question: 'migrate from S3 upload pattern',
    answer: ['migration.md', 'From the S3 upload pattern'],
    words: ['InputLocation', 'Body'],
  },
  {
    question: 'migrate from L1 CfnEndpoint logical IDs same name',
    answer: ['migration.md', 'From hand-written L1 constructs'],
    words: ['overrideLogicalId', 'logical ID'],
  },
  {
    question: 'migrate from generative-ai-cdk-constructs CustomSageMakerEndpoint',
    answer: ['migration.md', 'From generative-ai-cdk-constructs'],
    words: ['modelDataUrl', 'logical IDs'],
  },
  {
    question: 'use an existing endpoint, import',
    answer: ['migration.md', 'Keep an existing endpoint'],
    words: ['fromAsyncInferenceEndpointAttributes'],
  },
  {
    question: 'test my stack with assertions',
    answer: ['testing.md', 'Assertions on the template'],
    words: ['Template.fromStack'],
  },
  { question: 'run locally without AWS', answer: ['testing.md', 'Run the app locally'], words: ['--app', 'Docker'] },
  {
    question: 'cross-account caller assume role',
    answer: ['multi-account.md', 'Callers of another account'],
    words: ['assume', 'grants.invokeAsync'],
  },
  {
    question: 'multi-region failover',
    answer: ['multi-account.md', 'Failover'],
    words: ['InferenceId', 'Inference routers'],
  },
  { question: 'CI/CD GitHub Actions', answer: ['ci-cd.md', 'GitHub Actions'], words: ['cdk deploy'] },
  { question: 'CDK Pipelines', answer: ['ci-cd.md', 'CDK Pipelines'], words: ['CodePipeline'] },
  {
    question: 'VPC without internet interface endpoint PrivateLink',
    answer: ['networking.md', 'The functions in a VPC'],
    words: ['SAGEMAKER_RUNTIME'],
  },
  {
    question: 'least privilege permissions of the execution role',
    answer: ['faq.md', 'Which permissions does the execution role have (least privilege)?'],
    words: ['no permission on any input', 'security.md'],
  },
  {
    question: 'which SDK version supports Body',
    answer: ['faq.md', 'Which SDK versions accept `Body`?'],
    words: ['1.43.29', '3.1068.0'],
  },
  {
    question: 'supported regions',
    answer: ['faq.md', 'Does it work in my region?'],
    words: ['31 regions'],
  },
];
