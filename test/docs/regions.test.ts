import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { RegionInfo } from 'aws-cdk-lib/region-info';
import { warnIfRegionNotAnnounced } from '../../lib/shared/warnings';

const page = readFileSync(join(__dirname, '../../docs/multi-account.md'), 'utf8');
const [, section = ''] = page.split('\n## Regions\n');
const listed = [...section.split('\n## ')[0]!.matchAll(/`([a-z]{2}-[a-z]+-\d)`/g)].map(([, region]) => region!);

function isWarnedAbout(region: string): boolean {
  const stack = new Stack(new App(), 'Stack', { env: { region } });
  warnIfRegionNotAnnounced(stack);
  return Annotations.fromStack(stack).findWarning('*', Match.anyValue()).length > 0;
}

test('docs/multi-account.md lists the regions without a warning', () => {
  const silent = RegionInfo.regions.map(({ name }) => name).filter((region) => !isWarnedAbout(region));
  expect([...listed].sort()).toEqual(silent.sort());
  expect(section).toContain(`these ${listed.length} regions`);
});
