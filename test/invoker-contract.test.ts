import fc from 'fast-check';
import type { InvokerConfig } from '../lib/invoker-contract';
import { fromEnvironment, toEnvironment } from '../lib/invoker-contract';

const text = fc.string({ unit: 'binary', minLength: 1 }).filter((value) => !value.includes('\0'));
const config: fc.Arbitrary<InvokerConfig> = fc.record({
  endpointName: text,
  defaultContentType: text,
  requestTtlSeconds: fc.integer({ min: 60, max: 21_600 }),
  invocationTimeoutSeconds: fc.integer({ min: 1, max: 3_600 }),
  allowedHeaders: fc.subarray(['Filename', 'InputLocation', 'S3OutputPathExtension'] as const, { minLength: 1 }),
  resultNaming: fc.constantFrom('inference-id', 'service'),
  inputPolicy: fc.constantFrom('inline', 'by-size', 'always-s3'),
  inputBucket: text,
  inputPrefix: text,
  sqsPaceMilliseconds: fc.nat(),
}, { requiredKeys: ['endpointName', 'defaultContentType'] });
const least: InvokerConfig = { endpointName: 'e', defaultContentType: 'text/plain' };

test('the environment carries any configuration there and back', () => {
  fc.assert(fc.property(config, (given) => {
    expect(fromEnvironment({ PATH: '/bin', ...toEnvironment(given) })).toEqual(given);
  }));
});

test('every variable has a name that Lambda accepts and holds text', () => {
  fc.assert(fc.property(config, (given) => {
    for (const [name, value] of Object.entries(toEnvironment(given))) {
      expect(name).toMatch(/^[A-Z][A-Z0-9_]+$/);
      expect(typeof value).toBe('string');
    }
  }));
});

test('what is not configured has no variable', () => {
  expect(Object.keys(toEnvironment(least))).toEqual(['ENDPOINT_NAME', 'DEFAULT_CONTENT_TYPE']);
});

test('numbers are written as told, since a CDK token is a number that no one can print', () => {
  expect(toEnvironment({ ...least, requestTtlSeconds: -1.8e289 }, () => 'token')).toMatchObject({ REQUEST_TTL_SECONDS: 'token' });
});

test.each(['ENDPOINT_NAME', 'DEFAULT_CONTENT_TYPE'])('fails when %s is missing or empty', (name) => {
  const environment = toEnvironment(least);
  expect(() => fromEnvironment({ ...environment, [name]: undefined })).toThrow(`environment variable ${name} is required`);
  expect(() => fromEnvironment({ ...environment, [name]: '' })).toThrow(`environment variable ${name} is required`);
});
