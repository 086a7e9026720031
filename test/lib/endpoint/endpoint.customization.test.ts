import { App, Aspects, CfnResource, Duration, PropertyInjectors, Stack } from 'aws-cdk-lib';
import type { IPropertyInjector } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { CfnEndpoint } from 'aws-cdk-lib/aws-sagemaker';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { IConstruct } from 'constructs';
import * as library from '../../../lib';
import {
  AsyncInferenceCallback,
  AsyncInferenceEndpoint,
  AsyncInferenceInvoker,
  AsyncInferenceMonitoring,
  AsyncInferenceRequestQueue,
  AsyncInferenceResultEvents,
  AsyncInferenceResultQueue,
  AsyncInferenceScaling,
} from '../../../lib';
import { aStack, anEndpoint, only } from '../../../tools/showcase/stacks';

describe('isAsyncInferenceEndpoint', () => {
  test('is true for an endpoint of this library', () => {
    expect(AsyncInferenceEndpoint.isAsyncInferenceEndpoint(anEndpoint(aStack()))).toBe(true);
  });

  test.each<[string, unknown]>([
    ['an imported endpoint', AsyncInferenceEndpoint.fromEndpointName(aStack(), 'Endpoint', 'languages')],
    ['another construct', aStack()],
    ['an object with the members of an endpoint', { endpointName: 'a', endpointArn: 'b', invoker: {} }],
    ['null', null],
    ['undefined', undefined],
    ['a string', 'endpoint'],
  ])('is false for %s', (_, value) => {
    expect(AsyncInferenceEndpoint.isAsyncInferenceEndpoint(value)).toBe(false);
  });
});

describe('an endpoint that is renamed after its construction', () => {
  const renamed = (rename: (stack: Stack, resource: CfnEndpoint) => void) => {
    const stack = aStack();
    rename(stack, anEndpoint(stack, { createInvoker: false }).node.defaultChild as CfnEndpoint);
    return () => (stack.node.root as App).synth();
  };

  test.each<[string, (stack: Stack, resource: CfnEndpoint) => void]>([
    [
      'by an Aspect',
      (stack) =>
        Aspects.of(stack).add({
          visit: (node: IConstruct) => {
            if (node instanceof CfnEndpoint) node.endpointName = 'other';
          },
        }),
    ],
    [
      'directly',
      (_, resource) => {
        resource.endpointName = 'other';
      },
    ],
    [
      'by the removal of its name',
      (_, resource) => {
        resource.endpointName = undefined;
      },
    ],
  ])('%s is an error, because its permissions contain the old name', (_, rename) => {
    expect(renamed(rename)).toThrow(/\[Stack\/Endpoint\] the endpoint was renamed.*set the prop endpointName/);
  });

  test('is no error if the name stays the same', () => {
    expect(
      renamed((_, resource) => {
        resource.endpointName = `${resource.endpointName}`;
      }),
    ).not.toThrow();
  });
});

describe('escape hatches', () => {
  test('change any property of the endpoint configuration and of the model', () => {
    const stack = aStack();
    const endpoint = anEndpoint(stack);
    endpoint.endpointConfig.addPropertyOverride('ProductionVariants.0.RoutingConfig.RoutingStrategy', 'RANDOM');
    endpoint.model!.addPropertyOverride('PrimaryContainer.ContainerHostname', 'container');
    expect(only(stack, 'AWS::SageMaker::EndpointConfig').Properties).toMatchObject({
      ProductionVariants: [{ VariantName: 'AllTraffic', RoutingConfig: { RoutingStrategy: 'RANDOM' } }],
    });
    expect(only(stack, 'AWS::SageMaker::Model').Properties).toMatchObject({
      PrimaryContainer: { ContainerHostname: 'container' },
    });
  });

  test('change the endpoint itself, which is the default child', () => {
    const stack = aStack();
    const resource = anEndpoint(stack).node.defaultChild;
    if (!CfnResource.isCfnResource(resource)) throw new Error('the endpoint has no default child');
    resource.addPropertyOverride('RetainAllVariantProperties', true);
    expect(only(stack, 'AWS::SageMaker::Endpoint').Properties.RetainAllVariantProperties).toBe(true);
  });
});

describe('property injection', () => {
  /** The classes that have an ID, by their names. */
  const injectable = Object.entries(library).flatMap(([name, value]) => {
    const { PROPERTY_INJECTION_ID: id } = value as { PROPERTY_INJECTION_ID?: string };
    return id === undefined ? [] : [[name, id] as const];
  });

  const injected = (constructUniqueId: string, props: object, define: (stack: Stack) => void) => {
    const injector: IPropertyInjector = {
      constructUniqueId,
      inject: (original: object) => ({ ...original, ...props }),
    };
    const stack = new Stack(new App(), 'Stack');
    PropertyInjectors.of(stack).add(injector);
    define(stack);
    return Template.fromStack(stack);
  };

  test.each(injectable)('the ID of %s contains the name of the package and of the class', (name, id) => {
    expect(id).toBe(`cdk-sagemaker-async-inference.${name}`);
  });

  test('a key that is injected into queues may be used by those who consume them', () => {
    const encryption = { encryption: QueueEncryption.KMS };
    const template = injected(Queue.PROPERTY_INJECTION_ID, encryption, (stack) => {
      const endpoint = anEndpoint(stack);
      new AsyncInferenceRequestQueue(stack, 'Requests', { endpoint, expectedProcessingTime: Duration.seconds(10) });
      new AsyncInferenceResultEvents(stack, 'Events', { endpoints: [endpoint] });
      new AsyncInferenceCallback(stack, 'Callback');
    });
    const ofKeys = Object.entries(template.findResources('AWS::IAM::ManagedPolicy'))
      .filter(([, policy]) => JSON.stringify(policy.Properties).includes('"kms:Decrypt"'))
      .map(([id]) => id.replace(/[0-9A-F]{8}$/, ''));
    expect(ofKeys.sort()).toEqual(['CallbackResultKeyPermissions', 'EventsKeyPermissions', 'RequestsKeyPermissions']);
  });

  test('each construct with props has an ID', () => {
    const names = injectable.map(([name]) => name);
    expect(names).toEqual(
      expect.arrayContaining([
        'AsyncInferenceEndpoint',
        'AsyncInferenceRequestQueue',
        'AsyncInferenceScaling',
        'AsyncInferenceInvoker',
        'AsyncInferenceMonitoring',
        'AsyncInferenceCallback',
        'AsyncInferenceResultEvents',
        'AsyncInferenceResultQueue',
      ]),
    );
  });

  test('changes props of an endpoint, and of the invoker that the endpoint creates', () => {
    injected(AsyncInferenceEndpoint.PROPERTY_INJECTION_ID, { variantName: 'injected' }, (stack) => {
      anEndpoint(stack);
    }).hasResourceProperties('AWS::SageMaker::EndpointConfig', { ProductionVariants: [{ VariantName: 'injected' }] });
    injected(AsyncInferenceInvoker.PROPERTY_INJECTION_ID, { memorySize: 512 }, (stack) => {
      anEndpoint(stack);
    }).hasResourceProperties('AWS::Lambda::Function', { MemorySize: 512 });
  });

  test('changes props of the other constructs', () => {
    injected(AsyncInferenceResultQueue.PROPERTY_INJECTION_ID, { queueName: 'injected' }, (stack) => {
      new AsyncInferenceResultQueue(stack, 'Results');
    }).hasResourceProperties('AWS::SQS::Queue', { QueueName: 'injected' });
    injected(AsyncInferenceResultEvents.PROPERTY_INJECTION_ID, { endpoints: [] }, (stack) => {
      new AsyncInferenceResultEvents(stack, 'Events', { endpoints: [anEndpoint(stack)] });
    }).resourceCountIs('AWS::SNS::Subscription', 0);
    injected(AsyncInferenceCallback.PROPERTY_INJECTION_ID, { logRetention: 7 }, (stack) => {
      new AsyncInferenceCallback(stack, 'Callback');
    }).allResourcesProperties('AWS::Logs::LogGroup', { RetentionInDays: 7 });
    injected(AsyncInferenceScaling.PROPERTY_INJECTION_ID, { maxCapacity: 7 }, (stack) => {
      anEndpoint(stack);
    }).hasResourceProperties('AWS::ApplicationAutoScaling::ScalableTarget', { MaxCapacity: 7 });
    injected(AsyncInferenceRequestQueue.PROPERTY_INJECTION_ID, { fifo: true }, (stack) => {
      new AsyncInferenceRequestQueue(stack, 'Requests', {
        endpoint: anEndpoint(stack),
        expectedProcessingTime: Duration.seconds(10),
      });
    }).allResourcesProperties('AWS::SQS::Queue', { FifoQueue: true });
    injected(AsyncInferenceMonitoring.PROPERTY_INJECTION_ID, { createDashboard: false }, (stack) => {
      new AsyncInferenceMonitoring(stack, 'Monitoring', { endpoints: [anEndpoint(stack)] });
    }).resourceCountIs('AWS::CloudWatch::Dashboard', 0);
  });
});
