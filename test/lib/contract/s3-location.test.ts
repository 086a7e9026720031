import fc from 'fast-check';
import { parseS3Uri } from '../../../lib/contract/s3-location';

const bucket = fc.stringMatching(/^[a-z0-9][a-z0-9-]{1,20}[a-z0-9]$/);
const key = fc.string({ unit: 'grapheme', maxLength: 60 }).filter((text) => text.isWellFormed());

test('reads a bucket and a key from each form of a URI', () => {
  fc.assert(
    fc.property(bucket, key, (Bucket, Key) => {
      const escaped = Key.split('/').map(encodeURIComponent).join('/');
      for (const uri of [
        `s3://${Bucket}/${Key}`,
        `https://${Bucket}.s3.amazonaws.com/${escaped}`,
        `https://${Bucket}.s3.eu-west-1.amazonaws.com/${escaped}`,
        `https://${Bucket}.s3.dualstack.eu-west-1.amazonaws.com/${escaped}`,
        `https://${Bucket}.s3.cn-north-1.amazonaws.com.cn/${escaped}`,
        `https://s3.eu-west-1.amazonaws.com/${Bucket}/${escaped}`,
        `https://s3-eu-west-1.amazonaws.com/${Bucket}/${escaped}`,
      ])
        expect(parseS3Uri(uri)).toEqual({ Bucket, Key });
    }),
  );
});

test.each([
  ['dots', 'my.bucket'],
  ['the name of the service', 'my.s3.bucket'],
  ['the name of the service at its start', 's3-logs'],
])('reads a bucket whose name contains %s', (_, Bucket) => {
  expect(parseS3Uri(`https://${Bucket}.s3.eu-west-1.amazonaws.com/k`)).toEqual({ Bucket, Key: 'k' });
  expect(parseS3Uri(`https://s3.eu-west-1.amazonaws.com/${Bucket}/k`)).toEqual({ Bucket, Key: 'k' });
});

test.each(['s3://bucket', 's3://bucket/', 'https://bucket.s3.amazonaws.com', 'https://s3.amazonaws.com/bucket'])(
  'reads a bucket alone: %s',
  (uri) => {
    expect(parseS3Uri(uri)).toEqual({ Bucket: 'bucket', Key: '' });
  },
);

test('reads the key of an s3:// URI literally, and decodes the key of an https URL', () => {
  expect(parseS3Uri('s3://bucket/a%20b')).toEqual({ Bucket: 'bucket', Key: 'a%20b' });
  expect(parseS3Uri('https://bucket.s3.amazonaws.com/a%20b')).toEqual({ Bucket: 'bucket', Key: 'a b' });
});

test.each([
  '',
  'bucket/key',
  's3://',
  's3:///key',
  'S3://bucket/key',
  'http://bucket.s3.amazonaws.com/key',
  'https://example.com/key',
  'https://.s3.amazonaws.com/key',
  'https://s3.amazonaws.com/',
  'https://bucket.s3.amazonaws.com/%',
])('fails for %p', (uri) => {
  expect(() => parseS3Uri(uri)).toThrow(
    new TypeError(`${JSON.stringify(uri)} is not a location in S3: give s3://bucket/key`),
  );
});

test('accepts the longest key of S3, and nothing much longer', () => {
  const Key = '😀'.repeat(256);
  expect(parseS3Uri(`https://bucket.s3.amazonaws.com/${encodeURIComponent(Key)}`)).toEqual({ Bucket: 'bucket', Key });
  expect(() => parseS3Uri(`s3://bucket/${'k'.repeat(4_096)}`)).toThrow(TypeError);
});

test('accepts a URI of exactly 4,096 characters, and quotes a text of exactly 128 whole', () => {
  const Key = 'k'.repeat(4_096 - 's3://bucket/'.length);
  expect(parseS3Uri(`s3://bucket/${Key}`)).toEqual({ Bucket: 'bucket', Key });
  expect(() => parseS3Uri(`s3://bucket/${Key}k`)).toThrow(TypeError);
  expect(() => parseS3Uri('x'.repeat(128))).toThrow(`"${'x'.repeat(128)}" is`);
  expect(() => parseS3Uri('x'.repeat(129))).toThrow(`"${'x'.repeat(128)}…" is`);
});

test.each([
  ['a host with many dots', 'https://' + 'a.s3.'.repeat(64_000)],
  ['many slashes', 'https://s3.' + '/'.repeat(320_000)],
  ['a long bucket', 's3://' + 'a'.repeat(320_000)],
])('fails on 320 kB at once, without repeating them: %s', (_, uri) => {
  const started = performance.now();
  expect(() => parseS3Uri(uri)).toThrow(/^.{1,200}$/);
  expect(performance.now() - started).toBeLessThan(1_000);
});
