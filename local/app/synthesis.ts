import { spawn } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { guard } from './child';

/** The one account that the local services know. */
export const LOCAL_ACCOUNT = '000000000000';

/** The region of an environment-agnostic stack. */
const DEFAULT_REGION = 'us-east-1';

/** A stack as an app synthesised it. */
export interface SynthesizedStack {
  readonly name: string;
  readonly account: string;
  readonly region: string;
  readonly template: TemplateBody;
  /** Where the files and folders are that the template means, by the hash that it calls them by. */
  readonly assets: ReadonlyMap<string, string>;
}

/** A CloudFormation template, as far as the local run reads it. */
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

interface Manifest {
  readonly artifacts?: Readonly<
    Record<
      string,
      {
        readonly type: string;
        readonly environment?: string;
        readonly properties?: {
          readonly templateFile?: string;
          readonly stackName?: string;
          readonly directoryName?: string;
          readonly file?: string;
        };
      }
    >
  >;
}

interface AssetManifest {
  readonly files?: Readonly<Record<string, { readonly source: { readonly path?: string } }>>;
}

/**
 * Runs a CDK app into a folder and reads its stacks: what `cdk synth` does, without the wait for the CDK CLI.
 *
 * @param app a command, or a folder that an app has been synthesised into already; as `cdk --app` has it
 * @throws Error with what the app printed, when it fails
 */
export async function synthesize(app: string, outdir: string): Promise<SynthesizedStack[]> {
  if (existsSync(app) && statSync(app).isDirectory()) return readAssembly(app);
  await run(app, { CDK_OUTDIR: outdir, CDK_CONTEXT_JSON: JSON.stringify(readContext()) });
  return readAssembly(outdir);
}

/** The app that cdk.json names. */
export function defaultApp(): string {
  const { app } = readJson<{ app?: string }>('cdk.json');
  if (!app) throw new Error('cdk.json names no app; give one with --app');
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
    // A process group of its own, since a shell that is killed leaves behind what it started.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, CDK_DEFAULT_ACCOUNT: LOCAL_ACCOUNT, CDK_DEFAULT_REGION: DEFAULT_REGION, ...environment },
  });
  guard(child, () => process.kill(-child.pid!, 'SIGKILL'));
  const printed: string[] = [];
  child.stdout.on('data', (chunk) => printed.push(String(chunk)));
  child.stderr.on('data', (chunk) => printed.push(String(chunk)));
  const status = await new Promise((resolve) => child.once('close', resolve));
  if (status !== 0) throw new Error(`the app "${command}" ended with status ${String(status)}:\n${printed.join('')}`);
}

function readAssembly(folder: string): SynthesizedStack[] {
  const artifacts = Object.entries(readJson<Manifest>(join(folder, 'manifest.json')).artifacts ?? {});
  const assets = new Map(
    artifacts
      .filter(([, { type }]) => type === 'cdk:asset-manifest')
      .flatMap(([, { properties }]) =>
        Object.entries(readJson<AssetManifest>(join(folder, properties!.file!)).files ?? {}).map(
          ([hash, { source }]) => [hash, join(folder, source.path ?? '')] as const,
        ),
      ),
  );
  return artifacts.flatMap(([id, { type, environment, properties }]) => {
    if (type === 'cdk:cloud-assembly') return readAssembly(join(folder, properties!.directoryName!));
    if (type !== 'aws:cloudformation:stack') return [];
    const [, account, region] = /^aws:\/\/([^/]+)\/(.+)$/.exec(environment ?? '') ?? [];
    return {
      name: properties!.stackName ?? id,
      account: account && /^\d+$/.test(account) ? account : LOCAL_ACCOUNT,
      region: region && region !== 'unknown-region' ? region : DEFAULT_REGION,
      template: readJson<TemplateBody>(join(folder, properties!.templateFile!)),
      assets,
    };
  });
}

function readJson<T>(path: string): T {
  return JSON.parse(readFileSync(path, 'utf8')) as T;
}
