import { codeOfRegion, exampleCode } from '../../../tools/checks/example-region';

const EXAMPLE = `import { App } from 'aws-cdk-lib';
import { AsyncInferenceEndpoint } from '../../lib';
import { waitForResult } from '../../runtime';

export const app = new App();
{
  // #region endpoint
  define({
    app,
  });
  // #endregion
}
`;

test('a file is shown as a reader takes it over', () => {
  expect(codeOfRegion(EXAMPLE, 'examples/sqs/app.ts')).toBe(`import { App } from 'aws-cdk-lib';
import { AsyncInferenceEndpoint } from 'cdk-sagemaker-async-inference';
import { waitForResult } from 'cdk-sagemaker-async-inference/runtime';

const app = new App();
{
  define({
    app,
  });
}
`);
});

test('a region is shown without its indentation', () => {
  expect(codeOfRegion(EXAMPLE, 'examples/sqs/app.ts#endpoint', 'endpoint')).toBe('define({\n  app,\n});\n');
});

test('an unknown region or file is an error that names the source', () => {
  expect(() => codeOfRegion(EXAMPLE, 'examples/sqs/app.ts#other', 'other')).toThrow('examples/sqs/app.ts#other');
  expect(() => exampleCode('examples/missing/app.ts')).toThrow('examples/missing/app.ts');
  expect(() => exampleCode('lib/index.ts')).toThrow('must be a file under examples/');
});

test('the code of an example imports nothing by a path', () => {
  expect(exampleCode('examples/sqs/app.ts')).not.toMatch(/'\.\.\//);
});
