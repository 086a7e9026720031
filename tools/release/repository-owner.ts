/** The owner in this repository until somebody chooses one. Nothing can be released under it. */
export const PLACEHOLDER_OWNER = 'example-owner';

/** The owner in the address of a repository on GitHub. */
export function ownerOf(repositoryUrl: string): string {
  const [, owner] = /github\.com\/([^/]+)\//.exec(repositoryUrl) ?? [];
  if (!owner) throw new Error(`repository.url must be a repository on GitHub, got ${repositoryUrl}`);
  return owner;
}

/** Writes another owner into a text: into addresses on GitHub, Maven's group, Java's package and the Go module. */
export function withOwner(text: string, from: string, to: string): string {
  return [
    [`github.com/${from}/`, `github.com/${to}/`],
    [`raw.githubusercontent.com/${from}/`, `raw.githubusercontent.com/${to}/`],
    [`--repo ${from}/`, `--repo ${to}/`],
    [`io.github.${mavenGroup(from)}`, `io.github.${mavenGroup(to)}`],
    [`io.github.${javaIdentifier(from)}`, `io.github.${javaIdentifier(to)}`],
  ].reduce((result, [old, current]) => result.replaceAll(wholeName(old!), current!), text);
}

/** Whether GitHub accepts this as the name of a user or an organization. */
export function isOwner(name: string): boolean {
  return /^(?=.{1,39}$)[a-z\d]+(-[a-z\d]+)*$/i.test(name);
}

const mavenGroup = (owner: string) => owner.toLowerCase();

/** A Java identifier has no hyphen and starts with no digit. */
const javaIdentifier = (owner: string) =>
  owner
    .toLowerCase()
    .replaceAll('-', '_')
    .replace(/^(?=\d)/, '_');

/** The name where it ends, and not as the start of a longer one. */
const wholeName = (name: string) =>
  new RegExp(name.replace(/[.]/g, '\\.') + (name.endsWith('/') ? '' : '(?![\\w-])'), 'g');
