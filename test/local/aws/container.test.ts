import { Container } from '../../../local/aws/container';
import { LocalServer } from '../../../local/aws/local-server';
import { afterTests } from '../../support/after-tests';

test('a container becomes healthy with its first ping that succeeds, after one that is cut off and one with an error', async () => {
  const pings: string[] = [];
  const server = await LocalServer.start((request, response) => {
    pings.push(`${request.method} ${request.url}`);
    if (pings.length === 1) request.socket.destroy();
    else response.writeHead(pings.length === 2 ? 503 : 200).end();
  });
  afterTests(() => server.close());
  await new Container(server.url).becomeHealthy();
  expect(pings).toEqual(Array(3).fill('GET /ping'));
});
