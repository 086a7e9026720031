import { Template } from 'aws-cdk-lib/assertions';
import { plainShowcase, strictShowcase } from '../../tools/showcase/showcase';

/**
 * A resource whose logical ID changes is replaced in every stack that gets the new version of the library. A queue loses its messages,
 * and an endpoint its requests. So a change of this snapshot needs a reason and a line in CHANGELOG.md.
 */
test.each([
  ['no more than they require', plainShowcase],
  ['everything that makes them stricter', strictShowcase],
])('each resource of the constructs with %s has this logical ID', (_, showcase) => {
  const { Resources } = Template.fromStack(showcase().stack).toJSON() as {
    Resources: Record<string, { Type: string }>;
  };
  expect(Object.fromEntries(Object.entries(Resources).map(([id, { Type }]) => [id, Type]))).toMatchSnapshot();
});
