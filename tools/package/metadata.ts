import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export const ROOT = join(__dirname, '../..');

interface PackageJson {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly license: string;
  readonly repository: { readonly url: string };
  readonly jsii: { readonly targets: { readonly go: { readonly moduleName: string } } };
  readonly peerDependencies: Readonly<Record<string, string>>;
}

/** The package.json of this repository. */
export const metadata = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as PackageJson;

/** The web address of this repository, from the one field that names its owner. */
export const repositoryUrl = metadata.repository.url.replace(/^git\+/, '').replace(/\.git$/, '');

/** The Go module, which jsii names after the package. */
export const goModule = `${metadata.jsii.targets.go.moduleName}/${metadata.name.replaceAll('-', '')}`;

/** The oldest version of a peer that the package supports. */
export function peerFloor(name: string): string {
  const range = metadata.peerDependencies[name];
  if (!range?.startsWith('^')) throw new Error(`${name} is not a peer with a caret range`);
  return range.slice(1);
}
