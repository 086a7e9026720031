import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { InputPolicy } from '../../../lib';
import { aStack, anEndpoint } from '../../../tools/showcase/stacks';

/** The warnings of an endpoint with a bucket, an output prefix and an input prefix, and of a second endpoint. */
function warningsOf(input: string | undefined, ...outputs: readonly string[]): string[] {
  const stack = aStack();
  const bucket = Bucket.fromBucketName(stack, 'Bucket', 'results');
  outputs.forEach((outputPrefix, index) =>
    anEndpoint(
      stack,
      {
        outputBucket: bucket,
        outputPrefix,
        failurePrefix: `failures-${index}`,
        invokerOptions: input ? { inputPolicy: InputPolicy.bySize({ bucket, prefix: input }) } : undefined,
      },
      `Endpoint${index}`,
    ),
  );
  return Annotations.fromStack(stack)
    .findWarning('*', Match.stringLikeRegexp('sharedOutputPrefix'))
    .map(({ id, entry }) => `${id}: ${entry.data as string}`);
}

test.each([
  ['a', 'a/b'],
  ['a/b', 'a'],
])('an endpoint that writes to %s warns another one that writes to %s', (one, other) => {
  expect(warningsOf(undefined, one, other)).toEqual([
    expect.stringContaining(
      `/Stack/Endpoint1: Stack/Endpoint0 writes results to the prefix ${one} of the bucket results, and this construct writes results to ${other}`,
    ),
  ]);
});

test.each(['a', 'a/inputs'])('payloads in %s, among the results in a, are worth a warning', (prefix) => {
  expect(warningsOf(prefix, 'a')).toEqual([
    expect.stringMatching(
      /^\/Stack\/Endpoint0\/Invoker: Stack\/Endpoint0 writes results to the prefix a .* use another prefix of the input policy/,
    ),
  ]);
});

test('payloads of two invokers may be in one place, and a name that starts like another is another one', () => {
  expect(warningsOf('inputs', 'a', 'ab')).toEqual([]);
});
