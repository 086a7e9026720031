// `cdk synth` prints nothing for the example and for an app under examples/, and an unknown context key ends it with the known ones.
import { join } from 'node:path';
import { CheckError, part, ROOT, run } from './part';

void part((folder) => {
  const synth = (name: string, ...args: readonly string[]) => {
    const { status, stdout, stderr } = run(
      'npx',
      ['--no-install', 'cdk', 'synth', '--quiet', '--output', join(folder, name), ...args],
      { cwd: ROOT },
    );
    return { status, text: `${stdout}${stderr}`.trim() };
  };
  const apps: Readonly<Record<string, readonly string[]>> = {
    'bin/example.ts': [],
    'examples/sqs/app.ts': ['--app', 'npx --no-install tsx examples/sqs/app.ts'],
  };
  for (const [app, args] of Object.entries(apps)) {
    const { status, text } = synth(app, ...args);
    if (status !== 0 || text !== '')
      throw new CheckError(`cdk synth of ${app} ended with ${status} and printed:\n${text}`);
  }
  const { status, text } = synth('typo', '--context', 'image_tag=latest');
  if (status === 0 || !text.includes('unknown context key image_tag: use imageTag, instanceType'))
    throw new CheckError(`an unknown context key ended cdk synth with ${status}:\n${text}`);
  console.log(`${Object.keys(apps).join(' and ')}: no output`);
});
