import { Duration, Stack } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { requiredDetails } from './endpoint-details';
import type { IAsyncInferenceEndpoint } from './endpoint-interface';
import { PUBLISHED_METRICS, UNPUBLISHED_METRICS } from './published-metrics';
import { assertValid, differs } from '../shared/validation';

/**
 * The metrics of an asynchronous inference endpoint. Counts are absent, not zero, while the endpoint is idle: let alarms treat
 * missing data as not breaching.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/async-inference-monitor.html
 */
export class AsyncInferenceEndpointMetrics {
  /**
   * The metrics of an endpoint.
   *
   * @param endpoint an endpoint that is defined in this app, imported or implemented elsewhere
   */
  public static fromEndpoint(endpoint: IAsyncInferenceEndpoint): AsyncInferenceEndpointMetrics {
    return new AsyncInferenceEndpointMetrics(endpoint);
  }

  private constructor(private readonly endpoint: IAsyncInferenceEndpoint) {}

  /**
   * A metric by the name that SageMaker gives it. `ApproximateBacklogSize`, `ApproximateBacklogSizePerInstance`,
   * `ApproximateAgeOfOldestRequest` and `HasBacklogWithoutCapacity` have one dimension, the endpoint. All other metrics have two,
   * the endpoint and the variant.
   *
   * @param metricName for example 'InvocationFailures'
   * @throws if asynchronous endpoints do not publish the metric, or if the metric needs a variant name that is not known
   */
  public metric(metricName: string, options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    assertValid(this.endpoint, [
      UNPUBLISHED_METRICS.includes(metricName)
        ? `asynchronous endpoints do not publish the metric ${metricName}: use InvocationsProcessed, TotalProcessingTime or ModelLatency`
        : undefined,
    ]);
    const published = PUBLISHED_METRICS[metricName];
    const { region, account } = this.endpoint.env;
    const stack = Stack.of(this.endpoint);
    const metric = new cloudwatch.Metric({
      namespace: published?.namespace ?? 'AWS/SageMaker',
      metricName,
      statistic: published?.statistic,
      dimensionsMap: {
        EndpointName: this.endpoint.endpointName,
        ...(published?.endpointWide ? {} : { VariantName: requiredDetails(this.endpoint, 'variantName').variantName }),
      },
      ...options,
    }).attachTo(this.endpoint);
    // CDK gives the metric the region and the account of the stack, which are not those of every imported endpoint.
    return metric.with({
      region: differs(region, stack.region) ? region : undefined,
      account: differs(account, stack.account) ? account : undefined,
    });
  }

  /** Requests that wait or are being processed. Count, average. */
  public approximateBacklogSize(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('ApproximateBacklogSize', options);
  }

  /** Requests that wait or are being processed, per instance. Count, average. */
  public approximateBacklogSizePerInstance(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('ApproximateBacklogSizePerInstance', options);
  }

  /** The age of the oldest request in the queue. Seconds, maximum. */
  public approximateAgeOfOldestRequest(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('ApproximateAgeOfOldestRequest', options);
  }

  /** 1 while requests wait and no instance is in service, otherwise 0. Average. */
  public hasBacklogWithoutCapacity(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('HasBacklogWithoutCapacity', options);
  }

  /** Requests that the endpoint has processed. Count, sum. */
  public invocationsProcessed(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('InvocationsProcessed', options);
  }

  /** Requests that failed, for any reason. Count, sum. */
  public invocationFailures(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('InvocationFailures', options);
  }

  /** Requests that expired in the queue. Count, sum. */
  public expiredRequests(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('ExpiredRequests', options);
  }

  /** Requests whose payload could not be read from S3. Inline payloads are not read from S3. Count, sum. */
  public requestDownloadFailures(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('RequestDownloadFailures', options);
  }

  /** Requests whose result could not be written to S3. Count, sum. */
  public responseUploadFailures(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('ResponseUploadFailures', options);
  }

  /** Notifications that could not be published. Count, sum. */
  public notificationFailures(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('NotificationFailures', options);
  }

  /** Responses of the container with a 4xx status. Count, sum. */
  public invocation4xxErrors(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('Invocation4XXErrors', options);
  }

  /** Responses of the container with a 5xx status. Count, sum. */
  public invocation5xxErrors(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('Invocation5XXErrors', options);
  }

  /** The time to read a payload from S3. Microseconds, average. */
  public requestDownloadLatency(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('RequestDownloadLatency', options);
  }

  /** The time to write a result to S3. Microseconds, average. */
  public responseUploadLatency(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('ResponseUploadLatency', options);
  }

  /** The time that a request waited in the queue. Milliseconds, average. */
  public timeInBacklog(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('TimeInBacklog', options);
  }

  /** The time from the acceptance of a request to its completion. Milliseconds, average. */
  public totalProcessingTime(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('TotalProcessingTime', options);
  }

  /** The time that the model took to respond. Microseconds, average. */
  public modelLatency(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('ModelLatency', options);
  }

  /** CPU utilization of the containers, up to 100 percent per core. Average. */
  public cpuUtilization(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('CPUUtilization', options);
  }

  /** Memory utilization of the containers. Percent, average. */
  public memoryUtilization(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('MemoryUtilization', options);
  }

  /** Disk utilization of the containers. Percent, average. */
  public diskUtilization(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('DiskUtilization', options);
  }

  /** GPU utilization of the containers, up to 100 percent per GPU. Average. */
  public gpuUtilization(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('GPUUtilization', options);
  }

  /** GPU memory utilization of the containers, up to 100 percent per GPU. Average. */
  public gpuMemoryUtilization(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('GPUMemoryUtilization', options);
  }

  /**
   * The number of instances in service: the number of samples of `CPUUtilization`, which each instance publishes once per minute.
   * Keep the period of one minute, because a longer one counts each instance several times.
   */
  public instanceCount(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.cpuUtilization({
      statistic: cloudwatch.Stats.SAMPLE_COUNT,
      period: Duration.minutes(1),
      label: 'Instances',
      ...options,
    });
  }
}
