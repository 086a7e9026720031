import { readFile } from 'node:fs/promises';
import type { Plugin } from 'esbuild';

/**
 * Writes the computed keys of the SDK's schemas as literals: `{ [_h]: 1 }` becomes `{ "http": 1 }` where `_h` is a constant string
 * of the file. The object is the same. esbuild assumes that a computed key has side effects and keeps the schemas of all operations.
 */
export const literalKeys: Plugin = {
  name: 'literal-keys',
  setup(build) {
    build.onLoad({ filter: /@aws-sdk[\\/]client-[^\\/]+[\\/].*schemas_\d+\.js$/ }, async ({ path }) => {
      const source = await readFile(path, 'utf8');
      const texts = new Map(
        [...source.matchAll(/^const (\w+) = ("[^"\n]*");$/gm)].map(([, name, text]) => [name!, text!]),
      );
      return {
        contents: source.replace(/\[(\w+)\]: /g, (key, name: string) =>
          texts.has(name) ? `${texts.get(name)}: ` : key,
        ),
      };
    });
  },
};
