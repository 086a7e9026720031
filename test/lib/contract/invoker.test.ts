import fc from 'fast-check';
import { TRUSTED_HTTP_HEADERS } from '../../../lib/contract/http-headers';
import { TRUSTED_SQS_ATTRIBUTES } from '../../../lib/contract/sqs-attributes';
import type { InvokerConfig } from '../../../lib/contract/invoker';
import { INPUT_POLICIES, SQS_RESULT_NAMINGS, fromEnvironment, toEnvironment } from '../../../lib/contract/invoker';
import { CHARACTER } from '../../support/character';

const text = fc.string({ unit: CHARACTER, minLength: 1 }).filter((value) => !value.includes('\0'));
const config: fc.Arbitrary<InvokerConfig> = fc.record(
  {
    endpointName: text,
    defaultContentType: text,
    defaultRequestTtlSeconds: fc.integer({ min: 60, max: 21_600 }),
    defaultInvocationTimeoutSeconds: fc.integer({ min: 1, max: 3_600 }),
    trustedHttpHeaders: fc.subarray([...TRUSTED_HTTP_HEADERS]),
    trustedSqsAttributes: fc.subarray([...TRUSTED_SQS_ATTRIBUTES]),
    sqsResultNaming: fc.constantFrom(...SQS_RESULT_NAMINGS),
    inputPolicy: fc.constantFrom(...INPUT_POLICIES),
    inputBucket: text,
    inputPrefix: text,
    inputLocationPrefixes: fc.array(text.filter((prefix) => !prefix.includes('\n'))),
  },
  { requiredKeys: ['endpointName', 'defaultContentType', 'inputBucket'] },
);
const least: InvokerConfig = { endpointName: 'e', defaultContentType: 'text/plain' };

test('the environment carries any configuration there and back', () => {
  fc.assert(
    fc.property(config, (given) => {
      expect(fromEnvironment({ PATH: '/bin', ...toEnvironment(given) })).toEqual(given);
    }),
  );
});

test('every variable has a name that Lambda accepts, and a string', () => {
  fc.assert(
    fc.property(config, (given) => {
      for (const [name, value] of Object.entries(toEnvironment(given))) {
        expect(name).toMatch(/^[A-Z][A-Z0-9_]+$/);
        expect(typeof value).toBe('string');
      }
    }),
  );
});

test.each<Partial<InvokerConfig>>([{}, { inputPolicy: 'inline' }])('no bucket is needed with %j', (given) => {
  expect(fromEnvironment(toEnvironment({ ...least, ...given }))).toEqual({ ...least, ...given });
});

test('a member that is absent has no variable', () => {
  expect(Object.keys(toEnvironment(least))).toEqual(['ENDPOINT_NAME', 'DEFAULT_CONTENT_TYPE']);
});

test('numbers are written by the given function, since they may be CDK tokens', () => {
  expect(toEnvironment({ ...least, defaultRequestTtlSeconds: -1.8e289 }, () => 'token')).toMatchObject({
    DEFAULT_REQUEST_TTL_SECONDS: 'token',
  });
});

test.each(['ENDPOINT_NAME', 'DEFAULT_CONTENT_TYPE'])('fails when %s is missing or empty', (name) => {
  const environment = toEnvironment(least);
  expect(() => fromEnvironment({ ...environment, [name]: undefined })).toThrow(
    `environment variable ${name} is required`,
  );
  expect(() => fromEnvironment({ ...environment, [name]: '' })).toThrow(`environment variable ${name} is required`);
});

test('fails when payloads go through S3 and no bucket is given', () => {
  expect(() => fromEnvironment(toEnvironment({ ...least, inputPolicy: 'by-size' }))).toThrow(
    'environment variable INPUT_BUCKET is required',
  );
});

test('fails for a value that is not allowed', () => {
  const environment = toEnvironment(least);
  expect(() => fromEnvironment({ ...environment, INPUT_POLICY: 'never' })).toThrow(
    /INPUT_POLICY must be one of inline, by-size, always-s3, got never/,
  );
  expect(() => fromEnvironment({ ...environment, SQS_RESULT_NAMING: 'mine' })).toThrow(
    /SQS_RESULT_NAMING must be one of inference-id, service, got mine/,
  );
});
