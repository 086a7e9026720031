import { Bucket } from 'aws-cdk-lib/aws-s3';
import { ModelData } from '../../../lib';
import { aStack } from '../../../tools/showcase/stacks';

test.each(['s3://models/model.tar.gz', '/model.tar.gz', 'models/', 'models/*.tar.gz', ''])(
  'an object key that is not the key of one archive is an error: %j',
  (key) => {
    expect(() => ModelData.fromBucket(Bucket.fromBucketName(aStack(), 'Models', 'models'), key)).toThrow(
      `objectKey must be the key of one archive, without a scheme, a wildcard or a slash at either end, got '${key}'`,
    );
  },
);
