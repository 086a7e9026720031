import { seriesOf } from '../../../tools/diagrams/dashboard';

const MOMENT = {
  waiting: 0,
  backlog: 8,
  oldest: 0,
  instances: 2,
  arrived: 0,
  done: 0,
  expired: 0,
  sent: 3,
  processed: 4,
};

test('a metric has its label and the values of the simulation', () => {
  const name = ['Dimension', 'value'];
  expect(seriesOf(['AWS/SageMaker', 'ApproximateBacklogSizePerInstance', ...name], [MOMENT])).toEqual({
    name: 'ApproximateBacklogSizePerInstance',
    values: [4],
    isRight: false,
  });
  expect(
    seriesOf(['/aws/sagemaker/Endpoints', 'CPUUtilization', ...name, { label: 'Instances', yAxis: 'right' }], [MOMENT]),
  ).toEqual({ name: 'Instances', values: [2], isRight: true });
});

test('nothing is shown of a metric that is not published', () => {
  expect(seriesOf(['/aws/sagemaker/Endpoints', 'GPUUtilization'], [MOMENT])).toEqual({
    name: 'GPUUtilization (no data)',
    values: [],
    isRight: false,
  });
});

test('a new metric needs values', () => {
  expect(() => seriesOf(['AWS/SageMaker', 'Other'], [])).toThrow(
    'the picture of the dashboard has no values for AWS/SageMaker Other',
  );
});
