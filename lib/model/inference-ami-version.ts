import { assertValidAt, requiredText } from '../shared/validation';

/**
 * The machine image of the instances, which determines the versions of drivers and CUDA.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProductionVariant.html
 */
export class InferenceAmiVersion {
  /** al2-ami-sagemaker-inference-gpu-2 */
  public static readonly AL2_GPU_2 = InferenceAmiVersion.of('al2-ami-sagemaker-inference-gpu-2');
  /** al2-ami-sagemaker-inference-gpu-2-1 */
  public static readonly AL2_GPU_2_1 = InferenceAmiVersion.of('al2-ami-sagemaker-inference-gpu-2-1');
  /** al2-ami-sagemaker-inference-gpu-3-1 */
  public static readonly AL2_GPU_3_1 = InferenceAmiVersion.of('al2-ami-sagemaker-inference-gpu-3-1');
  /** al2-ami-sagemaker-inference-neuron-2 */
  public static readonly AL2_NEURON_2 = InferenceAmiVersion.of('al2-ami-sagemaker-inference-neuron-2');
  /** al2023-ami-sagemaker-inference-gpu-4-1 */
  public static readonly AL2023_GPU_4_1 = InferenceAmiVersion.of('al2023-ami-sagemaker-inference-gpu-4-1');

  /**
   * A version by its name, for versions that this class does not list.
   *
   * @throws if the name is malformed
   */
  public static of(amiVersionName: string): InferenceAmiVersion {
    assertValidAt('InferenceAmiVersion.of', [
      requiredText(
        'amiVersionName',
        amiVersionName,
        /^[a-z0-9-]{1,63}$/,
        'the name of a version: 1 to 63 lower-case letters, digits and hyphens',
      ),
    ]);
    return new InferenceAmiVersion(amiVersionName);
  }

  private constructor(
    /** The name of the version. */
    public readonly amiVersionName: string,
  ) {}
}
