import { below } from '../../../local/app/s3-location';

test('joins with one slash, whatever stands at the ends, and leaves out what is absent', () => {
  expect(below('s3://bucket/output/', undefined, '/a/b/', 'c.out')).toBe('s3://bucket/output/a/b/c.out');
  expect(below('s3://bucket', 'c.out')).toBe('s3://bucket/c.out');
});
