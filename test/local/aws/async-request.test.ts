import fc from 'fast-check';
import { MAX_INLINE_PAYLOAD_BYTES, SECONDS_LIMITS, TEXT_LIMITS } from '../../../lib/contract/invoker';
import { readMembers, validateRequest } from '../../../local/aws/async-request';

test.each(Object.entries(TEXT_LIMITS))('%s is valid up to its maximum length', (member, { max }) => {
  const prefix = member === 'InputLocation' ? 's3://bucket/' : '';
  const of = (length: number): object => ({ [member]: prefix.padEnd(length, 'a') });
  expect(validateRequest(of(max))).toEqual([]);
  expect(validateRequest(of(max + 1))).toEqual([`${member} must have 1 to ${max} characters, got ${max + 1}`]);
  expect(validateRequest({ [member]: '' })).toEqual([`${member} must have 1 to ${max} characters, got 0`]);
});

test.each(Object.entries(SECONDS_LIMITS))(
  '%s is valid if it is a whole number from its minimum to its maximum',
  (member, { min, max }) => {
    fc.assert(
      fc.property(fc.oneof(fc.integer({ min: min - 5, max: max + 5 }), fc.double({ min, max })), (seconds) => {
        const isValid = Number.isInteger(seconds) && seconds >= min && seconds <= max;
        expect(validateRequest({ [member]: seconds })).toHaveLength(isValid ? 0 : 1);
      }),
    );
  },
);

test('all errors of a request are reported together, without its values', () => {
  const errors = validateRequest({
    Body: Buffer.from('secret'),
    InputLocation: 's3://secret/secret',
    CustomAttributes: `secret\u00e9`,
    Filename: '.secret',
    RequestTTLSeconds: 59,
  });
  expect(errors).toEqual([
    'CustomAttributes must have printable ASCII characters only',
    expect.stringMatching(/^Filename must match /),
    'RequestTTLSeconds must be a whole number from 60 to 21600',
    'Body and InputLocation are mutually exclusive',
  ]);
  expect(errors.join()).not.toContain('secret');
});

test('a body is valid up to 128,000 bytes', () => {
  expect(validateRequest({ Body: Buffer.alloc(MAX_INLINE_PAYLOAD_BYTES) })).toEqual([]);
  expect(validateRequest({ Body: Buffer.alloc(MAX_INLINE_PAYLOAD_BYTES + 1) })).toEqual([
    `Body must have at most ${MAX_INLINE_PAYLOAD_BYTES} bytes`,
  ]);
});

test('the members are read from their headers, and ContentType not from the Content-Type header', () => {
  expect(
    readMembers({
      'content-type': 'application/octet-stream',
      'x-amzn-sagemaker-content-type': 'text/csv',
      'x-amzn-sagemaker-requestttlseconds': '60',
      'x-amzn-sagemaker-filename': 'a',
    }),
  ).toEqual({ ContentType: 'text/csv', RequestTTLSeconds: 60, Filename: 'a' });
});
