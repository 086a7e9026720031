import { parseLocation } from '../../runtime';

test('the bucket and key of an object, in either form that SageMaker may report', () => {
  expect(parseLocation('s3://results/output/a.out')).toEqual({ Bucket: 'results', Key: 'output/a.out' });
  expect(parseLocation('https://s3.eu-west-1.amazonaws.com/results/output/a%20b.out')).toEqual({
    Bucket: 'results',
    Key: 'output/a b.out',
  });
});

test.each(['', 's3://bucket', 's3://bucket/', 'https://example.com/a/b'])('fails on %p', (location) => {
  expect(() => parseLocation(location)).toThrow(
    new TypeError(`"${location}" is not a location in S3: give s3://bucket/key`),
  );
});
