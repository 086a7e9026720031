import { join } from 'node:path';
import ts from 'typescript';

/** What a reader of the documentation writes, with the clients of the SDK. */
const FILE = join(__dirname, 'use.ts');
const SOURCE = `
import { S3 } from '@aws-sdk/client-s3';
import { SageMakerRuntime } from '@aws-sdk/client-sagemaker-runtime';
import { invokeAsync, waitForResult } from '../../runtime';

export async function run(signal: AbortSignal | undefined): Promise<string> {
  const [sagemaker, s3] = [new SageMakerRuntime(), new S3()];
  const accepted = await invokeAsync({ EndpointName: 'e', Body: 'x' }, { sagemaker, large: { s3, prefix: 's3://b/k/' } });
  const result = await waitForResult(accepted, { s3, timeoutSeconds: 1, signal });
  return result.status;
}
`;

test('the clients of the SDK fit under exactOptionalPropertyTypes', () => {
  const options: ts.CompilerOptions = {
    target: ts.ScriptTarget.ES2022,
    lib: ['lib.es2024.d.ts'],
    module: ts.ModuleKind.Node16,
    moduleResolution: ts.ModuleResolutionKind.Node16,
    types: ['node'],
    strict: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: true,
  };
  const host = ts.createCompilerHost(options);
  const read = host.readFile.bind(host);
  const getSourceFile = host.getSourceFile.bind(host);
  host.readFile = (path) => (path === FILE ? SOURCE : read(path));
  host.getSourceFile = (path, languageVersion) =>
    path === FILE ? ts.createSourceFile(path, SOURCE, languageVersion) : getSourceFile(path, languageVersion);
  const program = ts.createProgram([FILE], options, host);
  const found = ts
    .getPreEmitDiagnostics(program, program.getSourceFile(FILE))
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
  expect(found).toEqual([]);
});
