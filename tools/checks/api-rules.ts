// Rules of the public API that the compiler does not have, checked in the compiled jsii assembly.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { CheckError, part, readJson, ROOT } from './part';

interface Documented {
  readonly name: string;
  readonly docs?: { readonly summary?: string; readonly default?: string };
}

interface Member extends Documented {
  readonly type?: unknown;
  readonly optional?: boolean;
  readonly overrides?: string;
}

interface Type extends Documented {
  readonly datatype?: boolean;
  readonly properties?: readonly Member[];
  readonly methods?: readonly Member[];
}

interface Assembly {
  readonly types: Readonly<Record<string, Type>>;
}

function readAssembly(): Assembly {
  const assembly = readJson<Assembly | { readonly schema: 'jsii/file-redirect'; readonly filename: string }>(
    ROOT,
    '.jsii',
  );
  if (!('filename' in assembly)) return assembly;
  return JSON.parse(gunzipSync(readFileSync(join(ROOT, assembly.filename))).toString()) as Assembly;
}

function errorsOf(type: Type): string[] {
  const members = [...(type.properties ?? []), ...(type.methods ?? [])];
  return [
    ...(type.docs?.summary ? [] : [`${type.name} has no documentation`]),
    ...members.flatMap((member) => {
      const mentions = (pattern: RegExp) => pattern.test(JSON.stringify(member.type ?? {}));
      const rules: readonly [isBroken: boolean | undefined, error: string][] = [
        [!member.docs?.summary && member.overrides === undefined, 'has no documentation'],
        [type.datatype && member.optional && !member.docs?.default, 'is optional and states no default'],
        [mentions(/"union"/), 'is a union'],
        [type.datatype && mentions(/\.Cfn[A-Z]/), 'takes an L1 type'],
        [type.datatype && mentions(/"primitive":"(any|json)"/), 'takes any value'],
      ];
      return rules.filter(([isBroken]) => isBroken).map(([, error]) => `${type.name}.${member.name} ${error}`);
    }),
  ];
}

void part(() => {
  const types = Object.values(readAssembly().types);
  const errors = types.flatMap(errorsOf);
  if (types.length === 0) throw new CheckError('The assembly has no types.');
  if (errors.length > 0) throw new CheckError(errors.join('\n'));
  console.log(`${types.length} public types follow the rules`);
});
