import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = join(__dirname, '../../docs/adr');
const read = (file: string) => readFileSync(join(FOLDER, file), 'utf8');
const pages = readdirSync(FOLDER).filter((file) => file !== 'README.md');

test('decisions are numbered without gaps, and listed', () => {
  expect(pages.map((file) => file.slice(0, 5))).toEqual(pages.map((_, i) => `${String(i + 1).padStart(4, '0')}-`));
  const listed = [...read('README.md').matchAll(/^\| \[.*?\]\((.*?)\)/gm)].map(([, file]) => file);
  expect(listed).toEqual(pages);
});

test.each(pages)('%s has a context, a decision and its consequences', (file) => {
  expect(read(file).match(/^## .*$/gm)).toEqual(['## Context', '## Decision', '## Consequences']);
});
