/** What the alarms of `AsyncInferenceMonitoring` watch. */
export enum MonitoringAlarm {
  /** The oldest request waits for too long, and will expire. */
  REQUEST_AGE = 'RequestAge',
  /** Requests wait, and there has been no instance for too long. */
  NO_CAPACITY = 'NoCapacity',
  /** Requests fail. */
  INVOCATION_FAILURES = 'InvocationFailures',
  /** Requests have expired in the queue, and are lost. */
  EXPIRED_REQUESTS = 'ExpiredRequests',
  /** Results could not be announced. */
  NOTIFICATION_FAILURES = 'NotificationFailures',
  /** Payloads could not be read from S3. Inline payloads are not read from there. */
  REQUEST_DOWNLOAD_FAILURES = 'RequestDownloadFailures',
  /** Results could not be written to S3. */
  RESPONSE_UPLOAD_FAILURES = 'ResponseUploadFailures',
  /** Calls of an invoker fail. */
  INVOKER_ERRORS = 'InvokerErrors',
  /** Lambda does not let an invoker run. */
  INVOKER_THROTTLES = 'InvokerThrottles',
}
