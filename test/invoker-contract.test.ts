import fc from 'fast-check';
import type { InvokerConfig } from '../lib/invoker-contract';
import { fromEnvironment, toEnvironment } from '../lib/invoker-contract';

const text = fc.string({ unit: 'binary', minLength: 1 }).filter((value) => !value.includes('\0'));
const config: fc.Arbitrary<InvokerConfig> = fc.record({ endpointName: text, defaultContentType: text });

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

test.each(['ENDPOINT_NAME', 'DEFAULT_CONTENT_TYPE'])('fails when %s is missing or empty', (name) => {
  const environment = toEnvironment({ endpointName: 'e', defaultContentType: 'text/plain' });
  expect(() => fromEnvironment({ ...environment, [name]: undefined })).toThrow(`environment variable ${name} is required`);
  expect(() => fromEnvironment({ ...environment, [name]: '' })).toThrow(`environment variable ${name} is required`);
});
