import { withCompiledExample } from '../../../tools/package/go-readme';

const readme = '# Page\n\n```sh\ngo mod tidy\n```\n\n```go\nwrong\n```\n\nText\n';

test('the translated example becomes the one that compiles, whatever characters it has', () => {
  expect(withCompiledExample(readme, 'package main // $& $1\n')).toBe(
    readme.replace('wrong', () => 'package main // $& $1'),
  );
});

test.each([
  ['no example', '# Page\n', 0],
  ['two examples', readme + readme, 2],
])('%s is an error', (_, page, count) => {
  expect(() => withCompiledExample(page, 'package main')).toThrow(`must have one Go example, got ${count}`);
});
