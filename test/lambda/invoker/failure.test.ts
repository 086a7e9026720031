import { UnreadableResponseError } from '../../../lambda/invoker/errors';
import { failureOf, isDefiniteRefusal } from '../../../lambda/invoker/failure';

const errorOf = (name: string, $metadata?: object) => Object.assign(new Error('text'), { name, $metadata });

test.each([
  [429, 'Other', 'throttled'],
  [400, 'ThrottlingException', 'throttled'],
  [400, 'TooManyRequestsException', 'throttled'],
  [400, 'NotThrottlingException', 'refused'],
  [300, 'Redirect', 'refused'],
  [499, 'Other', 'refused'],
  [500, 'Other', 'unavailable'],
  [undefined, 'TimeoutError', 'unavailable'],
] as const)('HTTP %p %s is %s', (httpStatusCode, name, failure) => {
  expect(failureOf(errorOf(name, { httpStatusCode }))).toBe(failure);
});

test('an error that no client has thrown is unexpected', () => {
  expect(failureOf(new TypeError('a bug'))).toBe('unexpected');
});

test('an accepted request with a response that cannot be read is unusable', () => {
  expect(failureOf(new UnreadableResponseError({ httpStatusCode: 202 }))).toBe('unusable');
});

test.each([
  [{ httpStatusCode: 400, attempts: 1 }, true],
  [{ httpStatusCode: 499, attempts: 1 }, true],
  [{ httpStatusCode: 400, attempts: 2 }, false],
  [{ httpStatusCode: 500, attempts: 1 }, false],
  [{ httpStatusCode: 399, attempts: 1 }, false],
  [undefined, false],
])('%j is a definite refusal: %s', ($metadata, definite) => {
  expect(isDefiniteRefusal(errorOf('Other', $metadata))).toBe(definite);
});
