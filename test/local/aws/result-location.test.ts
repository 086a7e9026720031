import { DEFAULT_ASSUMPTIONS } from '../../../local/aws/assumptions';
import { resultLocations } from '../../../local/aws/result-location';

test('the parts of a location are joined by one slash, regardless of the slashes at their ends', () => {
  const request = { S3OutputPathExtension: '/a/b/', Filename: 'c.out' };
  for (const outputPath of ['s3://bucket/output', 's3://bucket/output/']) {
    expect(resultLocations({ outputPath }, request, 'id', DEFAULT_ASSUMPTIONS)).toEqual({
      outputLocation: 's3://bucket/output/a/b/c.out',
    });
  }
});
