import { Duration } from 'aws-cdk-lib';
import type { Stack } from 'aws-cdk-lib';
import { Alias, Key } from 'aws-cdk-lib/aws-kms';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Topic } from 'aws-cdk-lib/aws-sns';
import type { AsyncInferenceEndpointProps, InputBucketOptions } from '../../../lib';
import {
  AsyncInferenceCallback,
  AsyncInferenceResultEvents,
  AsyncInferenceRequestQueue,
  AsyncInferenceResultQueue,
  InferenceModel,
  InputPolicy,
  ModelData,
} from '../../../lib';
import { keyBehind, keyErrors } from '../../../lib/shared/keys';
import { aStack, anEndpoint, anImage, statements } from '../../../tools/showcase/stacks';

const KEY_ARN = 'arn:aws:kms:eu-west-1:111122223333:key/k';
const importedKey = (stack: Stack) => Key.fromKeyArn(stack, 'Key', KEY_ARN);
const ownAlias = (stack: Stack) =>
  new Alias(stack, 'Alias', { aliasName: 'alias/mine', targetKey: importedKey(stack) });
const importedAlias = (stack: Stack) =>
  Alias.fromAliasAttributes(stack, 'Alias', { aliasName: 'alias/mine', aliasTargetKey: importedKey(stack) });
const aliasByName = (stack: Stack) => Alias.fromAliasName(stack, 'Alias', 'alias/mine');
const aliasByArn = (stack: Stack) => Key.fromKeyArn(stack, 'Alias', KEY_ARN.replace('key/k', 'alias/mine'));
const awsManaged = (stack: Stack) => Alias.fromAliasName(stack, 'Alias', 'alias/aws/s3');

/** All places that take a key, or a resource with a key. */
const ALL = {
  outputEncryptionKey: (stack, key) => endpointWith(stack, { outputEncryptionKey: key }),
  volumeEncryptionKey: (stack, key) => endpointWith(stack, { volumeEncryptionKey: key }),
  'the key of outputBucket': (stack, key) => endpointWith(stack, { outputBucket: bucketWith(stack, key) }),
  'the key of successTopic': (stack, key) => endpointWith(stack, { successTopic: topicWith(stack, key) }),
  'the key of errorTopic': (stack, key) => endpointWith(stack, { errorTopic: topicWith(stack, key) }),
  environmentEncryption: (stack, key) => endpointWith(stack, { invokerOptions: { environmentEncryption: key } }),
  'inputPolicy: encryptionKey': (stack, key) => inputWith(stack, { encryptionKey: key }),
  'inputPolicy: the key of the bucket': (stack, key) => inputWith(stack, { bucket: bucketWith(stack, key) }),
  'ModelData.fromBucket: the key of the bucket': (stack, key) =>
    modelWith(stack, ModelData.fromBucket(bucketWith(stack, key), 'v1/model.tar.gz')),
  'ModelData.fromPrefix: the key of the bucket': (stack, key) =>
    modelWith(stack, ModelData.fromPrefix(bucketWith(stack, key), 'v1')),
  'Stack/Requests: encryptionKey': (stack, encryptionKey) =>
    new AsyncInferenceRequestQueue(stack, 'Requests', {
      endpoint: anEndpoint(stack),
      expectedProcessingTime: Duration.seconds(10),
      encryptionKey,
    }),
  'Stack/Queue: encryptionKey': (stack, key) => new AsyncInferenceResultQueue(stack, 'Queue', { encryptionKey: key }),
  'Stack/Events: encryptionKey': (stack, key) =>
    new AsyncInferenceResultEvents(stack, 'Events', { encryptionKey: key }),
  'Stack/Callback: encryptionKey': (stack, key) =>
    new AsyncInferenceCallback(stack, 'Callback', { encryptionKey: key }),
} satisfies Record<string, (stack: Stack, key: IKey) => unknown>;
const PLACES = Object.entries<(stack: Stack, key: IKey) => unknown>(ALL);

/** Resources that exist may use a key of AWS. */
const GIVEN_RESOURCES = ['the key of outputBucket', 'the key of successTopic', 'the key of errorTopic'];
/** Lambda takes the key from the function, and no statement names it. */
const WITHOUT_STATEMENT = ['environmentEncryption'];

const endpointWith = (stack: Stack, props: Partial<AsyncInferenceEndpointProps>) => anEndpoint(stack, props);
const inputWith = (stack: Stack, options: InputBucketOptions) =>
  endpointWith(stack, { invokerOptions: { inputPolicy: InputPolicy.alwaysS3(options) } });
const modelWith = (stack: Stack, modelData: ModelData) =>
  endpointWith(stack, { model: InferenceModel.fromContainer({ image: anImage(), modelData }) });
const bucketWith = (stack: Stack, encryptionKey: IKey) =>
  Bucket.fromBucketAttributes(stack, 'Bucket', { bucketName: 'given', encryptionKey });
const topicWith = (stack: Stack, masterKey: IKey) => new Topic(stack, 'Topic', { masterKey });

describe('the key that statements name', () => {
  test.each([
    ['a key', importedKey, KEY_ARN],
    ['the key of an alias of the stack', ownAlias, KEY_ARN],
    ['the key of an imported alias', importedAlias, KEY_ARN],
    ['none for an alias of which only the name is known', aliasByName, undefined],
    ['none for an alias that is imported as a key', aliasByArn, undefined],
    ['none for a key that AWS manages', awsManaged, undefined],
  ])('is %s', (_, key, arn) => {
    expect(keyBehind(key(aStack()))?.keyArn).toBe(arn);
  });

  test('is none without a key', () => {
    expect([keyBehind(undefined), keyErrors('key', undefined)]).toEqual([undefined, undefined]);
  });
});

test.each([
  ['a key', importedKey],
  ['an alias of the stack', ownAlias],
  ['an imported alias with its key', importedAlias],
])('%s is accepted', (_, key) => expect(keyErrors('key', key(aStack()))).toBeUndefined());

describe.each(PLACES)('%s', (place, use) => {
  test.each([
    ['by its name', aliasByName],
    ['as a key', aliasByArn],
  ])('is an error for an alias that is imported %s, because IAM statements cannot name it', (_, key) => {
    const stack = aStack();
    expect(() => use(stack, key(stack))).toThrow(
      `${place} is the alias alias/mine, and IAM statements cannot name an alias: use the key itself`,
    );
  });

  if (GIVEN_RESOURCES.includes(place)) {
    test('may be a key that AWS manages, which needs no statement', () => {
      const stack = aStack();
      use(stack, awsManaged(stack));
      expect(JSON.stringify(statements(stack, ''))).not.toContain('kms:');
    });
  } else {
    test('is an error for a key that AWS manages', () => {
      const stack = aStack();
      expect(() => use(stack, awsManaged(stack))).toThrow(
        `${place} is the AWS managed key alias/aws/s3, whose policy cannot be modified: leave it out, or use a key of your own`,
      );
    });
  }

  test.each([
    ['of the stack', ownAlias],
    ['that is imported with its key', importedAlias],
  ])('may be an alias %s: statements name its key, and no statement the alias', (_, key) => {
    const stack = aStack();
    use(stack, key(stack));
    const text = JSON.stringify(statements(stack, ''));
    expect(text).not.toContain('alias/mine');
    if (!WITHOUT_STATEMENT.includes(place)) {
      const named = statements(stack, '').filter(({ Action }) => String(Action).includes('kms:'));
      // A queue without an endpoint has no consumer that needs the key.
      if (place !== 'Stack/Queue: encryptionKey') expect(named.length).toBeGreaterThan(0);
      named.forEach(({ Resource }) => expect(Resource).toBe(KEY_ARN));
    }
  });
});
