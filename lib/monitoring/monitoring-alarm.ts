/** The alarms of `AsyncInferenceMonitoring`. */
export enum MonitoringAlarm {
  /** The oldest request has waited too long and is about to expire. */
  REQUEST_AGE = 'RequestAge',
  /** Requests wait, and no instance has been in service for too long. */
  NO_CAPACITY = 'NoCapacity',
  /** Requests fail. */
  INVOCATION_FAILURES = 'InvocationFailures',
  /** Requests have expired in the queue and are lost. */
  EXPIRED_REQUESTS = 'ExpiredRequests',
  /** Notifications could not be published. */
  NOTIFICATION_FAILURES = 'NotificationFailures',
  /** Payloads could not be read from S3. Inline payloads are not read from S3. */
  REQUEST_DOWNLOAD_FAILURES = 'RequestDownloadFailures',
  /** Results could not be written to S3. */
  RESPONSE_UPLOAD_FAILURES = 'ResponseUploadFailures',
  /** Requests could not be submitted by any kind of caller: SageMaker was unavailable or refused them. */
  SUBMISSION_FAILURES = 'SubmissionFailures',
  /** Calls of an invoker fail. */
  INVOKER_ERRORS = 'InvokerErrors',
  /** Lambda throttles an invoker. */
  INVOKER_THROTTLES = 'InvokerThrottles',
}
