/** A notification as SageMaker publishes it. */
export function aNotification(inferenceId: string, endpointName = 'languages') {
  return {
    awsRegion: 'eu-west-1',
    eventTime: '2026-11-22T10:00:01.000Z',
    receivedTime: '2026-11-22T10:00:00.000Z',
    invocationStatus: 'Completed',
    requestParameters: { endpointName },
    responseParameters: { contentType: 'application/json', outputLocation: `s3://results/output/${inferenceId}.out` },
    inferenceId,
    eventVersion: '1.0',
    eventSource: 'aws:sagemaker',
    eventName: 'InferenceResult',
  };
}

export function aFailure(inferenceId: string, status = 'Failed', endpointName = 'languages') {
  return {
    ...aNotification(inferenceId, endpointName),
    invocationStatus: status,
    failureReason: 'ClientError: the model answered 500',
    responseParameters: { failureLocation: `s3://results/failure/${inferenceId}.out` },
  };
}

export const TEST_NOTIFICATION = { eventVersion: '1.0', eventSource: 'aws:sagemaker', eventName: 'TestNotification' };
