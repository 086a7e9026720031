/** Who names a result. */
export enum ResultNaming {
  /**
   * The inference id: a repeated SQS message is expected to overwrite its own result. SageMaker documents the name, and nothing
   * about a name that comes again.
   */
  INFERENCE_ID = 'inference-id',
  /** SageMaker, by a name of its own for each request. */
  SERVICE = 'service',
}
