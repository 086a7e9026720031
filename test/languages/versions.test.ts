import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { goModule, metadata, peerFloor, ROOT } from '../../tools/package/metadata';

const cdk = peerFloor('aws-cdk-lib');
const constructs = peerFloor('constructs');

function versionIn(file: string, pattern: RegExp): string | undefined {
  return pattern.exec(readFileSync(join(ROOT, file), 'utf8'))?.[1];
}

const maven = (artifact: string) => new RegExp(`<artifactId>${artifact}</artifactId>\\s*<version>(.*?)</version>`);

// A project of another language cannot read package.json.
test.each<[file: string, what: string, pattern: RegExp, version: string]>([
  ['examples/python/requirements.txt', 'the package', /^cdk-sagemaker-async-inference==(.*)$/m, metadata.version],
  ['examples/python/requirements.txt', 'the CDK', /^aws-cdk-lib>=(.*?),<3$/m, cdk],
  ...['examples/java/pom.xml', 'test/languages/java/pom.xml'].flatMap((file): [string, string, RegExp, string][] => [
    [file, 'the package', maven(metadata.name), metadata.version],
    [file, 'the CDK', maven('aws-cdk-lib'), cdk],
    [file, 'constructs', maven('constructs'), constructs],
  ]),
  ...['examples/go/go.mod', 'test/languages/go/go.mod'].flatMap((file): [string, string, RegExp, string][] => [
    [file, 'the package', new RegExp(`^\\t${goModule} v(.*)$`, 'm'), metadata.version],
    [file, 'the CDK', /^\tgithub\.com\/aws\/aws-cdk-go\/awscdk\/v2 v(.*)$/m, cdk],
  ]),
  ['examples/csharp/Languages.csproj', 'the package', /"CdkSagemakerAsyncInference" Version="(.*?)"/, metadata.version],
  ['examples/csharp/Languages.csproj', 'the CDK', /"Amazon\.CDK\.Lib" Version="(.*?)"/, cdk],
])('%s requires the current version of %s', (file, _, pattern, version) => {
  expect(versionIn(file, pattern)).toBe(version);
});

test.each(['examples/go/go.mod', 'test/languages/go/go.mod'])('%s replaces nothing', (file) => {
  expect(readFileSync(join(ROOT, file), 'utf8')).not.toMatch(/^\s*replace\b/m);
});
