import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BundledPackage } from '../bundle/bundle';
import { metadata, repositoryUrl, ROOT } from '../package/metadata';

interface Lockfile {
  readonly packages: Readonly<Record<string, { readonly version?: string; readonly integrity?: string }>>;
}

/**
 * The software bill of materials in CycloneDX's format: the packages that the Lambda bundles contain. The package has no
 * dependencies at run time, so a tool that reads package.json finds none of them.
 */
export function sbom(packages: readonly BundledPackage[]): object {
  const lockfile = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as Lockfile;
  const reference = purl(metadata.name, metadata.version);
  return {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: {
      component: {
        type: 'library',
        'bom-ref': reference,
        name: metadata.name,
        version: metadata.version,
        description: metadata.description,
        licenses: [{ license: { id: metadata.license } }],
        purl: reference,
        externalReferences: [{ type: 'vcs', url: repositoryUrl }],
      },
    },
    components: packages.map(({ name, version, license }) => ({
      type: 'library',
      'bom-ref': purl(name, version),
      name,
      version,
      scope: 'required',
      hashes: [sha512(lockfile, name, version)],
      licenses: [{ license: { id: license } }],
      purl: purl(name, version),
    })),
    dependencies: [{ ref: reference, dependsOn: packages.map(({ name, version }) => purl(name, version)) }],
  };
}

const purl = (name: string, version: string) => `pkg:npm/${name.replace('@', '%40')}@${version}`;

/** The hash of the archive that the registry serves, which the lockfile pins. */
function sha512({ packages }: Lockfile, name: string, version: string): { alg: string; content: string } {
  const entry = Object.entries(packages).find(
    ([path, { version: locked }]) => path.endsWith(`node_modules/${name}`) && locked === version,
  );
  const [, base64] = /^sha512-(.+)$/.exec(entry?.[1].integrity ?? '') ?? [];
  if (!base64) throw new Error(`package-lock.json pins no hash of ${name} ${version}`);
  return { alg: 'SHA-512', content: Buffer.from(base64, 'base64').toString('hex') };
}
