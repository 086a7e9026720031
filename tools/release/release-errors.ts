import { ownerOf, PLACEHOLDER_OWNER } from './repository-owner';
import { hasUnreleasedBlocks } from './unreleased';

export interface ReleaseCandidate {
  readonly tag: string;
  readonly version: string;
  readonly changelog: string;
  readonly readme: string;
  readonly repositoryUrl: string;
}

/** Everything that stands between a commit and its release. */
export function releaseErrors({ tag, version, changelog, readme, repositoryUrl }: ReleaseCandidate): string[] {
  const errors: string[] = [];
  if (ownerOf(`${repositoryUrl}/`) === PLACEHOLDER_OWNER) {
    errors.push(`the owner of the repository is still ${PLACEHOLDER_OWNER}: run \`npm run set-repository OWNER\``);
  }
  if (tag !== `v${version}`) errors.push(`the tag must be v${version}, the version in package.json, got '${tag}'`);
  const sections = sectionsOf(changelog);
  const [heading, notes] = sections.find(([title]) => title === version || title.startsWith(`${version} `)) ?? [];
  if (heading === undefined) {
    errors.push(`CHANGELOG.md must have the heading \`## ${version} - YYYY-MM-DD\``);
  } else {
    if (!/^\S+ - \d{4}-\d{2}-\d{2}$/.test(heading)) {
      errors.push(
        `the heading of ${version} in CHANGELOG.md must end with a date such as 2026-01-31, got '${heading}'`,
      );
    }
    if (!notes) errors.push(`CHANGELOG.md must say what changed in ${version}`);
  }
  if (sections.some(([title, text]) => title === 'Unreleased' && text)) {
    errors.push(`CHANGELOG.md must have nothing under "Unreleased": move it under ${version}`);
  }
  if (hasUnreleasedBlocks(readme)) {
    errors.push('README.md has blocks that only hold until the first release: run `npm run release:readme`');
  }
  return errors;
}

/** The release notes of a version, which the changelog holds. */
export function releaseNotes(changelog: string, version: string): string {
  const [, notes] = sectionsOf(changelog).find(([title]) => title.startsWith(`${version} `)) ?? [];
  if (!notes) throw new Error(`CHANGELOG.md says nothing about ${version}`);
  return notes;
}

/** The headings of the second level with their texts. */
function sectionsOf(changelog: string): [title: string, text: string][] {
  return changelog
    .split(/^## /m)
    .slice(1)
    .map((section) => {
      const [title = '', ...lines] = section.split('\n');
      return [title.replace(/[[\]]/g, '').trim(), lines.join('\n').trim()];
    });
}
