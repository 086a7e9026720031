import { memberErrors, membersOfText } from '../../../lambda/invoker/members';

test('text that looks like a number is a number where the API has one, and text elsewhere', () => {
  const texts = { RequestTTLSeconds: '60', Filename: '123', CustomAttributes: '7', Accept: undefined };
  expect(membersOfText(texts)).toEqual({ RequestTTLSeconds: 60, Filename: '123', CustomAttributes: '7' });
});

test('an error names what is wrong and nothing else', () => {
  expect(memberErrors({ Accept: ' x' }, [])).toEqual([
    'Accept is " x" (2 characters): give printable ASCII without a space at either end',
  ]);
});

test.each([
  [512, ['give a path without "." or ".." as a segment']],
  [513, ['give 1 to 512 characters']],
])('S3OutputPathExtension of %d characters with a dot segment has one error', (length, errors) => {
  const path = `../${'x'.repeat(length - 3)}`;
  expect(memberErrors({ S3OutputPathExtension: path }, [])).toEqual(
    errors.map((error) => expect.stringContaining(error) as string),
  );
});
