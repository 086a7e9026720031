// Calls a bundle once in a process of its own: node call-bundle.cjs <bundle> <event>
const [, , bundle = '', event = ''] = process.argv;
const { handler } = require(bundle);
const context = { awsRequestId: 'request-1', getRemainingTimeInMillis: () => 30_000 };

/** @param {import('@aws-sdk/client-sagemaker-runtime').SageMakerRuntimeServiceException} error */
const describeError = ({ name, message, $fault, $metadata }) => ({
  name,
  message,
  fault: $fault,
  status: $metadata?.httpStatusCode,
  attempts: $metadata?.attempts,
});

handler(JSON.parse(event), context)
  .catch(describeError)
  .then((/** @type {unknown} */ outcome) => process.send?.(outcome, () => process.exit()));
