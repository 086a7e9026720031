import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assertSameTemplates } from '../../../tools/languages/templates';

const work = mkdtempSync(join(tmpdir(), 'templates-'));
afterAll(() => rmSync(work, { recursive: true, force: true }));

function assembly(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(work, 'assembly-'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

const expected = assembly({ 'One.template.json': '{\n "a": 1\n}', 'One.assets.json': '{}', 'manifest.json': 'first' });

test('equal templates and asset manifests pass, whatever the manifest says', () => {
  const actual = assembly({ 'One.template.json': '{\n "a": 1\n}', 'One.assets.json': '{}', 'manifest.json': 'second' });
  expect(assertSameTemplates('Python', expected, actual)).toBe(1);
});

test.each([
  [
    'a template that differs',
    { 'One.template.json': '{\n "a": 2\n}', 'One.assets.json': '{}' },
    /One\.template\.json.*line 2/s,
  ],
  [
    'an asset manifest that differs',
    { 'One.template.json': '{\n "a": 1\n}', 'One.assets.json': '[]' },
    /One\.assets\.json/,
  ],
  ['a template that is missing', { 'One.assets.json': '{}' }, /One\.template\.json/],
  [
    'a template too many',
    { 'One.template.json': '{\n "a": 1\n}', 'One.assets.json': '{}', 'Two.template.json': '{}' },
    /Two\.template\.json/,
  ],
])('%s is an error', (_, files, message) => {
  expect(() => assertSameTemplates('Python', expected, assembly(files))).toThrow(message);
});

test('two assemblies without a template are an error', () => {
  expect(() => assertSameTemplates('Python', assembly({}), assembly({}))).toThrow('synthesized no template');
});
