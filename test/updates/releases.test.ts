import { RemovalPolicy } from 'aws-cdk-lib';
import { InferenceModel, ModelData } from '../../lib';
import { anImage } from '../../tools/showcase/stacks';
import { UpdateSimulator } from '../support/update-simulator';
import { TOGETHER, compose } from './composition';
import { IS_LONG } from './sweep-layout';

const RELEASES = IS_LONG ? 50 : 5;

/** The endpoint alone, with the removal policy RETAIN and a model of its own in each release. */
const release = (number: number) =>
  compose(TOGETHER, (given) => ({
    removalPolicy: RemovalPolicy.RETAIN,
    endpoint: {
      model: InferenceModel.fromContainer({
        image: anImage(),
        modelData: ModelData.fromBucket(given.bucket('Models'), `v${number}/model.tar.gz`),
      }),
    },
    without: ['invoker', 'requestQueue', 'resultQueue', 'resultEvents', 'callback', 'monitoring'],
  })).version;

test(`${RELEASES} releases of a retained endpoint leave what the last one needs, and nothing of those before it`, async () => {
  const simulator = new UpdateSimulator();
  for (let number = 1; number <= RELEASES; number += 1) expect(await simulator.deploy(release(number))).toBe(true);
  // What is found at the first creation is the matter of the sweep.
  expect(simulator.takeFindings().filter(({ question }) => question !== 'endpoint call')).toEqual([]);
  expect(simulator.state.leftBehind).toEqual([]);

  await simulator.delete('App');
  const kept = simulator.state.leftBehind.filter(({ path }) => path.startsWith('App/Endpoint'));
  expect(kept.map(({ path }) => path.replace('App/Endpoint', '')).sort()).toEqual([
    '',
    '/Config',
    '/ErrorTopic',
    '/ErrorTopic/Policy',
    '/ExecutionRole',
    '/LogGroup',
    '/Model',
    '/OutputBucket',
    '/OutputBucket/Policy',
    '/Permissions',
    '/SuccessTopic',
    '/SuccessTopic/Policy',
  ]);
  // The endpoint goes on without its stack.
  expect(simulator.takeFindings().filter(({ question }) => question !== 'left behind')).toEqual([]);
});
