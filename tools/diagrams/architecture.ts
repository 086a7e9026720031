import { App, Stack } from 'aws-cdk-lib';
import { defaultEndpoint } from '../../bench/default-endpoint';
import { DeployedTemplate } from '../showcase/deployed-template';
import { pathsOf } from '../showcase/paths';
import { statedPolicies } from '../showcase/stated-policies';
import { arrow, box, LINE_HEIGHT, text, textWidth } from './svg';
import type { Picture, Rectangle } from './svg';

const ENDPOINT = 'Endpoint';

/** The parts of the picture, with the paths below the endpoint that belong to them. The first path that fits decides. */
const PARTS = {
  invoker: /^\/Invoker\//,
  scaling: /^\/Scaling\//,
  bucket: /^\/OutputBucket/,
  topics: /^\/(Success|Error)Topic/,
  endpoint: /^(\/(Model|Config|ExecutionRole|Permissions|LogGroup))?$/,
} as const;
type Part = keyof typeof PARTS;

/** What people call the types of the resources. */
const NAMES: Readonly<Record<string, string>> = {
  'AWS::ApplicationAutoScaling::ScalableTarget': 'scalable target',
  'AWS::ApplicationAutoScaling::ScalingPolicy': 'scaling policy',
  'AWS::CloudWatch::Alarm': 'alarm',
  'AWS::IAM::ManagedPolicy': 'managed policy',
  'AWS::IAM::Role': 'IAM role',
  'AWS::Lambda::Function': 'Lambda function',
  'AWS::Logs::LogGroup': 'log group',
  'AWS::S3::Bucket': 'S3 bucket',
  'AWS::S3::BucketPolicy': 'bucket policy',
  'AWS::SageMaker::Endpoint': 'endpoint',
  'AWS::SageMaker::EndpointConfig': 'endpoint configuration',
  'AWS::SageMaker::Model': 'model',
  'AWS::SNS::Topic': 'SNS topic',
  'AWS::SNS::TopicPolicy': 'topic policy',
};

/** The actions that are arrows, each from the part whose role may call it. */
const CALLS = {
  invoke: { from: 'invoker', to: 'endpoint', action: 'sagemaker:InvokeEndpointAsync' },
  write: { from: 'endpoint', to: 'bucket', action: 's3:PutObject' },
  publish: { from: 'endpoint', to: 'topics', action: 'sns:Publish' },
} as const satisfies Readonly<Record<string, { from: Part; to: Part; action: string }>>;

/** The resources of a default endpoint by their part, as a template of a stack has them. */
export function architectureOf(stack: Stack): {
  readonly parts: Readonly<Record<Part, readonly string[]>>;
  readonly resourceCount: number;
  /** The action of each arrow, after a check that a role of its part may call it on a resource of the other part. */
  readonly actions: Readonly<Record<keyof typeof CALLS, string>>;
} {
  const template = new DeployedTemplate(stack);
  const paths = pathsOf(stack);
  const partOf = (logicalId: string): Part => {
    const path = paths.get(logicalId)!.slice(ENDPOINT.length);
    const [part] = Object.entries(PARTS).find(([, pattern]) => pattern.test(path)) ?? [];
    if (part === undefined) throw new Error(`the architecture has no part for ${ENDPOINT}${path}`);
    return part as Part;
  };
  const resources = Object.entries(template.stack.template.Resources!);
  const parts = Object.fromEntries(
    Object.keys(PARTS).map((part) => [
      part,
      counted(resources.filter(([id]) => partOf(id) === part).map(([, { Type }]) => nameOf(Type))),
    ]),
  ) as unknown as Record<Part, readonly string[]>;
  const ownedBy = (arn: string, part: Part) =>
    resources.some(
      ([id]) =>
        partOf(id) === part &&
        [template.arnOf(id), `${template.arnOf(id)}/`].some(
          (own) => arn === own || (own.endsWith('/') && arn.startsWith(own)),
        ),
    );
  const statements = statedPolicies(template).filter(({ kind }) => kind === 'identity');
  const actions = Object.fromEntries(
    Object.entries(CALLS).map(([call, { from, to, action }]) => {
      const isAllowed = statements.some(
        ({ owner, statement: { Action, Resource = [] } }) =>
          ownedBy(owner, from) && [Action].flat().includes(action) && [Resource].flat().some((arn) => ownedBy(arn, to)),
      );
      if (!isAllowed) throw new Error(`no role of the part ${from} may call ${action} on the part ${to}`);
      return [call, action];
    }),
  ) as Record<keyof typeof CALLS, string>;
  return { parts, resourceCount: resources.length, actions };
}

const tone = (color: 'blue' | 'orange' | 'green' | 'purple') => ({ fill: `${color}Tint`, border: color }) as const;

function nameOf(type: string): string {
  const name = NAMES[type];
  if (name === undefined) throw new Error(`the architecture has no name for ${type}`);
  return name;
}

/** "2 log groups" for names that occur twice. */
function counted(names: readonly string[]): string[] {
  return [...new Set(names)].map((name) => {
    const count = names.filter((other) => other === name).length;
    return count === 1 ? name : `${count} ${name.replace(/y$/, 'ie')}s`;
  });
}

/** Names in lines of a width, with commas. */
export function wrapped(names: readonly string[], width: number): string[] {
  return names.reduce<string[]>((lines, name, index) => {
    const item = index === names.length - 1 ? name : `${name},`;
    const longer = lines.length === 0 ? item : `${lines.at(-1)} ${item}`;
    return lines.length > 0 && textWidth(longer) <= width ? [...lines.slice(0, -1), longer] : [...lines, item];
  }, []);
}

/** A group of resources around one or more boxes, with the resources below them. */
function group(
  { x, y, width }: Omit<Rectangle, 'height'>,
  title: string,
  boxesEnd: number,
  names: readonly string[],
): string {
  const rows = wrapped(names, width - 2 * PADDING);
  return [
    box({ x, y, width, height: groupEnd(boxesEnd, rows) - y }, { fill: 'paper', isDashed: true }),
    text([x + PADDING, y + 22], title, { isBold: true, color: 'muted' }),
    ...rows.map((row, index) => text([x + PADDING, boxesEnd + 26 + index * LINE_HEIGHT], row, { color: 'muted' })),
  ].join('');
}

const PADDING = 14;
const groupEnd = (boxesEnd: number, rows: readonly string[]) => boxesEnd + 18 + rows.length * LINE_HEIGHT + 8;

/** The columns of the picture: the client, the invoker, the endpoint and its outputs. */
const COLUMN = {
  client: { x: 16, width: 132 },
  invoker: { x: 212, width: 196 },
  endpoint: { x: 500, width: 216 },
  output: { x: 796, width: 188 },
};
const TOP = 16;
const FIRST = { y: TOP + 36, height: 60 };
const SECOND_Y = 176;
const SCALING_Y = 392;

export function architecture(): Picture {
  const stack = new Stack(new App(), 'Stack', { env: { account: '123456789012', region: 'us-east-1' } });
  defaultEndpoint(stack, ENDPOINT);
  const { parts, resourceCount, actions } = architectureOf(stack);
  const inside = ({ x, width }: { x: number; width: number }) => ({ x: x + PADDING, width: width - 2 * PADDING });
  const { client, invoker, endpoint, output } = COLUMN;
  const firstMiddle = FIRST.y + FIRST.height / 2;
  const topics = { ...output, y: 190 };
  const endpointEnd = groupEnd(SECOND_Y + FIRST.height, wrapped(parts.endpoint, endpoint.width - 2 * PADDING));
  const legend = 300;
  const body = [
    box({ ...client, ...FIRST }, { title: 'Your client', lines: ['sends a payload'] }),
    group({ ...invoker, y: TOP }, 'Invoker', FIRST.y + FIRST.height, parts.invoker),
    box({ ...inside(invoker), ...FIRST }, { title: 'Lambda function', lines: ['checks and sends'], ...tone('blue') }),
    group({ ...endpoint, y: TOP }, 'SageMaker endpoint', SECOND_Y + FIRST.height, parts.endpoint),
    box({ ...inside(endpoint), ...FIRST }, { title: 'Queue', lines: ['for up to 6 hours'], ...tone('orange') }),
    box(
      { ...inside(endpoint), y: SECOND_Y, height: FIRST.height },
      { title: 'Instances', lines: ['0 to maxCapacity'], ...tone('green') },
    ),
    group({ ...output, y: TOP }, 'Output bucket', FIRST.y + FIRST.height, parts.bucket),
    box({ ...inside(output), ...FIRST }, { title: 'Objects', lines: ['results and failures'], ...tone('purple') }),
    group(topics, 'Topics', topics.y + 96, parts.topics),
    box(
      { ...inside(output), y: topics.y + 36, height: 60 },
      { title: 'Notifications', lines: ['success and error'], ...tone('purple') },
    ),
    group({ ...endpoint, y: SCALING_Y }, 'Scaling', SCALING_Y + 18, parts.scaling),

    arrow(
      [
        [client.x + client.width, firstMiddle],
        [invoker.x + PADDING, firstMiddle],
      ],
      { label: ['call'], labelAt: [(client.x + client.width + invoker.x) / 2, firstMiddle - 8] },
    ),
    arrow(
      [
        [invoker.x + invoker.width - PADDING, firstMiddle],
        [endpoint.x + PADDING, firstMiddle],
      ],
      { label: ['inline Body'], labelAt: [(invoker.x + invoker.width + endpoint.x) / 2, firstMiddle - 8] },
    ),
    arrow([
      [endpoint.x + endpoint.width / 2, FIRST.y + FIRST.height],
      [endpoint.x + endpoint.width / 2, SECOND_Y],
    ]),
    arrow(
      [
        [endpoint.x + endpoint.width - PADDING, SECOND_Y + 18],
        [756, SECOND_Y + 18],
        [756, firstMiddle],
        [output.x + PADDING, firstMiddle],
      ],
      { label: ['result'], labelAt: [756, firstMiddle - 8] },
    ),
    arrow(
      [
        [endpoint.x + endpoint.width - PADDING, SECOND_Y + 42],
        [756, SECOND_Y + 42],
        [756, topics.y + 66],
        [output.x + PADDING, topics.y + 66],
      ],
      { label: ['status'], labelAt: [756, topics.y + 86] },
    ),
    arrow(
      [
        [endpoint.x + 60, endpointEnd],
        [endpoint.x + 60, SCALING_Y],
      ],
      {
        label: ['requests that wait'],
        labelAt: [endpoint.x + 50, (endpointEnd + SCALING_Y) / 2 + 4],
        labelAnchor: 'end',
      },
    ),
    arrow(
      [
        [endpoint.x + 156, SCALING_Y],
        [endpoint.x + 156, endpointEnd],
      ],
      {
        label: ['number of instances'],
        labelAt: [endpoint.x + 166, (endpointEnd + SCALING_Y) / 2 + 4],
        labelAnchor: 'start',
      },
    ),

    text([client.x, legend], `A default endpoint: ${resourceCount} resources`, { isBold: true }),
    text([client.x, legend + 26], 'The calls on the way of a request:', { color: 'muted' }),
    ...Object.values(actions).map((action, index) =>
      text([client.x + 12, legend + 48 + index * LINE_HEIGHT], action, { color: 'muted' }),
    ),
  ].join('');
  return {
    name: 'architecture',
    title: 'Architecture of a default endpoint',
    description:
      'A client calls the invoker, a Lambda function. The invoker sends the payload inline to the SageMaker endpoint. ' +
      'The request waits in the queue of the endpoint until an instance processes it. ' +
      'The endpoint writes the result to the output bucket and publishes a notification to the success or the error topic. ' +
      'Scaling watches the requests that wait and sets the number of instances, from zero to maxCapacity. ' +
      `The stack has ${resourceCount} resources.`,
    width: 1000,
    height: 480,
    body,
  };
}
