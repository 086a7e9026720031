export { AsyncInferenceCallback } from './workflow/callback';
export type { AsyncInferenceCallbackProps } from './workflow/callback';
export { AsyncInferenceEndpoint } from './endpoint/endpoint';
export { InferenceResponseTopic } from './endpoint/endpoint-props';
export type { AsyncInferenceEndpointProps } from './endpoint/endpoint-props';
export type { AsyncInferenceEndpointAttributes, IAsyncInferenceEndpoint } from './core/endpoint-base';
export { AsyncInferenceInvoker } from './invoker/invoker';
export type { AsyncInferenceInvokerOptions, AsyncInferenceInvokerProps } from './invoker/invoker';
export { AsyncInferenceMonitoring } from './monitoring/monitoring';
export type { AsyncInferenceMonitoringProps } from './monitoring/monitoring';
export { AsyncInferenceRequestQueue } from './requests/request-queue';
export type { AsyncInferenceRequestQueueProps } from './requests/request-queue';
export { AsyncInferenceScaling } from './scaling/scaling';
export type {
  AsyncInferenceScalingOptions,
  AsyncInferenceScalingProps,
  ScalingScheduleOptions,
} from './scaling/scaling';
export { AsyncInferenceResultPipe } from './results/result-pipe';
export type { AsyncInferenceResultPipeProps } from './results/result-pipe';
export { AsyncInferenceResultQueue } from './results/result-queue';
export type { AsyncInferenceResultQueueProps } from './results/result-queue';
export { ContainerImage } from './model/container-image';
export { CapacitySize, DeploymentStrategy } from './scaling/deployment-strategy';
export type {
  BlueGreenOptions,
  CanaryOptions,
  DeploymentOptions,
  LinearOptions,
  RollingOptions,
} from './scaling/deployment-strategy';
export { InferenceAmiVersion } from './model/inference-ami-version';
export { GuardedHeader } from './invoker/guarded-header';
export { InferenceModel } from './model/inference-model';
export type { ContainerModelProps, ExistingModelOptions, ModelPackageOptions } from './model/inference-model';
export { InputPolicy } from './invoker/input-policy';
export type { InputBucketOptions } from './invoker/input-policy';
export { InstanceType } from './model/instance-type';
export { InvokeAsyncInference } from './workflow/invoke-async-inference';
export type {
  InvokeAsyncInferenceJsonPathProps,
  InvokeAsyncInferenceJsonataProps,
} from './workflow/invoke-async-inference';
export type { InvokeAsyncInferenceOptions, InvokeAsyncInferenceProps } from './workflow/invoke-async-inference';
export { ModelData } from './model/model-data';
export type { ModelDataPrefixOptions } from './model/model-data';
export { MonitoringAlarm } from './monitoring/monitoring-alarm';
export { ResultNaming } from './invoker/result-naming';
export { InferenceOutcome } from './core/result-subscription';
export type { ResultSubscriptionOptions } from './core/result-subscription';
