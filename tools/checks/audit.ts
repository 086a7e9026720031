// Known vulnerabilities in the packages that the shipped bundles hold. An audit of production dependencies would see none of them,
// since they are bundled from development dependencies.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { bundle } from '../bundle/bundle';

const root = join(import.meta.dirname, '..');
const { packages } = await bundle();
const bundled = new Map(packages.map(({ name, version }) => [name, version]));
const { stdout } = spawnSync('npm', ['audit', '--json'], { cwd: root, encoding: 'utf8' });
const { vulnerabilities } = JSON.parse(stdout);
if (!vulnerabilities) {
  console.log(`The registry answers no audit, so the ${bundled.size} bundled packages were not audited.`);
  process.exit(77);
}
const found = Object.values(vulnerabilities).filter(({ name }) => bundled.has(name));
found.forEach(({ name, severity, range }) => console.log(`${name} ${bundled.get(name)}: ${severity} (${range})`));
console.log(`${bundled.size} bundled packages audited, ${found.length} with known vulnerabilities`);
process.exit(found.length === 0 ? 0 : 1);
