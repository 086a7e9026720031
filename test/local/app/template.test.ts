import fc from 'fast-check';
import type { SynthesizedStack, TemplateBody } from '../../../local/app/synthesis';
import { Template } from '../../../local/app/template';

const HASH = 'a'.repeat(64);

function aTemplate(template: TemplateBody = {}): Template {
  return new Template({ name: 'Stack', account: '111122223333', region: 'eu-west-1', template, assets: new Map() });
}

const template = aTemplate({
  Parameters: { Size: { Default: '7' } },
  Mappings: { Accounts: { 'eu-west-1': { id: '42' } } },
  Conditions: {
    Here: { 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'eu-west-1'] },
    Elsewhere: { 'Fn::Not': [{ Condition: 'Here' }] },
    Both: { 'Fn::And': [{ Condition: 'Here' }, { Condition: 'Elsewhere' }] },
    Either: { 'Fn::Or': [{ Condition: 'Here' }, { Condition: 'Elsewhere' }] },
  },
  Resources: {
    Bucket1234: { Type: 'AWS::S3::Bucket' },
    Named: {
      Type: 'AWS::S3::Bucket',
      Properties: { BucketName: { 'Fn::Join': ['-', ['results', { Ref: 'AWS::AccountId' }]] } },
    },
    Topic: { Type: 'AWS::SNS::Topic' },
    Role: { Type: 'AWS::IAM::Role' },
    Function: { Type: 'AWS::Lambda::Function', Properties: { FunctionName: 'invoker' } },
    Endpoint: { Type: 'AWS::SageMaker::Endpoint', Properties: { EndpointName: 'Mixed-Case' } },
    Absent: { Type: 'AWS::SNS::Topic', Condition: 'Elsewhere' },
  },
});

test.each<[unknown, unknown]>([
  [{ Ref: 'AWS::Region' }, 'eu-west-1'],
  [{ Ref: 'AWS::Partition' }, 'aws'],
  [{ Ref: 'AWS::URLSuffix' }, 'amazonaws.com'],
  [{ Ref: 'AWS::StackName' }, 'Stack'],
  [{ Ref: 'AWS::StackId' }, 'arn:aws:cloudformation:eu-west-1:111122223333:stack/Stack/local'],
  [{ Ref: 'AWS::NotificationARNs' }, []],
  [{ Ref: 'Size' }, '7'],
  [{ Ref: 'Bucket1234' }, 'stack-bucket1234'],
  [{ Ref: 'Named' }, 'results-111122223333'],
  [{ Ref: 'Topic' }, 'arn:aws:sns:eu-west-1:111122223333:Stack-Topic'],
  [{ Ref: 'Endpoint' }, 'arn:aws:sagemaker:eu-west-1:111122223333:endpoint/mixed-case'],
  [{ Ref: 'Function' }, 'invoker'],
  [{ 'Fn::GetAtt': ['Named', 'Arn'] }, 'arn:aws:s3:::results-111122223333'],
  [{ 'Fn::GetAtt': 'Role.Arn' }, 'arn:aws:iam::111122223333:role/Stack-Role'],
  [{ 'Fn::GetAtt': ['Function', 'Arn'] }, 'arn:aws:lambda:eu-west-1:111122223333:function:invoker'],
  [{ 'Fn::GetAtt': ['Topic', 'TopicArn'] }, 'arn:aws:sns:eu-west-1:111122223333:Stack-Topic'],
  [{ 'Fn::GetAtt': ['Topic', 'TopicName'] }, 'Stack-Topic'],
  [{ 'Fn::GetAtt': ['Endpoint', 'EndpointName'] }, 'Mixed-Case'],
  [{ 'Fn::GetAtt': ['Named', 'DomainName'] }, 'Named.DomainName'],
  [{ 'Fn::Join': ['/', ['s3:/', { Ref: 'Named' }, 'out']] }, 's3://results-111122223333/out'],
  [
    { 'Fn::Sub': '${AWS::Region}/${Named}/${Named.Arn}/${!Named}' },
    'eu-west-1/results-111122223333/arn:aws:s3:::results-111122223333/${Named}',
  ],
  [{ 'Fn::Sub': ['${Own}', { Own: { Ref: 'Size' } }] }, '7'],
  [{ 'Fn::Select': ['1', { 'Fn::Split': [':', 'a:b:c'] }] }, 'b'],
  [{ 'Fn::FindInMap': ['Accounts', { Ref: 'AWS::Region' }, 'id'] }, '42'],
  [{ 'Fn::If': ['Here', 'yes', 'no'] }, 'yes'],
  [{ 'Fn::If': ['Both', 'yes', 'no'] }, 'no'],
  [{ 'Fn::If': ['Either', 'yes', 'no'] }, 'yes'],
  [{ 'Fn::Base64': 'Hej' }, 'SGVq'],
  [{ 'Fn::Select': [1, { 'Fn::GetAZs': '' }] }, 'eu-west-1b'],
  [{ 'Fn::GetAZs': 'us-east-1' }, ['us-east-1a', 'us-east-1b', 'us-east-1c']],
  // A policy statement is no function.
  [
    { Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
    { Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
  ],
  [{ a: { Ref: 'AWS::NoValue' }, b: [{ Ref: 'AWS::NoValue' }, 1] }, { b: [1] }],
])('an intrinsic function is resolved as in a deployed stack: %j', (value, expected) => {
  expect(template.resolve(value)).toEqual(expected);
});

test('a value without intrinsic functions stays as it is', () => {
  fc.assert(
    fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
      expect(template.resolve(value)).toEqual(value);
    }),
  );
});

test('Fn::Split is the inverse of Fn::Join', () => {
  fc.assert(
    fc.property(fc.array(fc.stringMatching(/^[a-z]*$/), { minLength: 1 }), (parts) => {
      expect(template.resolve({ 'Fn::Split': ['|', { 'Fn::Join': ['|', parts] }] })).toEqual(parts);
    }),
  );
});

test('generated names of long logical IDs are valid and unique', () => {
  const [one, two] = ['A1B2C3D4', 'E5F6A7B8'].map((hash) => `${'Construct'.repeat(10)}${hash}`);
  const long = aTemplate({ Resources: { [one!]: { Type: 'AWS::S3::Bucket' }, [two!]: { Type: 'AWS::S3::Bucket' } } });
  expect(long.nameOf(one!)).toMatch(/^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/);
  expect(long.nameOf(one!)).not.toBe(long.nameOf(two!));
});

test('the resources of a type do not include one whose condition is false', () => {
  expect(template.resources('AWS::SNS::Topic')).toEqual(['Topic']);
});

test.each<[unknown, string]>([
  [{ Ref: 'Nothing' }, 'Stack: the template refers to Nothing, which does not exist.'],
  [{ 'Fn::Cidr': [] }, 'Stack: Fn::Cidr is not supported.'],
  [
    { 'Fn::FindInMap': ['Accounts', 'eu-north-1', 'id'] },
    'Stack: the mapping Accounts has no value for eu-north-1, id.',
  ],
  [{ 'Fn::ImportValue': 'x' }, 'No stack exports x.'],
])('the error for %j names the stack and the problem', (value, message) => {
  expect(() => template.resolve(value)).toThrow(message);
});

test('a stack can import the export of another stack of the app, in any order of the stacks', () => {
  const stack = (name: string, body: TemplateBody): SynthesizedStack => ({
    name,
    account: '1',
    region: 'eu-west-1',
    template: body,
    assets: new Map<string, string>(),
  });
  const [importing] = Template.all([
    stack('Importing', {}),
    stack('Exporting', {
      Resources: { Bucket: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'shared' } } },
      Outputs: { Out: { Value: { Ref: 'Bucket' }, Export: { Name: { 'Fn::Sub': '${AWS::StackName}:Bucket' } } } },
    }),
  ]);
  expect(importing!.resolve({ 'Fn::ImportValue': 'Exporting:Bucket' })).toBe('shared');
  expect(() => importing!.resolve({ 'Fn::ImportValue': 'Other' })).toThrow('No stack of this app exports Other.');
});

test('a nested stack whose template is not among the assets is an error', () => {
  const stack = { name: 'Stack', account: '1', region: 'eu-west-1', assets: new Map<string, string>() };
  const nested = { Type: 'AWS::CloudFormation::Stack', Properties: { TemplateURL: `https://s3/${HASH}.json` } };
  expect(() => Template.all([{ ...stack, template: { Resources: { Nested: nested } } }])).toThrow(
    'Stack: the template of the nested stack Nested is not among the assets.',
  );
});
