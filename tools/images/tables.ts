/** A configuration file of AWS's SageMaker SDK for Python, or a part of it. */
export type ConfigPart = Readonly<Record<string, unknown>>;

/** A repository of images for inference, as AWS's tables describe it. */
export interface RepositoryFacts {
  /** The account of the registry in each region that has the repository. */
  readonly accounts: Record<string, string>;
  /** The processors of all images together, in AWS's words: `cpu`, `gpu`, `inf`, `inf2`, `neuronx`. */
  readonly processors: Set<string>;
}

/** The newest image of a table for one processor. */
export interface NewestTag {
  /** The name of AWS's table. A repository can be in more than one. */
  readonly table: string;
  readonly repository: string;
  readonly processor: string;
  readonly tag: string;
}

/** Elastic Inference and SageMaker Neo, and images from before Deep Learning Containers. */
const OUTDATED = /-eia$|neo|^sagemaker-(inference|chainer|mxnet|pytorch|tensorflow|distribution)/;

/** What the parts of a table above a version say about it. */
interface Context {
  readonly isInference: boolean;
  readonly processors: readonly string[];
}

/** A part of a table that describes one version of a repository. */
interface Version extends Context {
  readonly key: string;
  readonly above: string;
  readonly part: ConfigPart;
  readonly repository: string;
}

function isPart(value: unknown): value is ConfigPart {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((entry) => typeof entry === 'string') : [];
}

function* versionsIn(part: ConfigPart, key: string, above: string, context: Context): Generator<Version> {
  const scope = strings(part.scope);
  const here: Context = {
    isInference: scope.length > 0 ? scope.some((name) => name.startsWith('inference')) : context.isInference,
    processors: part.processors === undefined ? context.processors : strings(part.processors),
  };
  const { repository } = part;
  if (typeof repository === 'string' && isPart(part.registries) && here.isInference && !OUTDATED.test(repository)) {
    yield { ...here, key, above, part, repository };
  }
  for (const [name, inner] of Object.entries(part)) {
    if (!isPart(inner) || name === 'registries') continue;
    const isInference = /^(training|inference|eia)/.test(name) ? name.startsWith('inference') : here.isInference;
    yield* versionsIn(inner, name, key, { ...here, isInference });
  }
}

function versionsOf(table: ConfigPart): Version[] {
  return [...versionsIn(table, '', '', { isInference: false, processors: [] })];
}

/**
 * The repositories for inference in all tables.
 *
 * @throws Error if a repository has two accounts in one region
 */
export function repositoriesIn(tables: Readonly<Record<string, ConfigPart>>): Record<string, RepositoryFacts> {
  const found: Record<string, RepositoryFacts> = {};
  for (const { repository, part, processors } of Object.values(tables).flatMap(versionsOf)) {
    const facts = (found[repository] ??= { accounts: {}, processors: new Set() });
    processors.forEach((processor) => facts.processors.add(processor));
    for (const [region, account] of Object.entries(part.registries as Record<string, string>)) {
      const known = (facts.accounts[region] ??= account);
      if (known !== account) throw new Error(`${repository} has the accounts ${known} and ${account} in ${region}`);
    }
  }
  return found;
}

/** The newest tag of each repository and processor in a table, put together as the SDK does it. Neuron images are left out. */
export function newestTags(name: string, table: ConfigPart): NewestTag[] {
  const newest = new Map<string, { readonly version: Version; readonly entry: NewestTag }>();
  for (const version of versionsOf(table)) {
    const processors = version.processors.filter((one) => one === 'cpu' || one === 'gpu');
    // Some tables state the processor in the tag only.
    const isCuda = version.processors.length === 0 && /-cu\d/.test(String(version.part.tag_prefix));
    for (const processor of isCuda ? ['gpu'] : processors) {
      const { repository } = version;
      const tag = tagOf(version, processor);
      const other = newest.get(`${repository} ${processor}`);
      if (tag === undefined || (other && compare(version, other.version) < 0)) continue;
      newest.set(`${repository} ${processor}`, { version, entry: { table: name, repository, processor, tag } });
    }
  }
  return [...newest.values()].map(({ entry }) => entry);
}

function tagOf({ key, above, part, processors }: Version, processor: string): string | undefined {
  const framework = /^(?:pytorch|tensorflow)(.+)$/.exec(key)?.[1];
  const prefix = framework === undefined ? (part.tag_prefix ?? key) : `${framework}-transformers${above}`;
  const containers = isPart(part.container_version) ? part.container_version : {};
  // A version that lists containers has no image for the processors that it does not list.
  if (isPart(part.container_version) && containers[processor] === undefined) return undefined;
  const isInTag = part.processor_in_tag !== false && processors.length > 0;
  const words = [prefix, isInTag ? processor : undefined, strings(part.py_versions).at(-1), containers[processor]];
  return words.filter((word) => typeof word === 'string').join('-');
}

/** By the numbers in the version, and then by those of the framework. */
function compare(one: Version, other: Version): number {
  const numbers = ({ key, above }: Version) =>
    (/^[a-z]+\d/.test(key) && /\d/.test(above) ? `${above}.${key}` : key).match(/\d+/g)?.map(Number) ?? [];
  const [a, b] = [numbers(one), numbers(other)];
  for (let index = 0; index < Math.max(a.length, b.length); index++) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
