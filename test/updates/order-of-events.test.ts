import { NestedStack, Stack } from 'aws-cdk-lib';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { AccountView } from '../support/updates/account-view';
import type { CloudAccount } from '../support/updates/cloud-account';
import { anApp, templatesOf } from '../support/updates/stack-template';
import type { TemplateBody } from '../support/updates/stack-template';
import { Deployer, aTemplate, attribute, ref, resource } from './hand-made';

/** The order of events that AWS documents, for pairs of templates made by hand. */

const queue = (properties = {}, attributes = {}) => resource('AWS::SQS::Queue', properties, attributes);
const topic = (properties = {}, attributes = {}) => resource('AWS::SNS::Topic', properties, attributes);
/** An alarm on the queue `Queue`. */
const alarm = (properties = {}) =>
  resource('AWS::CloudWatch::Alarm', {
    Dimensions: [{ Name: 'QueueName', Value: attribute('Queue', 'QueueName') }],
    ...properties,
  });

async function deployed(template: Parameters<Deployer['deploy']>[0]): Promise<Deployer> {
  const deployer = new Deployer();
  await deployer.deploy(template);
  return deployer;
}

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-dependson.html */
describe('dependencies', () => {
  const before = aTemplate({
    Alarm: alarm(),
    Queue: queue(),
    Topic: topic({}, { DependsOn: 'Queue' }),
    Other: topic(),
  });

  test('a resource is created after those that it refers to or depends on', async () => {
    const deployer = new Deployer();
    expect(await deployer.deploy(before)).toEqual([
      'create: create Queue',
      'create: create Alarm',
      'create: create Topic',
      'create: create Other',
    ]);
  });

  test('the rest is done in parallel, so that either may come first', async () => {
    expect((await new Deployer().deploy(before, { first: 'create Other' }))[0]).toBe('create: create Other');
    expect((await new Deployer().deploy(before, { last: 'create Queue' })).slice(0, 2)).toEqual([
      'create: create Other',
      'create: create Queue',
    ]);
    expect((await new Deployer().deploy(before, { last: 'create Topic' })).at(-1)).toBe('create: create Topic');
  });

  test('what is referred to is updated first', async () => {
    const deployer = await deployed(before);
    const after = aTemplate({
      ...before.body.Resources,
      Alarm: alarm({ Threshold: 2 }),
      Queue: queue({ DelaySeconds: 1 }),
    });
    expect(await deployer.deploy(after, { first: 'update Alarm' })).toEqual([
      'update: update Queue',
      'update: update Alarm',
    ]);
  });

  test('a resource is deleted before those that it refers to or depends on', async () => {
    const deployer = await deployed(before);
    const moments = await deployer.deploy(aTemplate({}));
    expect(moments.indexOf('cleanup: delete Alarm')).toBeLessThan(moments.indexOf('cleanup: delete Queue'));
    expect(moments.indexOf('cleanup: delete Topic')).toBeLessThan(moments.indexOf('cleanup: delete Queue'));
    expect(deployer.resources).toEqual([]);
  });

  test('an unchanged resource between two changed ones holds them in order, or does not', async () => {
    const chain = (text: string) =>
      aTemplate({
        Queue: queue({ QueueName: 'queue', Tags: [{ Key: 'version', Value: text }] }),
        Middle: topic({}, { DependsOn: 'Queue' }),
        End: topic({ DisplayName: text }, { DependsOn: 'Middle' }),
      });
    const moments = async (orderThroughUnchanged: boolean) =>
      (await deployed(chain('1'))).deploy(chain('2'), { first: 'update End', orderThroughUnchanged });
    expect(await moments(true)).toEqual(['update: update Queue', 'update: update End']);
    expect(await moments(false)).toEqual(['update: update End', 'update: update Queue']);
  });

  test('a circle is refused', async () => {
    const circle = aTemplate({ A: queue({}, { DependsOn: 'B' }), B: queue({}, { DependsOn: 'A' }) });
    await expect(new Deployer().deploy(circle)).rejects.toThrow('circular dependency: A → B → A');
  });
});

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks-update-behaviors.html */
describe('updates', () => {
  test('an update without interruption keeps the physical ID', async () => {
    const deployer = await deployed(aTemplate({ Queue: queue() }));
    expect(await deployer.deploy(aTemplate({ Queue: queue({ DelaySeconds: 1 }) }))).toEqual(['update: update Queue']);
    expect(deployer.resources).toEqual(['Queue Stack-Queue-1']);
  });

  test('nothing happens to a resource that stays the same', async () => {
    const deployer = await deployed(aTemplate({ Queue: queue(), Alarm: alarm() }));
    expect(await deployer.deploy(aTemplate({ Alarm: alarm(), Queue: queue() }))).toEqual([]);
  });

  test('a replacement is created first, references change although their text does not, then the old one is deleted', async () => {
    const deployer = await deployed(aTemplate({ Queue: queue(), Alarm: alarm() }));
    expect(await deployer.deploy(aTemplate({ Queue: queue({ FifoQueue: true }), Alarm: alarm() }))).toEqual([
      'update: replace Queue',
      'update: update Alarm',
      'cleanup: delete Queue',
    ]);
    expect(deployer.resources).toEqual(['Alarm Stack-Alarm-1', 'Queue Stack-Queue-2']);
  });

  test('a replacement may replace what refers to it', async () => {
    const endpoint = (image: string) =>
      aTemplate({
        Model: resource('AWS::SageMaker::Model', { PrimaryContainer: { Image: image } }),
        Config: resource('AWS::SageMaker::EndpointConfig', {
          ProductionVariants: [{ VariantName: 'A', ModelName: attribute('Model', 'ModelName') }],
        }),
        Endpoint: resource('AWS::SageMaker::Endpoint', {
          EndpointName: 'endpoint',
          EndpointConfigName: attribute('Config', 'EndpointConfigName'),
        }),
      });
    const deployer = await deployed(endpoint('1'));
    expect(await deployer.deploy(endpoint('2'))).toEqual([
      'update: replace Model',
      'update: replace Config',
      'update: during update Endpoint',
      'update: update Endpoint',
      'cleanup: delete Config',
      'cleanup: delete Model',
    ]);
  });

  test('everything that dependencies allow may happen while an endpoint is updated', async () => {
    const endpoint = (config: string) =>
      resource('AWS::SageMaker::Endpoint', { EndpointName: 'endpoint', EndpointConfigName: config });
    const deployer = await deployed(aTemplate({ Endpoint: endpoint('1'), Topic: topic() }));
    const after = aTemplate({ Endpoint: endpoint('2'), Topic: topic({ DisplayName: 'new' }) });
    expect(await deployer.deploy(after, { first: 'update Endpoint' })).toEqual([
      'update: during update Endpoint',
      'update: update Topic',
      'update: update Endpoint',
    ]);
  });

  test('both configurations of an endpoint are in service while it is updated', async () => {
    const endpoint = (config: string) =>
      aTemplate({
        Endpoint: resource('AWS::SageMaker::Endpoint', { EndpointName: 'endpoint', EndpointConfigName: config }),
      });
    const deployer = await deployed(endpoint('1'));
    const configurations: string[] = [];
    const onMoment = (account: CloudAccount) => {
      const view = new AccountView(account);
      const [resource] = view.all('AWS::SageMaker::Endpoint');
      configurations.push(
        view
          .fleets(resource!)
          .map(({ configName }) => configName)
          .sort()
          .join(),
      );
    };
    await deployer.deploy(endpoint('2'), { onMoment });
    expect(configurations).toEqual(['1', '1,2', '2', '2']);
  });

  test('what may be a replacement is one, or none', async () => {
    const instance = (type: string) => aTemplate({ Instance: resource('AWS::EC2::Instance', { InstanceType: type }) });
    const moments = async (replaceOnMaybe: boolean) =>
      (await deployed(instance('m5.large'))).deploy(instance('m6.large'), { replaceOnMaybe });
    expect(await moments(true)).toEqual(['update: replace Instance', 'cleanup: delete Instance']);
    expect(await moments(false)).toEqual(['update: update Instance']);
  });

  test('a resource whose name is given cannot be replaced under that name', async () => {
    const named = (FifoQueue?: boolean) =>
      aTemplate({ Queue: queue({ QueueName: 'queue', FifoQueue }), Topic: topic() });
    const deployer = await deployed(named());
    expect(await deployer.deploy(named(true))).toEqual(['failed: queue exists already']);
    expect(deployer.resources).toEqual(['Queue queue', 'Topic Stack-Topic-1']);
  });

  test('a condition adds and removes a resource', async () => {
    const conditional = (wanted: string): TemplateBody['Conditions'] => ({ Wanted: { 'Fn::Equals': [wanted, 'yes'] } });
    const resources = { Queue: queue({}, { Condition: 'Wanted' }), Topic: topic() };
    const deployer = await deployed(aTemplate(resources, { Conditions: conditional('no') }));
    expect(await deployer.deploy(aTemplate(resources, { Conditions: conditional('yes') }))).toEqual([
      'update: create Queue',
    ]);
    expect(await deployer.deploy(aTemplate(resources, { Conditions: conditional('no') }))).toEqual([
      'cleanup: delete Queue',
    ]);
  });
});

/**
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-updatereplacepolicy.html
 */
describe('deletion policies', () => {
  test('a resource that is removed stays with Retain', async () => {
    const deployer = await deployed(aTemplate({ Queue: queue({}, { DeletionPolicy: 'Retain' }), Topic: topic() }));
    expect(await deployer.deploy(aTemplate({ Topic: topic() }))).toEqual([]);
    expect(deployer.account.leftBehind.map(({ id }) => id)).toEqual(['Stack-Queue-1']);
  });

  test('the deletion policy says nothing of what is replaced', async () => {
    const kept = (FifoQueue?: boolean) => aTemplate({ Queue: queue({ FifoQueue }, { DeletionPolicy: 'Retain' }) });
    const deployer = await deployed(kept());
    expect(await deployer.deploy(kept(true))).toEqual(['update: replace Queue', 'cleanup: delete Queue']);
  });

  test('what is replaced stays with the update replace policy Retain', async () => {
    const kept = (FifoQueue?: boolean) => aTemplate({ Queue: queue({ FifoQueue }, { UpdateReplacePolicy: 'Retain' }) });
    const deployer = await deployed(kept());
    expect(await deployer.deploy(kept(true))).toEqual(['update: replace Queue']);
    expect(deployer.account.leftBehind.map(({ id }) => id)).toEqual(['Stack-Queue-1']);
  });

  test('the policy of the last deployment counts for a removal', async () => {
    const deployer = await deployed(aTemplate({ Queue: queue() }));
    await deployer.deploy(aTemplate({ Queue: queue({}, { DeletionPolicy: 'Retain' }) }));
    expect(await deployer.deploy(aTemplate({}))).toEqual([]);
  });

  test('what a failed operation has created is deleted, but for Retain', async () => {
    const resources = {
      Plain: queue(),
      Kept: queue({}, { DeletionPolicy: 'Retain' }),
      KeptOnceCreated: queue({}, { DeletionPolicy: 'RetainExceptOnCreate' }),
      Last: topic({}, { DependsOn: ['Plain', 'Kept', 'KeptOnceCreated'] }),
    };
    const deployer = new Deployer();
    expect(await deployer.deploy(aTemplate(resources), { failing: 'create Last' })).toEqual([
      'create: create Plain',
      'create: create Kept',
      'create: create KeptOnceCreated',
      'create: the failure of create Last',
      'rollback cleanup: delete Last',
      'rollback cleanup: delete Plain',
      'rollback cleanup: delete KeptOnceCreated',
    ]);
    expect(deployer.resources).toEqual(['Queue Stack-Kept-1']);
    expect(deployer.account.stack('Stack')).toBeUndefined();
  });
});

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html */
describe('failures', () => {
  test('a failed update takes back what it has updated, then deletes what it has created', async () => {
    const resources = { Queue: queue(), Alarm: alarm(), Topic: topic() };
    const deployer = await deployed(aTemplate(resources));
    const after = aTemplate({
      Queue: queue({ FifoQueue: true }),
      Alarm: alarm({ Threshold: 2 }),
      New: topic(),
      Last: topic({}, { DependsOn: ['Alarm', 'New'] }),
    });
    const before = deployer.account.signature;
    expect(await deployer.deploy(after, { failing: 'create Last' })).toEqual([
      'update: replace Queue',
      'update: update Alarm',
      'update: create New',
      'update: the failure of create Last',
      'rollback: revert Alarm',
      'rollback cleanup: delete Last',
      'rollback cleanup: delete Queue',
      'rollback cleanup: delete New',
    ]);
    expect(deployer.account.signature).toBe(before);
  });

  test('once a step has failed, what is in progress ends and nothing else begins', async () => {
    const endpoint = (config: string) =>
      resource('AWS::SageMaker::Endpoint', { EndpointName: 'endpoint', EndpointConfigName: config });
    const deployer = await deployed(aTemplate({ Endpoint: endpoint('1'), Topic: topic(), Queue: queue() }));
    const after = aTemplate({
      Endpoint: endpoint('2'),
      Topic: topic({ DisplayName: 'new' }),
      Queue: queue({ DelaySeconds: 1 }),
    });
    expect(await deployer.deploy(after, { first: 'update Endpoint', failing: 'update Topic' })).toEqual([
      'update: during update Endpoint',
      'update: the failure of update Topic',
      'update: update Endpoint',
      'rollback: during revert Endpoint',
      'rollback: revert Endpoint',
      'rollback: revert Topic',
    ]);
  });

  test('an endpoint whose update fails goes on with its old configuration', async () => {
    const endpoint = (config: string) =>
      aTemplate({
        Endpoint: resource('AWS::SageMaker::Endpoint', { EndpointName: 'endpoint', EndpointConfigName: config }),
      });
    const deployer = await deployed(endpoint('1'));
    await deployer.deploy(endpoint('2'), { failing: 'update Endpoint' });
    expect(deployer.account.all.map(({ properties }) => properties.EndpointConfigName)).toEqual(['1']);
  });

  test('the next attempt gives new physical IDs', async () => {
    const deployer = await deployed(aTemplate({ Queue: queue(), Topic: topic() }));
    const after = aTemplate({ Queue: queue({ FifoQueue: true }), Topic: topic({ DisplayName: 'new' }) });
    await deployer.deploy(after, { failing: 'update Topic' });
    await deployer.deploy(after);
    expect(deployer.resources).toEqual(['Topic Stack-Topic-1', 'Queue Stack-Queue-3']);
  });
});

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-exports.html */
describe('stacks', () => {
  const exporting = (Value: unknown, resources: TemplateBody['Resources']) =>
    aTemplate(resources, {
      name: 'Exporting',
      Outputs: Value === undefined ? {} : { Queue: { Value, Export: { Name: 'queue' } } },
    });
  const importing = (Value: unknown) =>
    aTemplate(
      { Alarm: resource('AWS::CloudWatch::Alarm', { Dimensions: [{ Name: 'QueueName', Value }] }) },
      { name: 'Importing' },
    );
  const imported = { 'Fn::ImportValue': 'queue' };

  test('an export that is in use can be neither changed nor removed, and the update is rolled back', async () => {
    const deployer = await deployed(exporting(ref('Queue'), { Queue: queue(), Topic: topic() }));
    await deployer.deploy(importing(imported));
    expect(
      await deployer.deploy(exporting(ref('Queue'), { Queue: queue({ FifoQueue: true }), Topic: topic() })),
    ).toEqual([
      'update: replace Queue',
      'failed: the export queue cannot be updated, as it is in use by Importing',
      'rollback cleanup: delete Queue',
    ]);
    expect(await deployer.deploy(exporting(undefined, { Topic: topic() }))).toEqual([
      'failed: the export queue cannot be deleted, as it is in use by Importing',
    ]);
  });

  test('once nothing imports it, the export may go', async () => {
    const deployer = await deployed(exporting(ref('Queue'), { Queue: queue(), Topic: topic() }));
    await deployer.deploy(importing(imported));
    await deployer.deploy(importing('other'));
    expect(await deployer.deploy(exporting(undefined, { Topic: topic() }))).toEqual(['cleanup: delete Queue']);
  });

  test('what no stack exports cannot be imported', async () => {
    await expect(new Deployer().deploy(importing(imported))).rejects.toThrow('no stack exports queue');
  });
});

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-nested-stacks.html */
describe('nested stacks', () => {
  const parent = (fifo: boolean, displayName: string, inner: TemplateBody['Resources'] = {}) =>
    aTemplate(
      {
        Queue: queue(fifo ? { FifoQueue: true } : {}),
        Nested: resource('AWS::CloudFormation::Stack', { Parameters: { Name: attribute('Queue', 'QueueName') } }),
        Topic: topic({ DisplayName: displayName, TopicName: attribute('Nested', 'Outputs.Name') }),
      },
      {
        nested: {
          Nested: aTemplate(
            {
              Alarm: resource('AWS::CloudWatch::Alarm', { Dimensions: [{ Name: 'QueueName', Value: ref('Name') }] }),
              ...inner,
            },
            { name: 'Stack-Nested', Parameters: { Name: {} }, Outputs: { Name: { Value: ref('Alarm') } } },
          ),
        },
      },
    );

  test('a nested stack waits for its parameters, and its outputs for all of its resources', async () => {
    expect(await new Deployer().deploy(parent(false, '1', { Other: topic() }), { first: 'create Topic' })).toEqual([
      'create: create Queue',
      'create: create Nested/Alarm',
      'create: create Nested/Other',
      'create: create Topic',
    ]);
    const [first] = await new Deployer().deploy(parent(false, '1', { Other: topic() }), {
      first: 'create Nested/Other',
    });
    expect(first).toBe('create: create Queue');
  });

  test('old resources are removed once the root stack is updated', async () => {
    const deployer = await deployed(parent(false, '1', { Old: queue({}, { DependsOn: 'Alarm' }) }));
    expect(await deployer.deploy(parent(true, '2'))).toEqual([
      'update: replace Queue',
      'update: update Nested/Alarm',
      'update: update Topic',
      'cleanup: delete Nested/Old',
      'cleanup: delete Queue',
    ]);
  });

  test('the failure of another resource rolls a nested stack back', async () => {
    const deployer = await deployed(parent(false, '1'));
    expect(await deployer.deploy(parent(true, '2'), { failing: 'update Topic' })).toEqual([
      'update: replace Queue',
      'update: update Nested/Alarm',
      'update: the failure of update Topic',
      'rollback: revert Nested/Alarm',
      'rollback: revert Topic',
      'rollback cleanup: delete Queue',
    ]);
  });

  test('the templates of an app are read with their nested stacks, in the order of deployment', () => {
    const app = anApp();
    const consumer = new Stack(app, 'Consumer');
    const producer = new Stack(app, 'Producer');
    const inner = new NestedStack(producer, 'Inner');
    new Topic(inner, 'Topic', { displayName: new Queue(producer, 'Queue').queueName });
    consumer.addDependency(producer);
    new Topic(consumer, 'Other');
    const [first, second] = templatesOf(app);
    expect([first!.name, second!.name]).toEqual(['Producer', 'Consumer']);
    const [nested] = Object.values(first!.nested!);
    expect(
      Object.values(nested!.body.Resources!).map(({ Type, Metadata }) => [Type, Metadata?.['aws:cdk:path']]),
    ).toEqual([['AWS::SNS::Topic', 'Producer/Inner/Topic/Resource']]);
  });
});
