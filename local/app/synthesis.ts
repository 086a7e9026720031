import { spawn } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { AssetManifestArtifact, CloudAssembly, UNKNOWN_ACCOUNT, UNKNOWN_REGION } from '@aws-cdk/cloud-assembly-api';
import type { CloudFormationStackArtifact } from '@aws-cdk/cloud-assembly-api';
import { killOnExit } from './kill-on-exit';

/** The only account that the local services have. */
export const LOCAL_ACCOUNT = '000000000000';

/** The region of an environment-agnostic stack. */
const DEFAULT_REGION = 'us-east-1';

/** A stack of a cloud assembly. */
export interface SynthesizedStack {
  readonly name: string;
  readonly account: string;
  readonly region: string;
  readonly template: TemplateBody;
  /** The paths of files and folders, by the S3 key that the template gives them. */
  readonly assets: ReadonlyMap<string, string>;
}

/** The parts of a CloudFormation template that the local run reads. */
export interface TemplateBody {
  readonly Resources?: Readonly<
    Record<string, { readonly Type: string; readonly Condition?: string; readonly Properties?: unknown }>
  >;
  readonly Parameters?: Readonly<Record<string, { readonly Default?: unknown }>>;
  readonly Mappings?: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;
  readonly Conditions?: Readonly<Record<string, unknown>>;
  readonly Outputs?: Readonly<
    Record<string, { readonly Value: unknown; readonly Export?: { readonly Name: unknown } }>
  >;
}

/**
 * Synthesizes a CDK app into a folder and reads its stacks, as `cdk synth` does but without the start of the CDK CLI.
 *
 * @param app a command, or a folder with a cloud assembly, like the `--app` option of the CDK CLI
 * @throws Error with the output of the app if the app fails
 */
export async function synthesize(app: string, outdir: string): Promise<SynthesizedStack[]> {
  if (existsSync(app) && statSync(app).isDirectory()) return readAssembly(app);
  await run(app, { CDK_OUTDIR: outdir, CDK_CONTEXT_JSON: JSON.stringify(readContext()) });
  return readAssembly(outdir);
}

/** The app of cdk.json. */
export function defaultApp(): string {
  const { app } = readJson<{ app?: string }>('cdk.json');
  if (!app) throw new Error('cdk.json has no "app". Set it, or use --app.');
  return app;
}

function readContext(): object {
  return {
    ...(existsSync('cdk.context.json') && readJson<object>('cdk.context.json')),
    ...(existsSync('cdk.json') && readJson<{ context?: object }>('cdk.json').context),
  };
}

async function run(command: string, environment: Record<string, string>): Promise<void> {
  const child = spawn(command, {
    shell: true,
    // A process group of its own, because a killed shell leaves the processes that it started.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, CDK_DEFAULT_ACCOUNT: LOCAL_ACCOUNT, CDK_DEFAULT_REGION: DEFAULT_REGION, ...environment },
  });
  killOnExit(child, () => process.kill(-child.pid!, 'SIGKILL'));
  const output: string[] = [];
  child.stdout.on('data', (chunk) => output.push(String(chunk)));
  child.stderr.on('data', (chunk) => output.push(String(chunk)));
  const status = await new Promise((resolve) => child.once('close', resolve));
  if (status !== 0)
    throw new Error(`The app "${command}" failed with exit code ${String(status)}:\n${output.join('')}`);
}

function readAssembly(directory: string): SynthesizedStack[] {
  // The local run reads few properties, which have not changed for years, so it accepts an assembly of a newer CDK as well.
  // Nested assemblies are read here, because the library would check their versions.
  const { artifacts, stacks, nestedAssemblies } = new CloudAssembly(directory, { skipVersionCheck: true });
  const assets = new Map(artifacts.filter(AssetManifestArtifact.isAssetManifestArtifact).flatMap(readAssets));
  return [
    ...stacks.map((stack) => readStack(stack, assets)),
    ...nestedAssemblies.flatMap(({ fullPath }) => readAssembly(fullPath)),
  ];
}

function readAssets({ file, contents }: AssetManifestArtifact): [objectKey: string, path: string][] {
  return Object.values(contents.files ?? {}).flatMap(({ source: { path }, destinations }) =>
    path === undefined
      ? []
      : Object.values(destinations).map(({ objectKey }): [string, string] => [objectKey, join(dirname(file), path)]),
  );
}

function readStack(
  { stackName, environment: { account, region }, template }: CloudFormationStackArtifact,
  assets: SynthesizedStack['assets'],
): SynthesizedStack {
  return {
    name: stackName,
    account: account === UNKNOWN_ACCOUNT ? LOCAL_ACCOUNT : account,
    region: region === UNKNOWN_REGION ? DEFAULT_REGION : region,
    template: template as TemplateBody,
    assets,
  };
}

function readJson<T>(path: string): T {
  return JSON.parse(readFileSync(path, 'utf8')) as T;
}
