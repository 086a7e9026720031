/** The message attributes that choose where a result lands. The stack names those that producers may send. */
export const TRUSTED_SQS_ATTRIBUTES = ['Filename', 'S3OutputPathExtension'] as const;
export type TrustedSqsAttribute = (typeof TRUSTED_SQS_ATTRIBUTES)[number];
