import { SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import type { EndpointConfiguration } from '../../local/app/resources';
import { DEFAULT_ASSUMPTIONS } from '../../local/aws/assumptions';
import type { Assumptions } from '../../local/aws/assumptions';
import { Container } from '../../local/aws/container';
import { DataPlane } from '../../local/aws/data-plane';
import type { ResultNotification } from '../../local/aws/notification';
import { Principals } from '../../local/aws/principals';
import { Services } from '../../local/aws/services';
import { StartedResources } from '../../local/aws/started-resources';
import { TestSubscriber } from '../../local/aws/test-subscriber';
import { ENDPOINT } from './endpoint-configuration';
import { ManualClock } from './manual-clock';
import { StubContainer } from './stub-container';

/** A data plane with its own services and a stub of a model container. */
export interface DataPlaneFixture {
  readonly dataPlane: DataPlane;
  readonly services: Services;
  readonly container: StubContainer;
  readonly clock: ManualClock;
  readonly subscriber: TestSubscriber;
  /** A real SDK client with the credentials of `CALLER`. */
  readonly client: SageMakerRuntimeClient;
  /** Can be changed while the data plane runs. */
  readonly assumptions: { -readonly [name in keyof Assumptions]: boolean };
  create(this: void, endpoint: Partial<EndpointConfiguration>): Promise<void>;
  read(this: void, location: string | undefined): Promise<string>;
  notificationOf(this: void, inferenceId: string | undefined): Promise<ResultNotification>;
  close(this: void): Promise<void>;
}

export const CALLER = 'arn:aws:iam::000000000000:role/caller';

/** Starts a data plane with the endpoint `ENDPOINT` in service. */
export function startDataPlane(): Promise<DataPlaneFixture> {
  return StartedResources.start(async (started) => {
    const principals = new Principals();
    const clock = new ManualClock();
    const assumptions = { ...DEFAULT_ASSUMPTIONS };
    const services = await started.add(Services.start());
    const container = await started.add(StubContainer.start());
    const dataPlane = await started.add(DataPlane.start({ services, principals, clock, assumptions }));
    const session = services.session(ENDPOINT.region);
    const topicArns = [ENDPOINT.successTopicArn, ENDPOINT.errorTopicArn];
    await session.createBucket('results');
    for (const topicArn of topicArns) await session.createTopic(topicArn);
    const subscriber = await started.add(TestSubscriber.start(services, ENDPOINT.region, topicArns));
    const client = new SageMakerRuntimeClient({
      endpoint: dataPlane.url,
      region: ENDPOINT.region,
      credentials: principals.credentials(CALLER),
      maxAttempts: 1,
    });
    const create = (endpoint: Partial<EndpointConfiguration>): Promise<void> =>
      dataPlane.createEndpoint({ ...ENDPOINT, ...endpoint }, new Container(container.url));
    await create({});
    return {
      dataPlane,
      services,
      container,
      clock,
      subscriber,
      client,
      assumptions,
      create,
      read: async (location) => (await session.getObject(location!)).toString(),
      notificationOf: (inferenceId) => subscriber.notificationOf(inferenceId!),
      close: async () => {
        client.destroy();
        await started.close();
      },
    };
  });
}
