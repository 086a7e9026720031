import fc from 'fast-check';
import { MAX_INLINE_PAYLOAD_BYTES, SECONDS_LIMITS, TEXT_LIMITS } from '../../../lib/contract/invoker';
import { faultsOf, readMembers } from '../../../local/aws/async-request';

test.each(Object.entries(TEXT_LIMITS))('takes %s up to its limit and no longer', (member, { max }) => {
  const prefix = member === 'InputLocation' ? 's3://bucket/' : '';
  const of = (length: number): object => ({ [member]: prefix.padEnd(length, 'a') });
  expect(faultsOf(of(max))).toEqual([]);
  expect(faultsOf(of(max + 1))).toEqual([`${member} has ${max + 1} characters, not 1 to ${max}`]);
  expect(faultsOf({ [member]: '' })).toEqual([`${member} has 0 characters, not 1 to ${max}`]);
});

test.each(Object.entries(SECONDS_LIMITS))('takes %s exactly from its least to its most', (member, { min, max }) => {
  fc.assert(
    fc.property(fc.oneof(fc.integer({ min: min - 5, max: max + 5 }), fc.double({ min, max })), (seconds) => {
      const fits = Number.isInteger(seconds) && seconds >= min && seconds <= max;
      expect(faultsOf({ [member]: seconds })).toHaveLength(fits ? 0 : 1);
    }),
  );
});

test('tells all faults at once, and none of the values', () => {
  const faults = faultsOf({
    Body: Buffer.from('secret'),
    InputLocation: 's3://secret/secret',
    CustomAttributes: `secret\u00e9`,
    Filename: '.secret',
    RequestTTLSeconds: 59,
  });
  expect(faults).toEqual([
    'CustomAttributes has characters that are not printable ASCII',
    expect.stringMatching(/^Filename is not of the form /),
    'RequestTTLSeconds is not a whole number from 60 to 21600',
    'Body and InputLocation are both given',
  ]);
  expect(faults.join()).not.toContain('secret');
});

test('takes a body up to its limit and no longer', () => {
  expect(faultsOf({ Body: Buffer.alloc(MAX_INLINE_PAYLOAD_BYTES) })).toEqual([]);
  expect(faultsOf({ Body: Buffer.alloc(MAX_INLINE_PAYLOAD_BYTES + 1) })).toEqual([
    `Body has more than ${MAX_INLINE_PAYLOAD_BYTES} bytes`,
  ]);
});

test('reads members from their headers, and not the content type of the transport', () => {
  expect(
    readMembers({
      'content-type': 'application/octet-stream',
      'x-amzn-sagemaker-content-type': 'text/csv',
      'x-amzn-sagemaker-requestttlseconds': '60',
      'x-amzn-sagemaker-filename': 'a',
    }),
  ).toEqual({ ContentType: 'text/csv', RequestTTLSeconds: 60, Filename: 'a' });
});
