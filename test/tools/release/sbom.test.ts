import { bundle } from '../../../tools/bundle/bundle';
import { sbom } from '../../../tools/release/sbom';

interface Bill {
  readonly components: readonly { name: string; version: string; purl: string; hashes: { content: string }[] }[];
  readonly dependencies: readonly { dependsOn: string[] }[];
}

test('every package of the bundles is in the bill of materials, with the hash that the lockfile pins', async () => {
  const { packages } = await bundle();
  const bill = sbom(packages) as Bill;
  expect(bill.components.map(({ name, version }) => `${name} ${version}`)).toEqual(
    packages.map(({ name, version }) => `${name} ${version}`),
  );
  expect(bill.components.map(({ name }) => name)).toContain('@aws-sdk/client-sagemaker-runtime');
  for (const { hashes } of bill.components) expect(hashes[0]!.content).toMatch(/^[0-9a-f]{128}$/);
  expect(bill.dependencies[0]!.dependsOn).toEqual(bill.components.map(({ purl }) => purl));
});

test('a package that the lockfile does not pin is an error', () => {
  const stranger = { name: 'stranger', version: '1.0.0', license: 'MIT', text: 'MIT' };
  expect(() => sbom([stranger])).toThrow('package-lock.json pins no hash of stranger 1.0.0');
});

test('a scope is escaped in the address of a package', async () => {
  const { packages } = await bundle();
  const client = packages.find(({ name }) => name === '@aws-sdk/client-sfn')!;
  expect((sbom([client]) as Bill).components[0]!.purl).toBe(`pkg:npm/%40aws-sdk/client-sfn@${client.version}`);
});
