// Known vulnerabilities in the packages that the shipped bundles contain. An audit of production dependencies does not see them,
// because the bundles are built from development dependencies.
import { bundle } from '../bundle/bundle';
import { CheckError, part, ROOT, run, SkipError } from './part';

interface Audit {
  readonly vulnerabilities?: Readonly<
    Record<string, { readonly name: string; readonly severity: string; readonly range: string }>
  >;
}

void part(async () => {
  const { packages } = await bundle();
  const versions = new Map(packages.map(({ name, version }) => [name, version]));
  const { vulnerabilities } = JSON.parse(run('npm', ['audit', '--json'], { cwd: ROOT }).stdout) as Audit;
  if (!vulnerabilities) {
    throw new SkipError(`The registry offers no audit. The ${versions.size} bundled packages were not audited.`);
  }
  const found = Object.values(vulnerabilities)
    .filter(({ name }) => versions.has(name))
    .map(({ name, severity, range }) => `${name} ${versions.get(name)}: ${severity} (${range})`);
  if (found.length > 0) throw new CheckError(found.join('\n'));
  console.log(`${versions.size} bundled packages have no known vulnerability`);
});
