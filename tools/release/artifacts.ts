// Writes the bill of materials and the checksums of the packages in `pkg`.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundle } from '../bundle/bundle';
import { ROOT } from '../package/metadata';
import { checksums } from './checksums';
import { sbom } from './sbom';

const PACKAGES = join(ROOT, 'pkg');

async function writeArtifacts(): Promise<void> {
  const { packages } = await bundle();
  const bill = JSON.stringify(sbom(packages), undefined, 2);
  writeFileSync(join(PACKAGES, 'sbom.cdx.json'), `${bill}\n`);
  writeFileSync(join(PACKAGES, 'SHA256SUMS'), checksums(PACKAGES));
  process.stdout.write(`bill of materials of ${packages.length} bundled packages, and checksums, in pkg\n`);
}

void writeArtifacts();
