import { SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import type { EndpointBlueprint } from '../../local/app/blueprint';
import { Container } from '../../local/aws/container';
import { DataPlane } from '../../local/aws/data-plane';
import { Inbox } from '../../local/aws/test-subscriber';
import type { ResultNotification } from '../../local/aws/notification';
import { Principals } from '../../local/aws/principals';
import { Services } from '../../local/aws/services';
import { LIKELIEST } from '../../local/aws/assumptions';
import type { Uncertainties } from '../../local/aws/assumptions';
import { aBlueprint, ENDPOINT } from './blueprint-factory';
import { ManualClock } from './manual-clock';
import { StubContainer } from './stub-container';

/** A data plane with a stub for a model, on services of its own. */
export interface Setting {
  readonly dataPlane: DataPlane;
  readonly services: Services;
  readonly container: StubContainer;
  readonly clock: ManualClock;
  readonly inbox: Inbox;
  /** A real SDK client, which signs as a role. */
  readonly client: SageMakerRuntimeClient;
  /** To flip under the running data plane. */
  readonly uncertainties: { -readonly [name in keyof Uncertainties]: boolean };
  create(this: void, endpoint: Partial<EndpointBlueprint>): Promise<void>;
  read(this: void, location: string | undefined): Promise<string>;
  notificationOf(this: void, inferenceId: string | undefined): Promise<ResultNotification>;
  close(this: void): Promise<void>;
}

export const CALLER = 'arn:aws:iam::000000000000:role/caller';

/** Starts one, with the endpoint `ENDPOINT` in service. */
export async function aDataPlane(): Promise<Setting> {
  const services = await Services.start();
  const principals = new Principals();
  const clock = new ManualClock();
  const uncertainties = { ...LIKELIEST };
  const dataPlane = await DataPlane.start({ services, principals, clock, uncertainties });
  const container = await StubContainer.start();
  const { buckets, topicArns } = aBlueprint();
  const session = services.session(ENDPOINT.region);
  for (const bucket of buckets) await session.createBucket(bucket);
  for (const topicArn of topicArns) await session.createTopic(topicArn);
  const inbox = await Inbox.open(services, ENDPOINT.region, topicArns);
  const client = new SageMakerRuntimeClient({
    endpoint: dataPlane.url,
    region: ENDPOINT.region,
    credentials: principals.credentials(CALLER),
    maxAttempts: 1,
  });
  const create = (endpoint: Partial<EndpointBlueprint>): Promise<void> =>
    dataPlane.createEndpoint({ ...ENDPOINT, ...endpoint }, new Container(container.url));
  await create({});
  return {
    dataPlane,
    services,
    container,
    clock,
    inbox,
    client,
    uncertainties,
    create,
    read: async (location) => (await session.getObject(location!)).toString(),
    notificationOf: (inferenceId) => inbox.notificationOf(inferenceId!),
    close: async () => {
      client.destroy();
      await inbox.close();
      await dataPlane.close();
      await container.close();
      await services.close();
    },
  };
}
