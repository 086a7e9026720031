// Rules of the public interface that the compiler does not have, read from the compiled assembly.
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
let assembly = JSON.parse(readFileSync(join(root, '.jsii'), 'utf8'));
if (assembly.schema === 'jsii/file-redirect')
  assembly = JSON.parse(gunzipSync(readFileSync(join(root, assembly.filename))));

const faults = [];
const types = Object.values(assembly.types);
const summary = ({ docs }) => docs?.summary;
const mentions = (type, pattern) => pattern.test(JSON.stringify(type ?? {}));

for (const type of types) {
  const members = [...(type.properties ?? []), ...(type.methods ?? [])];
  if (!summary(type)) faults.push(`${type.name} has no documentation`);
  for (const member of members) {
    const name = `${type.name}.${member.name}`;
    const inherited = member.overrides !== undefined;
    if (!summary(member) && !inherited) faults.push(`${name} has no documentation`);
    if (type.datatype && member.optional && !member.docs?.default)
      faults.push(`${name} is optional and tells no default`);
    if (mentions(member.type, /"union"/)) faults.push(`${name} is a union`);
    if (type.datatype && mentions(member.type, /\.Cfn[A-Z]/)) faults.push(`${name} takes a type of CloudFormation's`);
    if (type.datatype && mentions(member.type, /"primitive":"(any|json)"/)) faults.push(`${name} takes anything`);
  }
}
faults.forEach((fault) => console.log(fault));
console.log(`${types.length} public types, ${faults.length} faults`);
process.exit(types.length > 0 && faults.length === 0 ? 0 : 1);
