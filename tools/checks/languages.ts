// Builds the package of a language and synthesizes with it what TypeScript synthesizes: the templates must be equal byte for byte.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PythonEnvironment } from '../languages/python';
import { pythonQuickstart, typescriptQuickstart } from '../languages/quickstart';
import { assertSameTemplates } from '../languages/templates';
import { run, UnavailableError } from '../languages/toolchain';
import { ROOT } from '../package/metadata';

/** Synthesizes TypeScript that imports the package by its name. A file inside the repository resolves it to what was built. */
function synthesizeTypescript(source: string, outdir: string): void {
  const folder = mkdtempSync(join(ROOT, 'quickstart-'));
  try {
    writeFileSync(join(folder, 'app.ts'), source);
    run('npx', ['--no-install', 'tsx', join(folder, 'app.ts')], { cwd: ROOT, env: { CDK_OUTDIR: outdir } });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function checkPython(work: string): void {
  const environment = new PythonEnvironment(join(work, 'venv'));
  const packages = join(work, 'packages');
  run('npx', ['--no-install', 'tsx', 'tools/package/packages.ts', '--outdir', packages, 'python'], { cwd: ROOT });
  environment.installWheel(join(packages, 'python'));

  synthesizeTypescript(typescriptQuickstart(join(ROOT, 'README.md')), join(work, 'typescript'));
  const quickstart = join(work, 'quickstart.py');
  const metadata = environment.python([
    '-c',
    "import importlib.metadata as m; print(m.metadata('cdk-sagemaker-async-inference').get_payload())",
  ]);
  writeFileSync(quickstart, pythonQuickstart(metadata));
  environment.python([quickstart], { CDK_OUTDIR: join(work, 'python') });
  assertSameTemplates('Python', join(work, 'typescript'), join(work, 'python'));
  const [template] = readdirSync(join(work, 'python')).filter((name) => name.endsWith('.template.json'));
  if (!readFileSync(join(work, 'python', template!), 'utf8').includes('"AWS::SageMaker::Endpoint"')) {
    throw new Error('the first example of the README defines no endpoint');
  }
  process.stdout.write('The first example of the README synthesizes from the Python wheel, equal to TypeScript.\n');
}

const work = mkdtempSync(join(tmpdir(), 'languages-'));
try {
  checkPython(work);
} catch (error) {
  if (!(error instanceof UnavailableError)) throw error;
  process.stdout.write(`${error.message}\n`);
  process.exitCode = 77;
} finally {
  rmSync(work, { recursive: true, force: true });
}
