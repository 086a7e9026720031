import { HTTP_HEADER_PREFIX, HTTP_HEADERS, TRUSTED_HTTP_HEADERS } from '../../../lib/contract/http-headers';
import { SECONDS_LIMITS, TEXT_LIMITS } from '../../../lib/contract/invoker';

test('every member but the payload has its header', () => {
  expect(Object.keys(HTTP_HEADERS).sort()).toEqual(Object.keys({ ...TEXT_LIMITS, ...SECONDS_LIMITS }).sort());
});

test('all headers have one prefix, and no two have the same name', () => {
  const names = Object.values(HTTP_HEADERS).map((name) => name.toLowerCase());
  expect(names.filter((name) => !name.startsWith(HTTP_HEADER_PREFIX))).toEqual([]);
  expect(new Set(names).size).toBe(names.length);
});

test('the trusted headers are those that choose what is read or where a result lands', () => {
  expect(TRUSTED_HTTP_HEADERS).toEqual([
    'X-Amzn-SageMaker-Filename',
    'X-Amzn-SageMaker-InputLocation',
    'X-Amzn-SageMaker-S3OutputPathExtension',
  ]);
});
