export { AsyncInferenceEndpointBase } from './core/endpoint-base';
export type {
  AsyncInferenceEndpointAttributes,
  AsyncInferenceEndpointDetails,
  IAsyncInferenceEndpoint,
} from './core/endpoint-interface';
export { AsyncInferenceEndpointGrants } from './core/grants';
export { AsyncInferenceEndpointMetrics } from './core/metrics';
export { InferenceOutcome } from './core/result-subscription';
export type { ResultSubscriptionOptions } from './core/result-subscription';
export { AsyncInferenceEndpoint } from './endpoint/endpoint';
export { VariantProperty } from './endpoint/endpoint-props';
export type {
  AsyncInferenceEndpointProps,
  CapacityReservationConfig,
  EndpointMetricsConfig,
  InstancePool,
} from './endpoint/endpoint-props';
export type { InputLocation } from './invoker/input-location';
export { InputPolicy } from './invoker/input-policy';
export type { InputBucketOptions } from './invoker/input-policy';
export { AsyncInferenceInvoker } from './invoker/invoker';
export type { AsyncInferenceInvokerOptions, AsyncInferenceInvokerProps } from './invoker/invoker';
export { SqsResultNaming } from './invoker/sqs-result-naming';
export { TrustedHttpHeader } from './invoker/trusted-http-header';
export { TrustedSqsAttribute } from './invoker/trusted-sqs-attribute';
export { ContainerImage } from './model/container-image';
export type { ContainerImageConfig, DlcImageOptions, ImageUriOptions } from './model/container-image';
export { ImageProcessor } from './model/image-platform';
export { InferenceAmiVersion } from './model/inference-ami-version';
export { InferenceModel } from './model/inference-model';
export type { ContainerModelProps, ExistingModelOptions, ModelPackageOptions } from './model/inference-model';
export { InstanceType } from './model/instance-type';
export { ModelData } from './model/model-data';
export type { ModelDataConfig, ModelDataOptions } from './model/model-data';
export { AsyncInferenceMonitoring } from './monitoring/monitoring';
export type { AsyncInferenceMonitoringProps } from './monitoring/monitoring';
export { MonitoringAlarm } from './monitoring/monitoring-alarm';
export { AsyncInferenceRequestQueue } from './requests/request-queue';
export type { AsyncInferenceRequestQueueProps } from './requests/request-queue';
export { AsyncInferenceResultEvents } from './results/result-events';
export type { AsyncInferenceResultEventsProps, OnResultOptions } from './results/result-events';
export { AsyncInferenceResultQueue } from './results/result-queue';
export type { AsyncInferenceResultQueueProps } from './results/result-queue';
export { CapacitySize, EndpointDeploymentStrategy } from './scaling/deployment-strategy';
export type {
  BlueGreenDeploymentOptions,
  CanaryDeploymentOptions,
  EndpointDeploymentOptions,
  LinearDeploymentOptions,
  RollingDeploymentOptions,
} from './scaling/deployment-strategy';
export { AsyncInferenceScaling } from './scaling/scaling';
export type { WakeStep } from './scaling/wake-steps';
export type { AsyncInferenceScalingOptions, AsyncInferenceScalingProps } from './scaling/scaling';
export { AsyncInferenceError } from './shared/validation';
export { AsyncInferenceCallback } from './workflow/callback';
export type { AsyncInferenceCallbackProps } from './workflow/callback';
export { InvokeAsyncInference } from './workflow/invoke-async-inference';
export type {
  InvokeAsyncInferenceJsonataProps,
  InvokeAsyncInferenceJsonPathProps,
  InvokeAsyncInferenceOptions,
  InvokeAsyncInferenceProps,
} from './workflow/invoke-async-inference';
