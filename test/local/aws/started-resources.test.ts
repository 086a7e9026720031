import { StartedResources } from '../../../local/aws/started-resources';

let closed: string[];
beforeEach(() => {
  closed = [];
});

/** A resource that records its end. */
function aResource(name: string, error?: string) {
  return {
    close: () => {
      closed.push(name);
      return error === undefined ? Promise.resolve() : Promise.reject(new Error(error));
    },
  };
}

test('resources are closed once, in reverse order', async () => {
  const started = new StartedResources();
  for (const name of ['a', 'b', 'c']) await started.add(aResource(name));
  await started.close();
  await started.close();
  expect(closed).toEqual(['c', 'b', 'a']);
});

test('a start that fails closes the resources that were started, also one that was still starting', async () => {
  const slow = new Promise<ReturnType<typeof aResource>>((resolve) => setTimeout(() => resolve(aResource('slow')), 50));
  const start = StartedResources.start((started) =>
    Promise.all([started.add(aResource('fast')), started.add(slow), started.add(Promise.reject(new Error('broken')))]),
  );
  await expect(start).rejects.toThrow('broken');
  expect(closed).toEqual(['slow', 'fast']);
});

test('a start that succeeds leaves its resources open', async () => {
  const started = await StartedResources.start(async (resources) => {
    await resources.add(aResource('a'));
    return resources;
  });
  expect(closed).toEqual([]);
  await started.close();
  expect(closed).toEqual(['a']);
});

test('a resource that cannot be closed does not keep the others open', async () => {
  const started = new StartedResources();
  for (const resource of [aResource('a'), aResource('b', 'first'), aResource('c', 'second'), aResource('d')])
    await started.add(resource);
  await expect(started.close()).rejects.toThrow('second');
  expect(closed).toEqual(['d', 'c', 'b', 'a']);
});
