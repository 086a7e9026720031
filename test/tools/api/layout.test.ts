import { layout } from '../../../tools/api/layout';
import type { Assembly } from '../../../tools/api/reference';
import { exampleAssembly, exampleReference } from './example-package';

const pagesOf = (assembly: Assembly) =>
  Object.fromEntries(layout(exampleReference('typescript'), assembly).map(({ name, types }) => [name, types]));

const withType = (name: string, changes: object): Assembly => {
  const assembly = exampleAssembly();
  return { ...assembly, types: { ...assembly.types, [name]: { ...assembly.types[name]!, ...changes } } };
};

test('each class and each interface has a page, with what is named after it and what that needs', () => {
  expect(pagesOf(exampleAssembly())).toEqual({
    Queue: ['pkg.Queue', 'pkg.QueueProps', 'pkg.BaseProps', 'pkg.Mode'],
    Size: ['pkg.Size'],
    IQueue: ['pkg.IQueue'],
  });
});

test('what is in the file of one class is on its page', () => {
  const assembly = withType('pkg.Mode', { locationInModule: { filename: 'lib/queue/size.ts' } });
  expect(pagesOf(assembly).Size).toEqual(['pkg.Size', 'pkg.Mode']);
});

test('what an abstract class needs as well is on the page of what readers can use', () => {
  const { types } = withType('pkg.IQueue', { locationInModule: { filename: 'lib/queue/queue-interface.ts' } });
  const reference = exampleReference('typescript');
  const interfaces = reference.apiReference.interfaces.map((type) => ({
    ...type,
    properties: [{ id: 'pkg.IQueue.property.mode', displayName: 'mode', type: { id: 'pkg.Mode' }, docs: {} }],
  }));
  const pageOfMode = (abstract: boolean) =>
    layout(
      { apiReference: { ...reference.apiReference, interfaces } },
      { name: 'pkg', types: { ...types, 'pkg.Queue': { ...types['pkg.Queue']!, abstract } } },
    ).find((page) => page.types.includes('pkg.Mode'))!.name;
  expect([false, true].map(pageOfMode)).toEqual(['Queue', 'IQueue']);
});

test('a type that nothing needs is an error', () => {
  const assembly = withType('pkg.QueueProps', { interfaces: [] });
  expect(() => layout(exampleReference('typescript'), assembly)).toThrow(
    /^no class or interface needs pkg\.BaseProps: /,
  );
});
