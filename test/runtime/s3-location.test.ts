import fc from 'fast-check';
import { parseLocation } from '../../runtime/s3-location';

const bucket = fc.stringMatching(/^[a-z0-9][a-z0-9-]{1,20}[a-z0-9]$/);
const key = fc.string({ minLength: 1, unit: 'grapheme' }).filter((text) => text.isWellFormed());

test('a location is taken apart, in whichever of its forms it comes', () => {
  fc.assert(
    fc.property(bucket, key, (Bucket, Key) => {
      const escaped = Key.split('/').map(encodeURIComponent).join('/');
      for (const location of [
        `s3://${Bucket}/${Key}`,
        `https://${Bucket}.s3.eu-west-1.amazonaws.com/${escaped}`,
        `https://s3.eu-west-1.amazonaws.com/${Bucket}/${escaped}`,
        `https://s3-eu-west-1.amazonaws.com/${Bucket}/${escaped}`,
        `https://${Bucket}.s3.cn-north-1.amazonaws.com.cn/${escaped}`,
      ])
        expect(parseLocation(location)).toEqual({ Bucket, Key });
    }),
  );
});

test('a bucket with dots is told from the host', () => {
  expect(parseLocation('https://my.s3.bucket.s3.eu-west-1.amazonaws.com/k')).toEqual({
    Bucket: 'my.s3.bucket',
    Key: 'k',
  });
});

test.each(['', 's3://bucket', 's3://bucket/', 'http://b.s3.amazonaws.com/k', '/a/b', 'https://example.com/a/b'])(
  'fails on %p',
  (location) => {
    expect(() => parseLocation(location)).toThrow(/is no location of an object in S3: give s3:\/\/bucket\/key/);
  },
);
