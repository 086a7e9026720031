import { readFile } from 'node:fs/promises';

/**
 * Has the SDK's schemas name their keys as literals: `{ [_h]: 1 }` becomes `{ "http": 1 }` where `_h` is a constant text of the file.
 * It is the same object; but esbuild takes a computed key for something that may do more, and keeps the schemas of all operations.
 */
export const literalKeys = {
  name: 'literal-keys',
  setup(build) {
    build.onLoad({ filter: /@aws-sdk[\\/]client-[^\\/]+[\\/].*schemas_\d+\.js$/ }, async ({ path }) => {
      const source = await readFile(path, 'utf8');
      const texts = new Map([...source.matchAll(/^const (\w+) = ("[^"\n]*");$/gm)].map(([, name, text]) => [name, text]));
      return { contents: source.replace(/\[(\w+)\]: /g, (key, name) => (texts.has(name) ? `${texts.get(name)}: ` : key)) };
    });
  },
};
