// What users get: the tarball in an empty project that has only the two peers, at their lowest and at their newest versions,
// synthesized without esbuild and Docker. The asset of the invoker must be the one of the source checkout.
import { mkdtempSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CheckError, fetchOrSkip, INSTALL, output, part, readJson, ROOT } from './part';

const APP = readFileSync(join(__dirname, 'consumer-app.cjs'), 'utf8');

/** Packages that the library must not bring into a project. */
const UNWANTED = ['esbuild', '@aws-sdk', 'cdk-nag'];

const { peerDependencies } = readJson<{ readonly peerDependencies: Readonly<Record<string, string>> }>(
  ROOT,
  'package.json',
);
const peers = (version: (range: string) => string) =>
  Object.entries(peerDependencies).map(([name, range]) => `${name}@${version(range)}`);

/** The hash of the only Lambda asset in a cloud assembly. */
function lambdaAsset(folder: string): string {
  const { files } = readJson<{ files: Record<string, { source: { path: string } }> }>(folder, 'Consumer.assets.json');
  const hashes = Object.keys(files).filter((hash) => files[hash]!.source.path.endsWith('.zip'));
  if (hashes.length !== 1) throw new CheckError(`expected one Lambda asset, got ${hashes.length}`);
  return hashes[0]!;
}

/** Synthesizes the app in a new project that has the tarball and these versions of its peers. */
function synthesizeIn(folder: string, tarball: string, requirements: readonly string[]): string {
  const project = mkdtempSync(join(folder, 'project-'));
  writeFileSync(join(project, 'package.json'), '{ "private": true }');
  writeFileSync(join(project, 'app.js'), APP);
  output('npm', [...INSTALL, tarball, ...requirements], { cwd: project });
  const unwanted = readdirSync(join(project, 'node_modules')).filter((name) => UNWANTED.includes(name));
  if (unwanted.length > 0) throw new CheckError(`the library installs ${unwanted.join(', ')}`);
  output('node', ['app.js'], { cwd: project, env: { CDK_OUTDIR: join(project, 'cdk.out') } });
  return project;
}

void part((folder) => {
  writeFileSync(join(folder, 'app.js'), APP);
  output('npm', ['pack', '--ignore-scripts', '--pack-destination', folder], { cwd: ROOT });
  const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz'))!;
  output('npx', ['--no-install', 'tsx', join(folder, 'app.js'), join(ROOT, 'lib/index.ts')], {
    cwd: ROOT,
    env: { CDK_OUTDIR: join(folder, 'source'), NODE_PATH: join(ROOT, 'node_modules') },
  });
  const expected = lambdaAsset(join(folder, 'source'));

  fetchOrSkip('the newest CDK', 'npm', ['view', 'aws-cdk-lib@2', 'version'], folder);
  for (const requirements of [peers((range) => range.replace('^', '')), peers((range) => range.split('.')[0]!)]) {
    const project = synthesizeIn(folder, join(folder, tarball), requirements);
    const versions = Object.keys(peerDependencies)
      .map((name) => `${name} ${readJson<{ version: string }>(project, 'node_modules', name, 'package.json').version}`)
      .join(', ');
    const asset = lambdaAsset(join(project, 'cdk.out'));
    if (asset !== expected) throw new CheckError(`${versions}: expected the Lambda asset ${expected}, got ${asset}`);
    console.log(`${versions}: synthesized, with the Lambda asset of the source checkout`);
  }
});
