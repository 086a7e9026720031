import { Stack } from 'aws-cdk-lib';
import { CfnScalableTarget } from 'aws-cdk-lib/aws-applicationautoscaling';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { CfnEndpoint, CfnEndpointConfig, CfnModel } from 'aws-cdk-lib/aws-sagemaker';
import { AsyncInferenceEndpoint, ContainerImage, InferenceModel, InstanceType } from '../../lib';
import { UpdateSimulator } from '../support/update-simulator';
import { anApp, templatesOf } from '../support/updates/stack-template';

const NAME = 'languages';
const ENV = { account: '111122223333', region: 'eu-west-1' };

/** An endpoint of L1 constructs, with or without its scaling. */
function handWritten(stack: Stack, { scaled }: { readonly scaled: boolean }): void {
  const results = new Bucket(stack, 'Results');
  const role = new Role(stack, 'Role', {
    assumedBy: new ServicePrincipal('sagemaker.amazonaws.com'),
    inlinePolicies: {
      Everything: new PolicyDocument({ statements: [new PolicyStatement({ actions: ['*'], resources: ['*'] })] }),
    },
  });
  const model = new CfnModel(stack, 'Model', {
    executionRoleArn: role.roleArn,
    primaryContainer: { image: '763104351884.dkr.ecr.eu-west-1.amazonaws.com/djl-inference:1.0' },
  });
  const config = new CfnEndpointConfig(stack, 'EndpointConfig', {
    asyncInferenceConfig: { outputConfig: { s3OutputPath: results.s3UrlForObject('results') } },
    productionVariants: [
      {
        initialInstanceCount: 1,
        initialVariantWeight: 1,
        instanceType: 'ml.m5.xlarge',
        modelName: model.attrModelName,
        variantName: 'AllTraffic',
      },
    ],
  });
  const endpoint = new CfnEndpoint(stack, 'LanguagesEndpoint', {
    endpointName: NAME,
    endpointConfigName: config.attrEndpointConfigName,
  });
  if (scaled) {
    new CfnScalableTarget(stack, 'Target', {
      minCapacity: 0,
      maxCapacity: 2,
      resourceId: `endpoint/${NAME}/variant/AllTraffic`,
      scalableDimension: 'sagemaker:variant:DesiredInstanceCount',
      serviceNamespace: 'sagemaker',
    }).addDependency(endpoint);
  }
}

/** The endpoint of this library in its place, as docs/migration.md shows it. */
function migrated(stack: Stack, { keepsLogicalId }: { readonly keepsLogicalId: boolean }): void {
  const results = new Bucket(stack, 'Results');
  const endpoint = new AsyncInferenceEndpoint(stack, 'Endpoint', {
    endpointName: NAME,
    model: InferenceModel.fromContainer({ image: ContainerImage.fromDlc('djl-inference', '1.0') }),
    instanceType: InstanceType.M5_XLARGE,
    outputBucket: results,
    outputPrefix: 'results',
    failurePrefix: 'failures',
    logGroup: LogGroup.fromLogGroupName(stack, 'Logs', `/aws/sagemaker/Endpoints/${NAME}`),
  });
  if (keepsLogicalId) (endpoint.node.defaultChild as CfnEndpoint).overrideLogicalId('LanguagesEndpoint');
}

function version(build: (stack: Stack) => void) {
  const app = anApp();
  build(new Stack(app, 'App', { env: ENV }));
  return templatesOf(app);
}

const scaled = version((stack) => handWritten(stack, { scaled: true }));
const fixed = version((stack) => handWritten(stack, { scaled: false }));

test('with its logical ID, an endpoint of L1 constructs is updated in place', async () => {
  const simulator = new UpdateSimulator();
  for (const before of [scaled, fixed]) expect(await simulator.deploy(before)).toBe(true);
  simulator.takeFindings();
  const after = version((stack) => migrated(stack, { keepsLogicalId: true }));
  expect(await simulator.deploy(after, { seeds: [1] })).toBe(true);
  expect(simulator.takeFindings()).toEqual([]);
});

test('without it, the name is taken while the new endpoint is created', async () => {
  const simulator = new UpdateSimulator();
  for (const before of [scaled, fixed]) await simulator.deploy(before);
  simulator.takeFindings();
  const after = version((stack) => migrated(stack, { keepsLogicalId: false }));
  await simulator.deploy(after);
  expect(simulator.takeFindings().map(({ question }) => question)).toEqual(['collision']);
});

test('with the old scaling in the same deployment, the old scaling target collides with the new one', async () => {
  const simulator = new UpdateSimulator();
  await simulator.deploy(scaled);
  simulator.takeFindings();
  await simulator.deploy(version((stack) => migrated(stack, { keepsLogicalId: true })));
  expect(simulator.takeFindings().map(({ question }) => question)).toEqual(['collision']);
});
