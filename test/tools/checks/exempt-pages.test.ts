import { failures } from '../../../tools/checks/exempt-pages';

const passing = { page: 'docs/good.md', findings: [] };
const failing = { page: 'docs/bad.md', findings: ['docs/bad.md:1: first', 'docs/bad.md:2: second'] };

test('a check passes if every finding is on an exempt page', () => {
  expect(failures([passing], [])).toEqual([]);
  expect(failures([passing, failing], ['docs/bad.md'])).toEqual([]);
});

test('a check fails with every finding on a page that is not exempt', () => {
  expect(failures([passing, failing], [])).toEqual(failing.findings);
});

test.each(['docs/good.md', 'docs/deleted.md'])('the entry %s is stale, and fails the check', (page) => {
  expect(failures([passing, failing], ['docs/bad.md', page])).toEqual([
    expect.stringMatching(`^${page} passes or does not exist`),
  ]);
});
