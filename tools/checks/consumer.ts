// What users get: the tarball in an empty project that has only the two peers, at their floor and at their newest, synthesised
// without esbuild and Docker. The Lambda's asset must be the one that the source checkout has.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const { peerDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const floor = Object.entries(peerDependencies).map(([name, range]) => `${name}@${range.replace('^', '')}`);
const newest = Object.keys(peerDependencies).map((name) => `${name}@${peerDependencies[name].split('.')[0]}`);

const app = `
const { App, Stack } = require('aws-cdk-lib');
const { AsyncInferenceEndpoint, ContainerImage, InferenceModel, InstanceType } = require(process.argv[2] ?? 'cdk-sagemaker-async-inference');
const stack = new Stack(new App(), 'Consumer');
new AsyncInferenceEndpoint(stack, 'Endpoint', {
  model: InferenceModel.fromContainer({ image: ContainerImage.fromDlc('djl-inference', '0.30') }),
  instanceType: InstanceType.G5_XLARGE,
});
`;

const run = (command, args, cwd, env = {}) =>
  execFileSync(command, args, { cwd, env: { ...process.env, ...env }, encoding: 'utf8' });

function lambdaAssets(outdir) {
  const { files } = JSON.parse(readFileSync(join(outdir, 'Consumer.assets.json'), 'utf8'));
  const hashes = Object.entries(files)
    .filter(([, { source }]) => source.path.endsWith('.zip'))
    .map(([hash]) => hash);
  if (hashes.length !== 1) throw new Error(`expected one Lambda asset, found ${hashes.length}`);
  return hashes[0];
}

const work = mkdtempSync(join(tmpdir(), 'consumer-'));
try {
  writeFileSync(join(work, 'app.js'), app);
  run('npm', ['pack', '--ignore-scripts', '--pack-destination', work], root);
  const tarball = join(
    work,
    readdirSync(work).find((name) => name.endsWith('.tgz')),
  );
  run('npx', ['--no-install', 'tsx', join(work, 'app.js'), join(root, 'lib/index.ts')], root, {
    CDK_OUTDIR: join(work, 'source'),
    NODE_PATH: join(root, 'node_modules'),
  });
  const expected = lambdaAssets(join(work, 'source'));

  for (const [name, peers] of [
    ['floor', floor],
    ['newest', newest],
  ]) {
    const project = mkdtempSync(join(work, `${name}-`));
    writeFileSync(join(project, 'package.json'), '{ "private": true }');
    writeFileSync(join(project, 'app.js'), app);
    run('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', tarball, ...peers], project);
    const installed = readdirSync(join(project, 'node_modules')).filter((entry) => !entry.startsWith('.'));
    const strangers = installed.filter((entry) => ['esbuild', '@aws-sdk', 'cdk-nag'].includes(entry));
    if (strangers.length > 0) throw new Error(`the library brings ${strangers} with it`);
    run('node', ['app.js'], project, { CDK_OUTDIR: join(project, 'cdk.out') });
    const asset = lambdaAssets(join(project, 'cdk.out'));
    if (asset !== expected)
      throw new Error(`${name}: the Lambda's asset is ${asset}, and ${expected} in the source checkout`);
    const versions = Object.keys(peerDependencies).map(
      (peer) =>
        `${peer} ${JSON.parse(readFileSync(join(project, 'node_modules', peer, 'package.json'), 'utf8')).version}`,
    );
    console.log(`${name} (${versions.join(', ')}): synthesised, with the same Lambda asset as the source checkout`);
  }
} finally {
  rmSync(work, { recursive: true, force: true });
}
