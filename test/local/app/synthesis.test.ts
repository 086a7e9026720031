import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { synthesize } from '../../../local/app/synthesis';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'synthesis-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

/** An app that writes an assembly of one stack, which tells the app's environment. */
function anApp(): string {
  const script = join(folder, 'app.js');
  writeFileSync(
    script,
    `
    const { writeFileSync } = require('node:fs');
    const out = process.env.CDK_OUTDIR;
    writeFileSync(out + '/manifest.json', JSON.stringify({ artifacts: {
      Stack: { type: 'aws:cloudformation:stack', environment: 'aws://unknown-account/unknown-region', properties: { templateFile: 'a.json' } },
      Tree: { type: 'cdk:tree' },
    } }));
    writeFileSync(out + '/a.json', JSON.stringify({ Outputs: { Environment: { Value: [
      process.env.CDK_DEFAULT_ACCOUNT, process.env.CDK_DEFAULT_REGION, typeof JSON.parse(process.env.CDK_CONTEXT_JSON),
    ] } } }));
  `,
  );
  return `node ${script}`;
}

test('runs an app into a folder, as the CDK CLI does', async () => {
  expect(await synthesize(anApp(), folder)).toEqual([
    {
      name: 'Stack',
      account: '000000000000',
      region: 'us-east-1',
      template: { Outputs: { Environment: { Value: ['000000000000', 'us-east-1', 'object'] } } },
      assets: new Map(),
    },
  ]);
});

test('fails with what the app printed', async () => {
  const script = join(folder, 'broken.js');
  writeFileSync(script, 'console.error("no such prop"); process.exit(3)');
  await expect(synthesize(`node ${script}`, folder)).rejects.toThrow(/ended with status 3:\nno such prop/);
});

test('reads a folder that was synthesised before, with its nested assemblies and its assets', async () => {
  const write = (path: string, content: object): void => writeFileSync(join(folder, path), JSON.stringify(content));
  mkdirSync(join(folder, 'assembly-Stage'));
  write('manifest.json', {
    artifacts: { Stage: { type: 'cdk:cloud-assembly', properties: { directoryName: 'assembly-Stage' } } },
  });
  write('assembly-Stage/manifest.json', {
    artifacts: {
      Assets: { type: 'cdk:asset-manifest', properties: { file: 'assets.json' } },
      'Stage-Stack': {
        type: 'aws:cloudformation:stack',
        environment: 'aws://111122223333/eu-west-1',
        properties: { templateFile: 'stack.json', stackName: 'Named' },
      },
    },
  });
  write('assembly-Stage/assets.json', { files: { abc: { source: { path: '../asset.abc' } } } });
  write('assembly-Stage/stack.json', {});
  expect(await synthesize(folder, '/nowhere')).toEqual([
    {
      name: 'Named',
      account: '111122223333',
      region: 'eu-west-1',
      template: {},
      assets: new Map([['abc', join(folder, 'asset.abc')]]),
    },
  ]);
});
