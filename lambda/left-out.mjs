import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Links of the credential chain that go on to the next one at once. */
const passingOn = (...links) => links.map((name) => `
export const ${name} = () => async () => {
  throw Object.assign(new Error('${name} is left out: a Lambda function has its credentials in its environment'), { tryNextLink: true });
};`).join('');

/**
 * The modules of the AWS SDK that a Lambda function never runs, and what stands in for each: by the path within node_modules.
 * A function's credentials and settings are in its environment, or behind the address that its environment names; it has no
 * profile, no AWS configuration file and no instance metadata, and ours call no operation that streams events.
 */
export const LEFT_OUT = {
  '@aws-sdk/credential-provider-ini/dist-es/index.js': passingOn('fromIni'),
  '@aws-sdk/credential-provider-process/dist-es/index.js': passingOn('fromProcess'),
  '@aws-sdk/credential-provider-sso/dist-es/index.js': passingOn('fromSSO'),
  '@aws-sdk/credential-provider-web-identity/dist-es/index.js': passingOn('fromTokenFile'),
  // Imported the static way: what only a dynamic import reaches, esbuild wraps module by module, and so all that it shares
  '@aws-sdk/credential-provider-node/dist-es/remoteProvider.js': "export { fromHttp as remoteProvider } from '@aws-sdk/credential-provider-http';",
  '@smithy/core/dist-es/submodules/config/node-config-provider/fromSharedConfigFiles.js': passingOn('fromSharedConfigFiles'),
  '@smithy/core/dist-es/submodules/config/config-resolver/regionConfig/getInstanceMetadataRegion.js':
    'export const getInstanceMetadataRegion = async () => undefined;',
  // Node.js brings its own
  '@smithy/core/dist-es/submodules/checksum/sha256/Sha256Js.js': 'export class Sha256Js {}',
  '@smithy/core/dist-es/submodules/serde/uuid/v4.js': "import { randomUUID } from 'node:crypto';\nexport const bindV4 = () => () => randomUUID();",
  // The SDK's HTTP on Node.js neither gets nor is given web streams and blobs; only to ask whether there are such classes loads them
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
}`,
};

/** All that is called of `node:fs/promises`, which is not loaded until it is: only credentials can be in a file, and seldom are. */
const READ_FILE = `
import fs from 'node:fs';
export const readFile = (...args) => fs.promises.readFile(...args);
export default { readFile };`;

/** The path of a module within the innermost node_modules. */
export const withinModules = (path) => path.split(/node_modules[\\/]/).at(-1).replaceAll('\\', '/');

/** Whether a module has another in its place. */
export const isLeftOut = (path) => withinModules(path) in LEFT_OUT;

/**
 * Leaves them out of an esbuild, and of a client's package.json all but the version that it tells its service.
 * One that is not met any more fails the build: the SDK has moved it, and holds it again under another name.
 */
export const leaveOut = {
  name: 'leave-out',
  setup(build) {
    const met = new Set();
    build.onLoad({ filter: /node_modules/ }, ({ path }) => {
      const module = withinModules(path);
      if (!(module in LEFT_OUT)) return undefined;
      met.add(module);
      return { contents: LEFT_OUT[module], resolveDir: join(path, '..') };
    });
    build.onResolve({ filter: /^node:fs\/promises$/ }, ({ path }) => ({ path, namespace: 'when-called' }));
    build.onLoad({ filter: /.*/, namespace: 'when-called' }, () => ({ contents: READ_FILE }));
    build.onLoad({ filter: /@aws-sdk[\\/]client-[^\\/]+[\\/]package\.json$/ }, async ({ path }) => {
      const { version } = JSON.parse(await readFile(path, 'utf8'));
      return { contents: JSON.stringify({ version }), loader: 'json' };
    });
    build.onEnd(() => ({
      errors: Object.keys(LEFT_OUT).filter((module) => !met.has(module)).map((module) => ({ text: `${module} is to be left out and was not met` })),
    }));
  },
};
