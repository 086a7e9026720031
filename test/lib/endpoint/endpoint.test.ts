import { readFileSync } from 'node:fs';
import {
  App,
  Aws,
  CfnParameter,
  Duration,
  Lazy,
  NestedStack,
  PermissionsBoundary,
  RemovalPolicy,
  Stack,
  Stage,
  Tags,
} from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import recommendedFlags from 'aws-cdk-lib/recommended-feature-flags.json';
import { AsyncInferenceInvoker, InferenceModel, InputPolicy, ModelData } from '../../../lib';
import {
  ENV,
  aStack,
  anEndpoint,
  anImage,
  modelStatements,
  only,
  resources,
  statements,
} from '../../../tools/showcase/stacks';
import type { Resource } from '../../../tools/showcase/stacks';

const ROLE_ARN = 'arn:aws:iam::111122223333:role/given';

describe('by default', () => {
  const stack = aStack();
  const endpoint = anEndpoint(stack);
  const template = Template.fromStack(stack);

  test('an endpoint has these resources under these logical IDs, and no others', () => {
    const { Resources } = template.toJSON() as { Resources: Record<string, { Type: string }> };
    expect(Object.fromEntries(Object.entries(Resources).map(([id, { Type }]) => [id, Type]))).toEqual({
      EndpointConfig24AD0A28: 'AWS::SageMaker::EndpointConfig',
      EndpointEEF1FD8F: 'AWS::SageMaker::Endpoint',
      EndpointErrorTopic236334FE: 'AWS::SNS::Topic',
      EndpointErrorTopicPolicy8CB193E0: 'AWS::SNS::TopicPolicy',
      EndpointExecutionRole626EC5D8: 'AWS::IAM::Role',
      EndpointInvokerFunction20B2E7DF: 'AWS::Lambda::Function',
      EndpointInvokerLogGroupE67FF233: 'AWS::Logs::LogGroup',
      EndpointInvokerPermissions90BAAAD5: 'AWS::IAM::ManagedPolicy',
      EndpointInvokerRoleFC11C2C6: 'AWS::IAM::Role',
      EndpointLogGroup15F89CA5: 'AWS::Logs::LogGroup',
      EndpointModelE90970FC: 'AWS::SageMaker::Model',
      EndpointOutputBucket704EF111: 'AWS::S3::Bucket',
      EndpointOutputBucketPolicy948458C1: 'AWS::S3::BucketPolicy',
      EndpointPermissionsB0E4AAB2: 'AWS::IAM::ManagedPolicy',
      EndpointScalingTarget4FA140ED: 'AWS::ApplicationAutoScaling::ScalableTarget',
      EndpointScalingDemandPolicyA249DADB: 'AWS::ApplicationAutoScaling::ScalingPolicy',
      EndpointScalingWakePolicy6BFE6CFF: 'AWS::ApplicationAutoScaling::ScalingPolicy',
      EndpointScalingWakeAlarm0BE7DD61: 'AWS::CloudWatch::Alarm',
      EndpointSuccessTopic0AA9FBBF: 'AWS::SNS::Topic',
      EndpointSuccessTopicPolicyBDDCBA18: 'AWS::SNS::TopicPolicy',
    });
  });

  test('is asynchronous, with one variant, both paths and both topics', () => {
    template.hasResourceProperties('AWS::SageMaker::EndpointConfig', {
      ProductionVariants: [{ VariantName: 'AllTraffic', InstanceType: 'ml.m5.xlarge', InitialInstanceCount: 1 }],
      AsyncInferenceConfig: {
        OutputConfig: {
          S3OutputPath: stack.resolve(endpoint.outputBucket.s3UrlForObject('output')),
          S3FailurePath: stack.resolve(endpoint.outputBucket.s3UrlForObject('failure')),
          NotificationConfig: {
            SuccessTopic: stack.resolve(endpoint.successTopic.topicArn),
            ErrorTopic: stack.resolve(endpoint.errorTopic.topicArn),
          },
        },
      },
    });
  });

  test('names the endpoint, and neither its model nor its configuration', () => {
    template.hasResourceProperties('AWS::SageMaker::Endpoint', { EndpointName: endpoint.endpointName });
    template.hasResourceProperties('AWS::SageMaker::Model', { ModelName: Match.absent() });
    template.hasResourceProperties('AWS::SageMaker::EndpointConfig', { EndpointConfigName: Match.absent() });
  });

  test('the new bucket is private, encrypted and TLS only, keeps results until somebody deletes them, and outlives the stack', () => {
    template.hasResource('AWS::S3::Bucket', {
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
      Properties: {
        BucketEncryption: {
          ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
        },
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: true,
          BlockPublicPolicy: true,
          IgnorePublicAcls: true,
          RestrictPublicBuckets: true,
        },
        LifecycleConfiguration: {
          Rules: [{ AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 }, Status: 'Enabled' }],
        },
      },
    });
    template.hasResourceProperties('AWS::S3::BucketPolicy', {
      PolicyDocument: {
        Statement: [
          Match.objectLike({ Effect: 'Deny', Action: 's3:*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
        ],
      },
    });
  });

  test('encrypts the topics and takes what is published over TLS only', () => {
    template.allResourcesProperties('AWS::SNS::Topic', {
      KmsMasterKeyId: { 'Fn::Join': ['', Match.arrayWith([':alias/aws/sns'])] },
      TopicName: Match.absent(),
    });
    template.resourceCountIs('AWS::SNS::Topic', 2);
    template.allResourcesProperties('AWS::SNS::TopicPolicy', {
      PolicyDocument: {
        Statement: [
          Match.objectLike({
            Effect: 'Deny',
            Action: 'sns:Publish',
            Condition: { Bool: { 'aws:SecureTransport': 'false' } },
          }),
        ],
      },
    });
    template.resourceCountIs('AWS::SNS::TopicPolicy', 2);
  });

  test("owns the log group that SageMaker writes to, and the group's retention", () => {
    template.hasResource('AWS::Logs::LogGroup', {
      DeletionPolicy: 'Delete',
      Properties: { LogGroupName: `/aws/sagemaker/Endpoints/${endpoint.endpointName}`, RetentionInDays: 30 },
    });
  });
});

describe('execution role', () => {
  test('may do this and nothing else', () => {
    const stack = aStack({ env: ENV });
    const endpoint = anEndpoint(stack, { endpointName: 'languages' });
    const bucket = stack.resolve(endpoint.outputBucket.bucketArn) as unknown;
    const logGroup = Object.keys(resources(stack, 'AWS::Logs::LogGroup')).find((id) => !id.includes('Invoker'))!;
    const arn = (tail: string) => ({ 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, tail]] });
    expect(statements(stack, 'EndpointPermissions')).toEqual([
      {
        Sid: 'WriteResults',
        Effect: 'Allow',
        Action: ['s3:AbortMultipartUpload', 's3:PutObject'],
        Resource: ['/output/*', '/failure/*'].map((path) => ({ 'Fn::Join': ['', [bucket, path]] })),
      },
      { Sid: 'ListOutputBucket', Effect: 'Allow', Action: 's3:ListBucket', Resource: bucket },
      {
        Sid: 'NotifyOfResults',
        Effect: 'Allow',
        Action: 'sns:Publish',
        Resource: [endpoint.successTopic, endpoint.errorTopic].map((topic) => stack.resolve(topic.topicArn) as unknown),
      },
      {
        Sid: 'WriteLogs',
        Effect: 'Allow',
        Action: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:PutLogEvents'],
        Resource: [
          arn(':logs:eu-west-1:111122223333:log-group:/aws/sagemaker/Endpoints/languages'),
          { 'Fn::GetAtt': [logGroup, 'Arn'] },
        ],
      },
      {
        Sid: 'PutMetrics',
        Effect: 'Allow',
        Action: 'cloudwatch:PutMetricData',
        Resource: '*',
        Condition: { StringEquals: { 'cloudwatch:namespace': ['/aws/sagemaker/Endpoints', 'AWS/SageMaker'] } },
      },
      {
        Sid: 'PullImage',
        Effect: 'Allow',
        Action: ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
        Resource: arn(':ecr:eu-west-1:763104351884:repository/djl-inference'),
      },
      { Sid: 'LogInToRegistry', Effect: 'Allow', Action: 'ecr:GetAuthorizationToken', Resource: '*' },
    ]);
    const role = resources(stack, 'AWS::IAM::Role');
    expect(Object.values(role).map(({ Properties }) => Properties.ManagedPolicyArns)).toEqual([undefined, undefined]);
  });

  test('is trusted to SageMaker alone, acting for this account', () => {
    const stack = aStack({ env: ENV });
    anEndpoint(stack, { createInvoker: false });
    expect(
      (only(stack, 'AWS::IAM::Role').Properties.AssumeRolePolicyDocument as { Statement: unknown }).Statement,
    ).toEqual([
      {
        Action: 'sts:AssumeRole',
        Effect: 'Allow',
        Principal: { Service: 'sagemaker.amazonaws.com' },
        Condition: {
          StringEquals: { 'aws:SourceAccount': '111122223333' },
          ArnLike: {
            'aws:SourceArn': {
              'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':sagemaker:eu-west-1:111122223333:*']],
            },
          },
        },
      },
    ]);
  });

  test('the model and the endpoint depend on the permissions of the execution role', () => {
    const stack = aStack();
    anEndpoint(stack, { createInvoker: false });
    const policies = Object.keys(resources(stack, 'AWS::IAM::ManagedPolicy'));
    expect(policies).toEqual([expect.stringMatching(/^EndpointPermissions/)]);
    expect(only(stack, 'AWS::SageMaker::Model').DependsOn).toEqual(expect.arrayContaining(policies));
    expect(only(stack, 'AWS::SageMaker::Endpoint').DependsOn).toEqual(expect.arrayContaining(policies));
  });

  test('the permissions of an execution role of another stack are in the stack of the endpoint', () => {
    const app = new App();
    const roles = new Stack(app, 'Roles');
    const role = new iam.Role(roles, 'Role', { assumedBy: new iam.ServicePrincipal('sagemaker.amazonaws.com') });
    const stack = new Stack(app, 'Stack');
    anEndpoint(stack, { executionRole: role, createInvoker: false });
    expect(statements(roles, '')).toEqual([]);
    expect(Object.keys(resources(stack, 'AWS::IAM::ManagedPolicy'))).toHaveLength(1);
    expect(roles.dependencies).toEqual([]);
  });

  test('an imported execution role gets an unnamed policy, so that no other stack or region can have the same one', () => {
    const stack = aStack({ env: ENV });
    anEndpoint(stack, { executionRole: iam.Role.fromRoleArn(stack, 'Role', ROLE_ARN), createInvoker: false });
    const { Properties } = only(stack, 'AWS::IAM::ManagedPolicy');
    expect(Properties.Roles).toEqual(['given']);
    expect(Properties.ManagedPolicyName).toBeUndefined();
  });

  test('for an immutable execution role, a warning lists the statements with their resources, and the template has no policy', () => {
    const stack = aStack();
    anEndpoint(stack, {
      executionRole: iam.Role.fromRoleArn(stack, 'Role', ROLE_ARN, { mutable: false }),
      createInvoker: false,
    });
    expect(statements(stack, '')).toEqual([]);
    const warnings = Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('roleNotModifiable'));
    expect(warnings).toHaveLength(1);
    const text = warnings.map(({ entry }) => entry.data as string).join('\n');
    for (const action of ['s3:PutObject', 'sns:Publish', 'ecr:BatchGetImage', 'repository/djl-inference'])
      expect(text).toContain(action);
  });

  test('a role that can be modified gets no warning', () => {
    const stack = aStack();
    anEndpoint(stack, { executionRole: iam.Role.fromRoleArn(stack, 'Role', ROLE_ARN) });
    anEndpoint(stack, {}, 'Other');
    Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
  });

  test('for roles that are created in advance, the report of CDK contains every statement, and there is no warning', () => {
    const app = new App();
    iam.Role.customizeRoles(app, {
      usePrecreatedRoles: { 'Stack/Endpoint/ExecutionRole': 'execution', 'Stack/Endpoint/Invoker/Role': 'invoker' },
    });
    const stack = new Stack(app, 'Stack');
    anEndpoint(stack);
    const assembly = app.synth();
    const report = readFileSync(`${assembly.directory}/iam-policy-report.json`, 'utf8');
    for (const action of ['s3:PutObject', 'sns:Publish', 'ecr:BatchGetImage', 'sagemaker:InvokeEndpointAsync']) {
      expect(report).toContain(action);
    }
    const { template, messages } = assembly.getStackByName('Stack');
    const { Resources } = template as { Resources: Record<string, Resource> };
    expect(Object.values(Resources).filter(({ Type }) => Type.startsWith('AWS::IAM::'))).toEqual([]);
    expect(messages).toEqual([]);
  });
});

describe('model', () => {
  test('the execution role reads one archive of model data, and decrypts it with the key of its bucket', () => {
    const stack = aStack();
    const bucket = new s3.Bucket(stack, 'Models', { encryption: s3.BucketEncryption.KMS });
    anEndpoint(stack, {
      model: InferenceModel.fromContainer({
        image: anImage(),
        modelData: ModelData.fromBucket(bucket, 'v1/model.tar.gz'),
        environment: { A: 'b' },
      }),
    });
    const [, , read, decrypt] = modelStatements(stack);
    expect(read).toMatchObject({
      Action: 's3:GetObject',
      Resource: stack.resolve(bucket.arnForObjects('v1/model.tar.gz')) as unknown,
    });
    expect(decrypt).toMatchObject({
      Action: 'kms:Decrypt',
      Resource: stack.resolve(bucket.encryptionKey!.keyArn) as unknown,
    });
    Template.fromStack(stack).hasResourceProperties('AWS::SageMaker::Model', {
      PrimaryContainer: {
        ModelDataUrl: stack.resolve(bucket.s3UrlForObject('v1/model.tar.gz')) as unknown,
        Environment: { A: 'b' },
      },
    });
  });

  test('other model data replaces the policy, another image tag does not, and neither replaces the endpoint', () => {
    const define = (image: string, key: string) => {
      const stack = aStack();
      const bucket = s3.Bucket.fromBucketName(stack, 'Models', 'models');
      anEndpoint(stack, {
        model: InferenceModel.fromContainer({ image: anImage(image), modelData: ModelData.fromBucket(bucket, key) }),
        createInvoker: false,
      });
      const [[id, { Properties }]] = Object.entries(resources(stack, 'AWS::IAM::ManagedPolicy')) as [
        [string, Resource],
      ];
      const endpoint = Object.keys(resources(stack, 'AWS::SageMaker::Endpoint'));
      return { id, description: Properties.Description, endpoint };
    };
    const first = define('1.0', 'a/model.tar.gz');
    const second = define('1.0', 'b/model.tar.gz');
    expect(second).toEqual({ ...first, description: expect.any(String) as unknown });
    expect(second.description).not.toBe(first.description);
    expect(define('1.0', 'a/model.tar.gz')).toEqual(first);
    expect(define('2.0', 'a/model.tar.gz')).toEqual(first);
  });
});

describe('names', () => {
  test('the default is a lower-case literal of at most 63 characters, of its own for each endpoint', () => {
    const app = new App();
    const stacks = ['One', 'Two-with-a-name-that-goes-on-and-on-and-on-and-on-and-on-and-on'].map(
      (name) => new Stack(app, name),
    );
    const nested = ['A', 'B'].map((id) => new NestedStack(stacks[0]!, id));
    const names = [...stacks, ...nested].flatMap((stack) =>
      ['Endpoint', 'endpoint'].map((id) => anEndpoint(stack, {}, id).endpointName),
    );
    names.forEach((name) => expect(name).toMatch(/^(?=.{1,63}$)[a-z0-9](-*[a-z0-9])*$/));
    expect(new Set(names).size).toBe(8);
  });

  test("a name with capitals keeps them, but the ARN is SageMaker's: lower case", () => {
    const endpoint = anEndpoint(aStack({ env: ENV }), { endpointName: 'MyEndpoint' });
    expect(endpoint.endpointName).toBe('MyEndpoint');
    expect(endpoint.endpointArn).toMatch(/:sagemaker:eu-west-1:111122223333:endpoint\/myendpoint$/);
    expect(endpoint.endpointRef.endpointArn).toBe(endpoint.endpointArn);
  });

  test("a name known only at deploy time: the ARN is the endpoint's own", () => {
    const stack = aStack();
    const endpoint = anEndpoint(stack, { endpointName: new CfnParameter(stack, 'Name').valueAsString });
    expect(stack.resolve(endpoint.endpointArn)).toEqual({
      Ref: Object.keys(resources(stack, 'AWS::SageMaker::Endpoint'))[0],
    });
  });

  test.each(['a', 'A-b--C', 'x'.repeat(63)])('takes %s', (endpointName) => {
    expect(anEndpoint(aStack(), { endpointName, variantName: endpointName }).variantName).toBe(endpointName);
  });

  test.each(['', '-a', 'a-', 'a_b', 'a b', 'x'.repeat(64), 'ä'])('fails on %p, both names in one error', (name) => {
    expect(() => anEndpoint(aStack(), { endpointName: name, variantName: name })).toThrow(
      new RegExp(
        `Stack/Endpoint:\n  - endpointName must be 1 to 63 [^\n]+, got '${name}'\n  - variantName must be [^\n]+, got '${name}'$`,
      ),
    );
  });
});

describe('output', () => {
  test('expiry, removal and log retention are the props', () => {
    const stack = aStack();
    anEndpoint(stack, {
      outputExpiration: Duration.days(1),
      outputRemovalPolicy: RemovalPolicy.DESTROY,
      logRetention: logs.RetentionDays.ONE_DAY,
      createInvoker: false,
    });
    const template = Template.fromStack(stack);
    template.hasResource('AWS::S3::Bucket', {
      DeletionPolicy: 'Delete',
      Properties: { LifecycleConfiguration: { Rules: [Match.objectLike({ ExpirationInDays: 1 })] } },
    });
    template.hasResourceProperties('AWS::Logs::LogGroup', { RetentionInDays: 1 });
    expect(Object.keys(template.findResources('Custom::S3AutoDeleteObjects'))).toEqual([]);
  });

  test.each([Duration.days(0), Duration.hours(36)])('fails on an expiry of %p', (outputExpiration) => {
    expect(() => anEndpoint(aStack(), { outputExpiration })).toThrow(
      /outputExpiration must be a whole number of days of at least 1, got/,
    );
  });
});

test('applyRemovalPolicy RETAIN keeps what the endpoint needs in service, and neither its scaling nor what an update replaces or fails to create', () => {
  const stack = aStack();
  const vpc = Vpc.fromVpcAttributes(stack, 'Vpc', {
    vpcId: 'vpc-1',
    availabilityZones: ['a', 'b'],
    privateSubnetIds: ['subnet-1', 'subnet-2'],
  });
  const props = { outputRemovalPolicy: RemovalPolicy.DESTROY, createInvoker: false, vpc };
  anEndpoint(stack, props).applyRemovalPolicy(RemovalPolicy.RETAIN);
  const { Resources } = Template.fromStack(stack).toJSON() as {
    Resources: Record<string, { Type: string; DeletionPolicy?: string; UpdateReplacePolicy?: string }>;
  };
  const retained = Object.values(Resources).filter(({ DeletionPolicy }) => DeletionPolicy === 'RetainExceptOnCreate');
  expect(retained.filter(({ UpdateReplacePolicy }) => UpdateReplacePolicy !== 'Delete')).toEqual([]);
  expect(
    Object.values(Resources)
      .filter((resource) => !retained.includes(resource))
      .map(({ Type }) => Type)
      .sort(),
  ).toEqual([
    'AWS::ApplicationAutoScaling::ScalableTarget',
    'AWS::ApplicationAutoScaling::ScalingPolicy',
    'AWS::ApplicationAutoScaling::ScalingPolicy',
    'AWS::CloudWatch::Alarm',
    'AWS::S3::Bucket',
    'AWS::S3::BucketPolicy',
  ]);
});

test('applyRemovalPolicy RETAIN also keeps permissions on inputs, and those that are added after it', () => {
  const stack = aStack({ env: ENV });
  const endpoint = anEndpoint(stack, { invokerOptions: { inputPolicy: InputPolicy.bySize() } });
  endpoint.applyRemovalPolicy(RemovalPolicy.RETAIN);
  endpoint.addRollbackAlarms(
    Alarm.fromAlarmArn(stack, 'Alarm', `arn:aws:cloudwatch:${ENV.region}:${ENV.account}:alarm:quality`),
  );
  new AsyncInferenceInvoker(stack, 'Another', { endpoint, inputPolicy: InputPolicy.bySize() });
  const policies = Object.entries(resources(stack, 'AWS::IAM::ManagedPolicy'));
  for (const id of ['EndpointRollbackPermissions', 'EndpointInvokerInputPermissions', 'AnotherInputPermissions']) {
    const [, { DeletionPolicy, UpdateReplacePolicy }] = policies.find(([logicalId]) => logicalId.startsWith(id))!;
    expect([DeletionPolicy, UpdateReplacePolicy]).toEqual(['RetainExceptOnCreate', 'Delete']);
  }
});

test('the endpoint waits for its log group, which SageMaker would create otherwise, if no role orders them', () => {
  const stack = aStack();
  anEndpoint(stack, { model: InferenceModel.fromModelName('languages'), createInvoker: false });
  expect(only(stack, 'AWS::SageMaker::Endpoint').DependsOn).toEqual([expect.stringMatching(/^EndpointLogGroup/)]);
});

test('applyRemovalPolicy leaves a given role alone', () => {
  const stack = aStack();
  const executionRole = new iam.Role(stack, 'Role', { assumedBy: new iam.ServicePrincipal('sagemaker.amazonaws.com') });
  anEndpoint(stack, { executionRole, createInvoker: false }).applyRemovalPolicy(RemovalPolicy.RETAIN);
  expect(only(stack, 'AWS::IAM::Role').DeletionPolicy).toBeUndefined();
});

describe('grants.invokeAsync', () => {
  test.each([
    ['a role', (stack: Stack) => new iam.Role(stack, 'G', { assumedBy: new iam.AccountRootPrincipal() })],
    ['a user', (stack: Stack) => new iam.User(stack, 'G')],
    ['a group', (stack: Stack) => new iam.Group(stack, 'G')],
    ['an imported role', (stack: Stack) => iam.Role.fromRoleArn(stack, 'G', ROLE_ARN)],
  ])('lets %s send requests to this endpoint, and no more', (_, grantee) => {
    const stack = aStack({ env: ENV });
    const endpoint = anEndpoint(stack);
    expect(endpoint.grants.invokeAsync(grantee(stack)).success).toBe(true);
    const granted = Object.entries(resources(stack, 'AWS::IAM::Policy')).filter(([id]) => !id.startsWith('Endpoint'));
    expect(
      granted.map(([, { Properties }]) => (Properties.PolicyDocument as { Statement: unknown[] }).Statement),
    ).toEqual([
      [
        {
          Effect: 'Allow',
          Action: 'sagemaker:InvokeEndpointAsync',
          Resource: stack.resolve(endpoint.endpointArn) as unknown,
        },
      ],
    ]);
  });

  test('fails on a grantee of another account, and says to assume a role', () => {
    const stack = aStack({ env: ENV });
    const grantee = iam.Role.fromRoleArn(stack, 'G', 'arn:aws:iam::444455556666:role/other');
    expect(() => anEndpoint(stack).grants.invokeAsync(grantee)).toThrow(
      /grants.invokeAsync got a grantee of account 444455556666, and the policy of an endpoint cannot allow other accounts: grant to a role in 111122223333, and let the grantee assume that role/,
    );
  });

  test('fails on a grantee that cannot be modified', () => {
    expect(() => anEndpoint(aStack()).grants.invokeAsync(new iam.ServicePrincipal('events.amazonaws.com'))).toThrow(
      /got a grantee without an IAM policy, and the policy of an endpoint cannot allow it: grant to a role, user or group that can be modified/,
    );
  });
});

test('grants.readResults: objects under both prefixes, and the list that tells missing from denied', () => {
  const stack = aStack();
  const endpoint = anEndpoint(stack);
  endpoint.grants.readResults(new iam.User(stack, 'User'));
  const bucket = stack.resolve(endpoint.outputBucket.bucketArn) as unknown;
  expect(statements(stack, 'UserDefaultPolicy')).toEqual([
    {
      Effect: 'Allow',
      Action: 's3:GetObject',
      Resource: ['/output/*', '/failure/*'].map((path) => ({ 'Fn::Join': ['', [bucket, path]] })),
    },
    { Effect: 'Allow', Action: 's3:ListBucket', Resource: bucket },
  ]);
});

describe('invoker', () => {
  test('can be left out, and then says so', () => {
    const stack = aStack();
    const endpoint = anEndpoint(stack, { createInvoker: false });
    expect(resources(stack, 'AWS::Lambda::Function')).toEqual({});
    expect(() => endpoint.invoker).toThrow(
      'Stack/Endpoint: the endpoint has no invoker, because createInvoker is false',
    );
  });

  test('fails on options that would have no effect', () => {
    expect(() => anEndpoint(aStack(), { createInvoker: false, invokerOptions: {} })).toThrow(
      /invokerOptions has no effect without an invoker, and createInvoker is false: leave it out/,
    );
  });

  test('takes the options', () => {
    const stack = aStack();
    anEndpoint(stack, { invokerOptions: { memorySize: 512 } });
    expect(only(stack, 'AWS::Lambda::Function').Properties.MemorySize).toBe(512);
  });
});

describe('in all kinds of places', () => {
  test('twice in a stack', () => {
    const stack = aStack();
    anEndpoint(stack, {}, 'One');
    anEndpoint(stack, {}, 'Two');
    expect(Object.keys(resources(stack, 'AWS::SageMaker::Endpoint'))).toHaveLength(2);
  });

  test('in a nested stack, in a Stage', () => {
    const stage = new Stage(new App(), 'Stage', { env: ENV });
    const nested = new NestedStack(new Stack(stage, 'Stack'), 'Nested');
    const endpoint = anEndpoint(nested);
    expect(Object.keys(resources(nested, 'AWS::SageMaker::Endpoint'))).toHaveLength(1);
    expect(endpoint.endpointName).toMatch(/^stagestack-nested-endpoint-/);
    stage.synth();
  });

  test('used from another stack of the same environment', () => {
    const app = new App();
    const endpoint = anEndpoint(new Stack(app, 'Stack'));
    const other = new Stack(app, 'Other');
    const role = new iam.Role(other, 'Role', { assumedBy: new iam.AccountRootPrincipal() });
    endpoint.grants.invokeAsync(role);
    endpoint.grants.readResults(role);
    expect(statements(other, 'RoleDefaultPolicy')).toHaveLength(3);
    app.synth();
  });

  test('used from another region', () => {
    const app = new App();
    const endpoint = anEndpoint(new Stack(app, 'Stack', { env: ENV, crossRegionReferences: true }));
    const other = new Stack(app, 'Other', { env: { ...ENV, region: 'us-east-1' }, crossRegionReferences: true });
    const role = new iam.Role(other, 'Role', { assumedBy: new iam.AccountRootPrincipal() });
    endpoint.grants.invokeAsync(role);
    endpoint.grants.readResults(role);
    expect(JSON.stringify(statements(other, 'RoleDefaultPolicy')[0])).toContain(
      ':sagemaker:eu-west-1:111122223333:endpoint/stack-endpoint-',
    );
    app.synth();
  });

  test.each([
    ['with all recommended feature flags', recommendedFlags as Record<string, unknown>],
    ['with every feature flag off', Object.fromEntries(Object.keys(recommendedFlags).map((flag) => [flag, false]))],
  ])('%s', (_, context) => {
    const stack = aStack({}, context);
    anEndpoint(stack);
    expect(Object.keys(resources(stack, 'AWS::SageMaker::Endpoint'))).toHaveLength(1);
    expect(only(stack, 'AWS::Lambda::Function').Properties.Runtime).toBe('nodejs24.x');
  });

  test.each(['cn-north-1', 'us-gov-west-1'])('in the partition of %s no ARN says aws', (region) => {
    const stack = aStack({ env: { ...ENV, region } });
    anEndpoint(stack);
    expect(JSON.stringify(Template.fromStack(stack).toJSON())).not.toContain('arn:aws:');
  });

  test("takes the stack's permissions boundary and tags", () => {
    const app = new App();
    const stack = new Stack(app, 'Stack', { permissionsBoundary: PermissionsBoundary.fromName('boundary') });
    anEndpoint(stack);
    Tags.of(stack).add('team', 'nlp');
    const template = Template.fromStack(stack);
    template.allResourcesProperties('AWS::IAM::Role', { PermissionsBoundary: Match.anyValue() });
    for (const type of ['Endpoint', 'EndpointConfig', 'Model']) {
      template.hasResourceProperties(`AWS::SageMaker::${type}`, { Tags: [{ Key: 'team', Value: 'nlp' }] });
    }
  });

  test('synthesizes to the same template twice', () => {
    const template = () => {
      const stack = aStack();
      anEndpoint(stack);
      return Template.fromStack(stack).toJSON() as unknown;
    };
    expect(template()).toEqual(template());
  });

  test('tokens pass wherever a value is checked', () => {
    const stack = aStack();
    const number = Lazy.number({ produce: () => 200 });
    anEndpoint(stack, {
      variantName: Aws.STACK_NAME,
      outputExpiration: Duration.days(number),
      invokerOptions: { memorySize: number, timeout: Duration.seconds(number), defaultContentType: Aws.STACK_NAME },
    });
    const { Properties } = only(stack, 'AWS::Lambda::Function');
    expect([Properties.MemorySize, Properties.Timeout]).toEqual([200, 200]);
    expect(
      (
        only(stack, 'AWS::S3::Bucket').Properties as {
          LifecycleConfiguration: { Rules: { ExpirationInDays: number }[] };
        }
      ).LifecycleConfiguration.Rules[0]!.ExpirationInDays,
    ).toBe(200);
  });
});
