import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, CfnOutput, DefaultStackSynthesizer, Stack, Stage } from 'aws-cdk-lib';
import { Code, Function, Runtime } from 'aws-cdk-lib/aws-lambda';
import { synthesize } from '../../../local/app/synthesis';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'synthesis-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

function writeJson(path: string, content: object): void {
  writeFileSync(join(folder, path), JSON.stringify(content));
}

/** The command of an app that writes its environment into the output of a stack. */
function anApp(): string {
  const script = join(folder, 'app.js');
  writeFileSync(
    script,
    `
    const { writeFileSync } = require('node:fs');
    const out = process.env.CDK_OUTDIR;
    writeFileSync(out + '/manifest.json', JSON.stringify({ version: '36.0.0', artifacts: {
      Stack: { type: 'aws:cloudformation:stack', environment: 'aws://unknown-account/unknown-region', properties: { templateFile: 'a.json' } },
    } }));
    writeFileSync(out + '/a.json', JSON.stringify({ Outputs: { Environment: { Value: [
      process.env.CDK_DEFAULT_ACCOUNT, process.env.CDK_DEFAULT_REGION, typeof JSON.parse(process.env.CDK_CONTEXT_JSON),
    ] } } }));
  `,
  );
  return `node ${script}`;
}

test('an app runs with the environment that the CDK CLI provides', async () => {
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

test('the error of an app that fails contains the output of the app', async () => {
  const script = join(folder, 'broken.js');
  writeFileSync(script, 'console.error("no such prop"); process.exit(3)');
  await expect(synthesize(`node ${script}`, folder)).rejects.toThrow(/failed with exit code 3:\nno such prop/);
});

/** Synthesizes an app with a stage, whose stack has an output, and whose function has an asset with a prefixed key. */
function anAssembly(): string {
  const code = join(folder, 'code');
  mkdirSync(code);
  writeFileSync(join(code, 'index.js'), '');
  const app = new App({ outdir: join(folder, 'cdk.out') });
  const stage = new Stage(app, 'Stage', { env: { account: '111122223333', region: 'eu-west-1' } });
  const synthesizer = new DefaultStackSynthesizer({ bucketPrefix: 'assets/' });
  const stack = new Stack(stage, 'Stack', { stackName: 'Named', synthesizer });
  new CfnOutput(stack, 'Output', { value: 'x' });
  new Function(stack, 'Function', {
    runtime: Runtime.NODEJS_22_X,
    handler: 'index.handler',
    code: Code.fromAsset(code),
  });
  return app.synth().directory;
}

test('a folder with a cloud assembly is read with the stacks of its stages and with its assets', async () => {
  const [stack, ...others] = await synthesize(anAssembly(), '/nowhere');
  expect(others).toEqual([]);
  expect(stack).toMatchObject({
    name: 'Named',
    account: '111122223333',
    region: 'eu-west-1',
    template: { Outputs: { Output: { Value: 'x' } } },
  });
  const { Code } = Object.values(stack!.template.Resources!).find(({ Type }) => Type === 'AWS::Lambda::Function')!
    .Properties as { Code: { S3Key: string } };
  expect(Code.S3Key).toMatch(/^assets\/[0-9a-f]{64}\.zip$/);
  expect(readFileSync(join(stack!.assets.get(Code.S3Key)!, 'index.js'), 'utf8')).toBe('');
});

test('an assembly of a newer CDK is read like one of this CDK, in all its nested assemblies', async () => {
  const directory = anAssembly();
  const before = await synthesize(directory, '/nowhere');
  const newer = join(folder, 'newer');
  cpSync(directory, newer, { recursive: true });
  for (const path of ['newer/manifest.json', 'newer/assembly-Stage/manifest.json']) {
    const manifest = JSON.parse(readFileSync(join(folder, path), 'utf8')) as { artifacts: object };
    writeJson(path, {
      ...manifest,
      version: '999.0.0',
      minimumCliVersion: '99.0.0',
      artifacts: { ...manifest.artifacts, New: { type: 'a type of the future', properties: { x: 1 } } },
    });
  }
  const after = await synthesize(newer, '/nowhere');
  expect(after.map(({ name, template }) => [name, template])).toEqual(
    before.map(({ name, template }) => [name, template]),
  );
});
