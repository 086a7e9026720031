import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '..');

/** The tests of more than one source file, with what they test. */
const WITHOUT_SOURCE: Readonly<Record<string, string>> = {
  'docs/adr.test.ts': 'the pages of decisions',
  'docs/migration.test.ts': 'the steps of a page',
  'docs/image-tags.test.ts': 'the tags on all pages',
  'docs/models.test.ts': 'the figures of a page',
  'docs/questions.test.ts': 'the answers on all pages',
  'docs/regions.test.ts': 'the list of a page',
  'docs/scale.test.ts': 'the figures of a page',
  'docs/troubleshooting.test.ts': 'the errors of all folders',
  'examples/examples.test.ts': 'all examples',
  'examples/readme.test.ts': 'the index of all examples',
  'import-boundaries.test.ts': 'the imports of all folders',
  'languages/versions.test.ts': 'the projects in other languages',
  'lib/core/third-party-endpoint.test.ts': 'an implementation of the interface of endpoints by a user',
  'lib/logical-ids.test.ts': 'the resources of all constructs',
  'links.test.ts': 'the links in all files',
  'local/demo/check-node-version.test.ts': 'check-node-version.cjs, which old versions of Node.js must be able to read',
  'permissions/local-run.test.ts': 'the permissions of the whole app, in the local run',
  'permissions/permissions.test.ts': 'the permissions of all roles',
  'permissions/wildcards.test.ts': 'the permissions of all roles',
  'runtime/types.test.ts': 'the types of the compiled module',
  'test-files.test.ts': 'the files of all tests',
  'updates/compositions.test.ts': 'updates of several apps',
  'updates/order-of-events.test.ts': 'updates of the whole app',
  'updates/procedures.test.ts': 'updates of the whole app',
  'updates/prop-changes.test.ts': 'the props of all constructs',
  'updates/questions.test.ts': 'updates of the whole app',
  'updates/releases.test.ts': 'updates of the whole app',
  'updates/sweep.apart.test.ts': 'updates of the whole app',
  'updates/sweep.layouts.test.ts': 'updates of the whole app',
  'updates/sweep.one-stack.test.ts': 'updates of the whole app',
  'updates/sweep.retained.test.ts': 'updates of the whole app',
};

const files = readdirSync(__dirname, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.test.ts'))
  .map((file) => file.replaceAll('\\', '/'));

/** The file that a test is named after, with an aspect or without one. */
function hasSource(file: string): boolean {
  const path = file.replace('.test.ts', '');
  return [path, path.replace(/\.[^./]+$/, '')].some((source) => existsSync(join(ROOT, `${source}.ts`)));
}

test('each test file has the path of the source file that it tests', () => {
  const orphans = files.filter((file) => !hasSource(file) && !(file in WITHOUT_SOURCE));
  expect(
    orphans.map((file) => `test/${file}: give it the path of its source, or add it to WITHOUT_SOURCE with the reason`),
  ).toEqual([]);
});

test('each exception is necessary', () => {
  const unnecessary = Object.keys(WITHOUT_SOURCE).filter((file) => !files.includes(file) || hasSource(file));
  expect(unnecessary.map((file) => `remove ${file} from WITHOUT_SOURCE`)).toEqual([]);
});
