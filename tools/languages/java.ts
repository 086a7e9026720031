import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fetchOrSkip, output } from '../checks/part';

const CLASSPATH = 'classpath.txt';

/** A local repository of Maven that takes our package from a folder, and everything else from the registry. */
export class MavenRepository {
  private readonly options: readonly string[];

  constructor(
    private readonly folder: string,
    packages: string,
  ) {
    fetchOrSkip('Java', 'java', ['-version'], '/');
    fetchOrSkip('Maven', 'mvn', ['--version'], '/');
    const settings = join(folder, 'settings.xml');
    writeFileSync(settings, settingsOf(packages));
    this.options = [
      '--quiet',
      '--batch-mode',
      '--settings',
      settings,
      `-Dmaven.repo.local=${join(folder, 'repository')}`,
    ];
  }

  /** Fetches what every build needs, or skips the check where Maven's registry is not available. */
  fetchBuildPlugins(): void {
    const plugin = 'org.apache.maven.plugins:maven-dependency-plugin:3.6.0:help';
    fetchOrSkip('the registry of Maven', 'mvn', [...this.options, plugin], this.folder);
  }

  /** Compiles a project. */
  compile(project: string): void {
    output(
      'mvn',
      [...this.options, 'compile', 'dependency:build-classpath', `-Dmdep.outputFile=${join(project, CLASSPATH)}`],
      { cwd: project },
    );
  }

  /** Runs the main class of a compiled project. */
  run(project: string, mainClass: string, env: Readonly<Record<string, string>>): void {
    const dependencies = readFileSync(join(project, CLASSPATH), 'utf8').trim();
    output('java', ['-classpath', `target/classes:${dependencies}`, mainClass], { cwd: project, env });
  }
}

const settingsOf = (packages: string) => `<settings>
  <profiles>
    <profile>
      <id>built</id>
      <repositories><repository><id>built</id><url>file://${packages}</url></repository></repositories>
    </profile>
  </profiles>
  <activeProfiles><activeProfile>built</activeProfile></activeProfiles>
</settings>
`;
