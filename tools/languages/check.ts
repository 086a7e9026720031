// `check.ts LANGUAGE` builds the package of a language into `pkg` and uses it as a reader does. The stacks of test/languages and the app
// in examples must synthesize to the bytes that TypeScript synthesizes.
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CheckError, output, part, run, SkipError } from '../checks/part';
import { metadata, ROOT } from '../package/metadata';
import { buildGo } from './go';
import { MavenRepository } from './java';
import { startLocalRun } from './local-run';
import { PythonEnvironment } from './python';
import { pythonQuickstart, typescriptQuickstart } from './quickstart';
import { assertSameTemplates } from './templates';
import { synthesizeTypescript, synthesizeTypescriptSource } from './typescript';

const PACKAGES = join(ROOT, 'pkg');
const ASSETS = {
  IMAGE_FOLDER: join(ROOT, 'test/support/image'),
  MODEL_ARCHIVE: join(ROOT, 'test/support/model.tar.gz'),
};

const report = (line: string) => process.stdout.write(`${line}\n`);

/** Builds a package into `pkg`, where a release finds it. */
function buildPackage(language: string): string {
  output('npx', ['--no-install', 'tsx', 'tools/package/packages.ts', language], { cwd: ROOT });
  return join(PACKAGES, language);
}

/** A copy of a project, so that a build leaves nothing in the repository. */
function copyOf(project: string, work: string): string {
  const copy = join(work, project);
  mkdirSync(copy, { recursive: true });
  cpSync(join(ROOT, project), copy, { recursive: true });
  return copy;
}

/** Compares the apps of a language with those of TypeScript. `synthesize` runs the app of a project. */
function compare(
  language: string,
  work: string,
  synthesize: (project: string, env: Record<string, string>) => void,
): void {
  for (const [project, original] of [
    [`test/languages/${language}`, 'test/languages/typescript/app.ts'],
    [`examples/${language}`, 'examples/quickstart/app.ts'],
  ] as const) {
    const [expected, actual] = ['expected', 'actual'].map((name) => join(work, name, project)) as [string, string];
    synthesizeTypescript(original, { ...ASSETS, CDK_OUTDIR: expected });
    synthesize(copyOf(project, work), { ...ASSETS, CDK_OUTDIR: actual });
    const count = assertSameTemplates(language, expected, actual);
    report(`${project}: ${count} templates equal those of TypeScript byte for byte`);
  }
}

function checkQuickstart(environment: PythonEnvironment, work: string): void {
  const [expected, actual] = [join(work, 'quickstart-typescript'), join(work, 'quickstart-python')];
  const description = environment.run(
    'python',
    ['-c', `import importlib.metadata as m; print(m.metadata('${metadata.name}').get_payload())`],
    work,
  );
  synthesizeTypescriptSource(typescriptQuickstart(join(ROOT, 'README.md')), { CDK_OUTDIR: expected });
  writeFileSync(join(work, 'quickstart.py'), pythonQuickstart(description));
  environment.run('python', ['quickstart.py'], work, { CDK_OUTDIR: actual });
  assertSameTemplates('Python', expected, actual);
  const [template] = readdirSync(actual).filter((name) => name.endsWith('.template.json'));
  if (!readFileSync(join(actual, template!), 'utf8').includes('"AWS::SageMaker::Endpoint"')) {
    throw new Error('the first example of the README defines no endpoint');
  }
  report('the first example of the README, which the wheel carries in Python, synthesizes as in TypeScript');
}

/** Runs examples/python/async_inference.py with boto3 against the local run. */
async function checkClient(environment: PythonEnvironment, work: string): Promise<void> {
  environment.install('boto3==1.44.8', 'boto3-stubs[s3,sagemaker-runtime,sqs]==1.43.126');
  const example = join(ROOT, 'examples/python');
  const tests = join(ROOT, 'test/examples/python/test_async_inference.py');
  const files = [...['async_inference.py', 'client.py'].map((file) => join(example, file)), tests];
  environment.run('mypy', ['--strict', ...files], work, { MYPYPATH: example });
  const { env, close } = await startLocalRun(work);
  try {
    environment.run('python', [tests], work, { ...env, PYTHONPATH: example, PYTHONDONTWRITEBYTECODE: '1' });
    const text = 'Hvað er klukkan?';
    const printed = environment.run('python', [join(example, 'client.py'), env.ENDPOINT_NAME!, text], work, {
      ...env,
      PYTHONDONTWRITEBYTECODE: '1',
    });
    if (!printed.includes('completed [{"label":"is"')) throw new CheckError(`client.py printed:\n${printed}`);
  } finally {
    close();
  }
  report('examples/python/async_inference.py: its tests pass with boto3 against the local run');
}

/** Runs the entry point of the image of examples/llm, with botocore, as its image does. */
function checkHubToken(environment: PythonEnvironment, work: string): void {
  environment.install('botocore==1.44.8');
  const script = join(ROOT, 'examples/llm/hub-image/with_hub_token.py');
  environment.run('python', [join(ROOT, 'test/examples/llm/test_with_hub_token.py')], work, { SCRIPT: script });
  report('examples/llm/hub-image/with_hub_token.py: its tests pass with botocore');
}

const CHECKS: Readonly<Record<string, (work: string) => void | Promise<void>>> = {
  python: async (work) => {
    const environment = new PythonEnvironment(join(work, 'venv'));
    environment.install('mypy==2.4.1');
    environment.installWheel(buildPackage('python'));
    compare('python', work, (project, env) => {
      environment.run('python', ['app.py'], project, env);
      environment.run('mypy', ['--strict', 'app.py'], project);
    });
    environment.run('python', [join(ROOT, 'test/languages/python/test_attributes.py')], work);
    report('a third-party endpoint in Python works with the struct of its attributes, and anything else is an error');
    checkQuickstart(environment, work);
    await checkClient(environment, work);
    checkHubToken(environment, work);
  },
  java: (work) => {
    const repository = new MavenRepository(work, join(PACKAGES, 'java'));
    repository.fetchBuildPlugins();
    buildPackage('java');
    compare('java', work, (project, env) => {
      repository.compile(project);
      repository.run(project, 'Main', env);
    });
  },
  go: (work) => {
    const packages = buildPackage('go');
    compare('go', work, (project, env) => {
      output(buildGo(project, packages), [], { cwd: project, env });
    });
  },
  dotnet: (work) => {
    const folder = join(buildPackage('dotnet'), 'CdkSagemakerAsyncInference');
    const project = readFileSync(join(folder, 'CdkSagemakerAsyncInference.csproj'), 'utf8');
    if (!project.includes(`<PackageVersion>${metadata.version}</PackageVersion>`)) {
      throw new Error(`the C# project is not of version ${metadata.version}`);
    }
    const count = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
      file.endsWith('.cs'),
    ).length;
    report(`${count} files of C# are generated`);
    const copy = copyOf('examples/csharp', work);
    if (run('which', ['dotnet'], { cwd: copy }).status !== 0) {
      throw new SkipError('They are not compiled and examples/csharp is not run: this machine has no .NET SDK.');
    }
    const [expected, actual] = [join(work, 'expected'), join(work, 'actual')];
    synthesizeTypescript('examples/quickstart/app.ts', { CDK_OUTDIR: expected });
    const built = `-p:RestoreAdditionalProjectSources=${join(PACKAGES, 'dotnet')}`;
    output('dotnet', ['run', built], { cwd: copy, env: { CDK_OUTDIR: actual } });
    assertSameTemplates('C#', expected, actual);
    report('examples/csharp: its template equals that of TypeScript byte for byte');
  },
};

const [language = ''] = process.argv.slice(2);
const check = CHECKS[language];
if (!check) throw new Error(`the language must be one of ${Object.keys(CHECKS).join(', ')}, got '${language}'`);
void part(check);
