import { Repository } from 'aws-cdk-lib/aws-ecr';
import { ContainerImage } from '../../../lib';
import { aStack } from '../../../tools/showcase/stacks';

const DIGEST = `sha256:${'0'.repeat(64)}`;

describe('fromEcrRepository', () => {
  test.each([
    ['1.0', ':1.0'],
    [DIGEST, `@${DIGEST}`],
  ])('pulls %s from that repository and no other', (tagOrDigest, tail) => {
    const stack = aStack();
    const repository = new Repository(stack, 'Repository');
    const { imageUri, statements } = ContainerImage.fromEcrRepository(repository, tagOrDigest).bind(stack);
    expect(stack.resolve(imageUri)).toEqual(stack.resolve(repository.repositoryUri + tail));
    expect(statements!.map(({ resources }) => stack.resolve(resources) as unknown)).toEqual([
      [stack.resolve(repository.repositoryArn)],
      ['*'],
    ]);
    expect(statements![1]!.actions).toEqual(['ecr:GetAuthorizationToken']);
  });
});

describe('fromDlc', () => {
  test('pulls from the registry of AWS in the region of the stack', () => {
    const stack = aStack({ env: { region: 'ap-northeast-3' } });
    const { imageUri, statements } = ContainerImage.fromDlc('djl-inference', '0.30').bind(stack);
    expect(stack.resolve(imageUri)).toEqual({
      'Fn::Join': ['', ['364406365360.dkr.ecr.ap-northeast-3.', { Ref: 'AWS::URLSuffix' }, '/djl-inference:0.30']],
    });
    expect(stack.resolve(statements![0]!.resources)).toEqual([
      {
        'Fn::Join': [
          '',
          ['arn:', { Ref: 'AWS::Partition' }, ':ecr:ap-northeast-3:364406365360:repository/djl-inference'],
        ],
      },
    ]);
  });

  test('or from the account that it is given, in any region', () => {
    const stack = aStack({ env: { region: 'xx-north-1' } });
    expect(
      JSON.stringify(
        stack.resolve(
          ContainerImage.fromDlc('djl-inference', '0.30', { accountId: '111122223333' }).bind(stack).imageUri,
        ),
      ),
    ).toContain('111122223333.dkr.ecr.xx-north-1');
  });
});
