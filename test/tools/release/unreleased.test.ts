import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { hasUnreleasedBlocks, withoutUnreleasedBlocks } from '../../../tools/release/unreleased';

test('blocks between the comments are removed, and nothing else', () => {
  const block = (text: string) => `<!-- unreleased -->\n\n${text}\n\n<!-- /unreleased -->\n`;
  const page = `# Title\n\n${block('Not yet published.')}\nText.\n\n${block('Build it.')}\n## Next\n`;
  expect(hasUnreleasedBlocks(page)).toBe(true);
  expect(withoutUnreleasedBlocks(page)).toBe('# Title\n\nText.\n\n## Next\n');
});

test('README.md says that nothing is published only in such blocks', () => {
  const readme = readFileSync(join(__dirname, '../../../README.md'), 'utf8');
  const released = withoutUnreleasedBlocks(readme);
  expect(hasUnreleasedBlocks(released)).toBe(false);
  expect(released).not.toMatch(/not yet published|first\s+release|npm run package/i);
  expect(released).toMatch(/^npm install cdk-sagemaker-async-inference /m);
});
