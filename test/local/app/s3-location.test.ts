import fc from 'fast-check';
import { below, readS3Uri } from '../../../local/app/s3-location';

const bucket = fc.stringMatching(/^[a-z0-9][a-z0-9-]{1,20}[a-z0-9]$/).filter((name) => !name.startsWith('s3'));
const key = fc.stringMatching(/^[a-zA-Z0-9!_.*'()/-]{0,40}$/).filter((text) => !text.startsWith('/'));

test('reads each form of a URI', () => {
  fc.assert(
    fc.property(bucket, key, (name, path) => {
      for (const uri of [
        `s3://${name}/${path}`,
        `https://${name}.s3.eu-west-1.amazonaws.com/${path}`,
        `https://s3.eu-west-1.amazonaws.com/${name}/${path}`,
      ])
        expect(readS3Uri(uri)).toEqual({ bucket: name, key: path });
    }),
  );
});

test('reads a bucket with dots, and one without a key', () => {
  expect(readS3Uri('https://my.bucket.s3.amazonaws.com/a/b')).toEqual({ bucket: 'my.bucket', key: 'a/b' });
  expect(readS3Uri('s3://bucket')).toEqual({ bucket: 'bucket', key: '' });
});

test.each(['', 'bucket/key', 'http://bucket.s3.amazonaws.com/key', 'https://example.com/key'])(
  'fails for "%s"',
  (uri) => {
    expect(() => readS3Uri(uri)).toThrow(`"${uri}" is not a location in S3`);
  },
);

test('joins with one slash, whatever stands at the ends, and leaves out what is absent', () => {
  expect(below('s3://bucket/output/', undefined, '/a/b/', 'c.out')).toBe('s3://bucket/output/a/b/c.out');
  expect(below('s3://bucket', 'c.out')).toBe('s3://bucket/c.out');
});
