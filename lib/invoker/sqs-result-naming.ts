/** How the results of SQS messages are named. */
export enum SqsResultNaming {
  /**
   * By the inference ID. A message that SQS delivers twice is expected to overwrite its own result: SageMaker documents the file
   * name, but not what happens to a name that is used again.
   */
  INFERENCE_ID = 'inference-id',
  /** By SageMaker, with a new name for each request. */
  SERVICE = 'service',
}
