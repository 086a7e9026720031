import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Plugin } from 'esbuild';

/** A provider of the credential chain that moves on to the next one at once. */
const skipProvider = (name: string) => `
export const ${name} = () => async () => {
  throw Object.assign(new Error('${name} is left out: a Lambda function has its credentials in its environment'), { tryNextLink: true });
};`;

/**
 * The replacements of the AWS SDK's modules that a Lambda function never runs, by the path within node_modules. A function gets its
 * credentials and settings from its environment, or from the address that its environment names. It has no profile, no AWS
 * configuration file and no instance metadata, and ours call no operation that streams events.
 */
export const SDK_STUBS: Readonly<Record<string, string>> = {
  '@aws-sdk/credential-provider-ini/dist-es/index.js': skipProvider('fromIni'),
  '@aws-sdk/credential-provider-process/dist-es/index.js': skipProvider('fromProcess'),
  '@aws-sdk/credential-provider-sso/dist-es/index.js': skipProvider('fromSSO'),
  '@aws-sdk/credential-provider-web-identity/dist-es/index.js': skipProvider('fromTokenFile'),
  // Imported statically: esbuild wraps every module that only a dynamic import reaches, and every module that these share.
  '@aws-sdk/credential-provider-node/dist-es/remoteProvider.js':
    "export { fromHttp as remoteProvider } from '@aws-sdk/credential-provider-http';",
  '@smithy/core/dist-es/submodules/config/node-config-provider/fromSharedConfigFiles.js':
    skipProvider('fromSharedConfigFiles'),
  '@smithy/core/dist-es/submodules/config/config-resolver/regionConfig/getInstanceMetadataRegion.js':
    'export const getInstanceMetadataRegion = async () => undefined;',
  // Node.js has its own.
  '@smithy/core/dist-es/submodules/checksum/sha256/Sha256Js.js': 'export class Sha256Js {}',
  '@smithy/core/dist-es/submodules/serde/uuid/v4.js':
    "import { randomUUID } from 'node:crypto';\nexport const bindV4 = () => () => randomUUID();",
  // On Node.js the SDK's HTTP handler never receives web streams or blobs. Only asking for these classes loads them.
  '@smithy/core/dist-es/submodules/serde/util-stream/stream-type-check.js': `
export const isReadableStream = () => false;
export const isBlob = () => false;`,
  '@smithy/core/dist-es/submodules/retry/middleware-retry/isStreamingPayload/isStreamingPayload.js': `
import { Readable } from 'node:stream';
export const isStreamingPayload = (request) => request?.body instanceof Readable;`,
  '@smithy/core/dist-es/submodules/event-streams/index.js': `
export const eventStreamSerdeProvider = () => undefined;
export const resolveEventStreamSerdeConfig = (config) => config;
export class EventStreamSerde {
  constructor() { throw new Error('event streams are left out'); }
};`,
};

/** The part of `node:fs/promises` that is called. It loads on the first call, because credentials are rarely in a file. */
const READ_FILE = `
import fs from 'node:fs';
export const readFile = (...args) => fs.promises.readFile(...args);
export default { readFile };`;

/** The path of a module within the innermost node_modules. */
export const pathInModules = (path: string) =>
  path
    .split(/node_modules[\\/]/)
    .at(-1)!
    .replaceAll('\\', '/');

/** Whether a module is replaced by a stub. */
export const isStubbed = (path: string) => pathInModules(path) in SDK_STUBS;

/**
 * Replaces these modules in a build, and keeps of a client's package.json only the version, which its user agent contains.
 * A stub whose module is no longer found fails the build, because the SDK has moved the module and bundles it under another name.
 */
export const stubModules: Plugin = {
  name: 'sdk-stubs',
  setup(build) {
    const found = new Set<string>();
    build.onLoad({ filter: /node_modules/ }, ({ path }) => {
      const module = pathInModules(path);
      if (!(module in SDK_STUBS)) return undefined;
      found.add(module);
      return { contents: SDK_STUBS[module], resolveDir: join(path, '..') };
    });
    build.onResolve({ filter: /^node:fs\/promises$/ }, ({ path }) => ({ path, namespace: 'when-called' }));
    build.onLoad({ filter: /.*/, namespace: 'when-called' }, () => ({ contents: READ_FILE }));
    build.onLoad({ filter: /@aws-sdk[\\/]client-[^\\/]+[\\/]package\.json$/ }, async ({ path }) => {
      const { version } = JSON.parse(await readFile(path, 'utf8')) as { version: string };
      return { contents: JSON.stringify({ version }), loader: 'json' };
    });
    build.onEnd(() => ({
      errors: Object.keys(SDK_STUBS)
        .filter((module) => !found.has(module))
        .map((module) => ({ text: `${module} is stubbed but was not found in the bundle` })),
    }));
  },
};
