import { absoluteLinks } from '../../../tools/package/absolute-links';

test.each([
  ['[docs](docs/invoker.md)', '[docs](base/docs/invoker.md)'],
  ['[a part](docs/invoker.md#sqs)', '[a part](base/docs/invoker.md#sqs)'],
  ['![picture](docs/one.svg "title")', '![picture](base/docs/one.svg "title")'],
  [
    '[`code`](bin/example.ts) and [API](docs/api/README.md)',
    '[`code`](base/bin/example.ts) and [API](base/docs/api/README.md)',
  ],
  ['[here](#scaling)', '[here](#scaling)'],
  ['[AWS](https://docs.aws.amazon.com/)', '[AWS](https://docs.aws.amazon.com/)'],
  ['[mail](mailto:somebody@example.com)', '[mail](mailto:somebody@example.com)'],
  ['```ts\ncall[index](argument);\n```', '```ts\ncall[index](argument);\n```'],
])('%s becomes %s', (markdown, expected) => {
  expect(absoluteLinks(markdown, 'base/')).toBe(expected);
});
