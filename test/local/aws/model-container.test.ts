import { Container } from '../../../local/aws/container';
import type { ContainerResponse } from '../../../local/aws/container';
import { startModel } from '../../../local/aws/model';
import { afterTests } from '../../support/after-tests';

let container: Container;

beforeAll(async () => {
  const model = await startModel();
  afterTests(() => model.close());
  container = new Container(model.url);
  await container.becomeHealthy();
});

function invoke(body: string, contentType = 'application/json'): Promise<ContainerResponse> {
  return container.invoke(Buffer.from(body), { 'content-type': contentType }, AbortSignal.timeout(10_000));
}

async function labels(inputs: unknown): Promise<{ label: string; score: number }[]> {
  const { status, headers, body } = await invoke(JSON.stringify({ inputs }));
  expect(status).toBe(200);
  expect(headers['content-length']).toBe(String(body.length));
  return JSON.parse(String(body)) as { label: string; score: number }[];
}

test.each([
  ['fr', 'Le boulanger ouvre sa boutique avant le lever du soleil.'],
  ['ja', '駅前の喫茶店は朝六時から開いています。'],
  ['is', 'Það er gott að búa á Íslandi þótt veðrið sé stundum vont.'],
])('the model identifies the language %s', async (label, text) => {
  expect(await labels(text)).toEqual([{ label, score: expect.any(Number) }]);
});

test('the response to a list is a list in the same order', async () => {
  const response = await labels(['Guten Morgen, wie geht es dir heute?', 'Good morning, how are you today?']);
  expect(response.map(({ label }) => label)).toEqual(['de', 'en']);
});

test('the model reads all lines of a text, and its score is at most 1', async () => {
  const [{ label, score }] = (await labels(
    '\n\nこんにちは、お元気ですか。\n駅前の喫茶店は朝六時から開いています。',
  )) as [{ label: string; score: number }];
  expect(label).toBe('ja');
  expect(score).toBeLessThanOrEqual(1);
});

test.each([['{"inputs":""}'], ['{"inputs":" \\n "}'], ['{"inputs":7}'], ['{}'], ['null'], ['[]'], ['not JSON'], ['']])(
  'the model rejects the body %j with status 400',
  async (body) => {
    const response = await invoke(body);
    expect(response.status).toBe(400);
    expect(JSON.parse(String(response.body))).toEqual({ error: expect.any(String) });
  },
);

test('the model rejects a content type other than JSON', async () => {
  expect((await invoke('{"inputs":"Hej"}', 'text/plain')).status).toBe(400);
});
