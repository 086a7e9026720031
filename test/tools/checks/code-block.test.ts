import { codeBlocksOf, withSources } from '../../../tools/checks/code-block';

const PAGE = `# Queues

<!-- source: examples/sqs/app.ts#queue -->
\`\`\`ts
old();
\`\`\`

1. An item.

   \`\`\`python title="app.py"
   if True:
       pass
   \`\`\`
`;

test('a block has its language, its line, its source and its code without the indentation of a list', () => {
  expect(codeBlocksOf('docs/queues.md', PAGE)).toEqual([
    { page: 'docs/queues.md', line: 5, language: 'ts', code: 'old();\n', source: 'examples/sqs/app.ts#queue' },
    { page: 'docs/queues.md', line: 11, language: 'python', code: 'if True:\n    pass\n' },
  ]);
});

test('only a block with a source is replaced, and a second time changes nothing', () => {
  const updated = withSources(PAGE, (source) => `// ${source}\n`);
  expect(updated).toBe(PAGE.replace('old();', '// examples/sqs/app.ts#queue'));
  expect(withSources(updated, (source) => `// ${source}\n`)).toBe(updated);
});
