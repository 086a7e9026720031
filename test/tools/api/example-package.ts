import type { Assembly, AssemblyType, Reference, TypeText, Value } from '../../../tools/api/reference';
import type { Language } from '../../../tools/api/type-text';

const STRING: TypeText = { formattingPattern: 'string' };
const ownType = (name: string): TypeText => ({
  formattingPattern: '%',
  types: [{ id: `pkg.${name}`, fqn: `pkg.${name}`, displayName: name }],
});
const cdkType = (fqn: string): TypeText => ({
  formattingPattern: '%',
  types: [{ id: fqn, fqn, displayName: fqn.split('.').at(-1)! }],
});
const value = (id: string, displayName: string, type: TypeText, rest: Partial<Value> = {}): Value => ({
  id,
  displayName,
  type,
  docs: { summary: `The ${displayName}.` },
  ...rest,
});

/** What jsii-docgen says about a small package: a construct with its struct and its enumeration. */
export function exampleReference(language: Language): Reference {
  const isPython = language === 'python';
  const scope: Value = {
    id: 'pkg.Queue.Initializer.parameter.scope',
    displayName: 'scope',
    type: cdkType('constructs.Construct'),
    docs: {},
  };
  const struct: Value = {
    ...value('pkg.Queue.Initializer.parameter.props', 'props', ownType('QueueProps')),
    optional: true,
    docs: {},
  };
  const lifted = value('pkg.Queue.Initializer.parameter.maxAge', 'max_age', STRING);
  const mapOf = (element: TypeText): TypeText =>
    isPython
      ? { formattingPattern: 'typing.Mapping[%]', types: [element] }
      : { formattingPattern: '{[ key: string ]: %}', types: [element] };
  return {
    apiReference: {
      constructs: [
        {
          id: 'pkg.Queue',
          displayName: 'Queue',
          docs: {
            summary: 'A queue | list.',
            remarks: 'See `maxAge`.',
            example: 'example',
            links: ['https://example.com'],
          },
          initializer: {
            id: 'pkg.Queue.Initializer',
            displayName: 'Initializer',
            parameters: isPython ? [scope, lifted] : [scope, struct],
          },
          instanceMethods: [
            { id: 'pkg.Queue.toString', displayName: isPython ? 'to_string' : 'toString', parameters: [], docs: {} },
            {
              id: 'pkg.Queue.addItem',
              displayName: isPython ? 'add_item' : 'addItem',
              parameters: [
                value('pkg.Queue.addItem.parameter.items', 'items', {
                  formattingPattern: isPython ? '*%' : '...%[]',
                  types: [isPython ? { formattingPattern: 'str' } : STRING],
                }),
              ],
              docs: { summary: 'Adds items.' },
            },
          ],
          staticMethods: [
            {
              id: 'pkg.Queue.fromName',
              displayName: isPython ? 'from_name' : 'fromName',
              parameters: [value('pkg.Queue.fromName.parameter.name', 'name', STRING, { optional: true })],
              docs: {},
            },
          ],
          constants: [value('pkg.Queue.property.PROPERTY_INJECTION_ID', 'PROPERTY_INJECTION_ID', STRING)],
          properties: [
            value('pkg.Queue.property.node', 'node', cdkType('constructs.Node')),
            value('pkg.Queue.property.topics', 'topics', mapOf(cdkType('aws-cdk-lib.aws_sns.ITopic'))),
            value('pkg.Queue.property.modes', 'modes', { formattingPattern: '%[]', types: [ownType('Mode')] }),
          ],
        },
      ],
      classes: [
        {
          id: 'pkg.Size',
          displayName: 'Size',
          docs: { summary: 'A size.' },
          constants: Array.from({ length: 41 }, (_, index) =>
            value(`pkg.Size.property.C${index % 2}_${index}`, `C${index % 2}_${index}`, ownType('Size')),
          ),
        },
      ],
      interfaces: [{ id: 'pkg.IQueue', displayName: 'IQueue', docs: {}, properties: [] }],
      structs: [
        {
          id: 'pkg.QueueProps',
          displayName: 'QueueProps',
          docs: {},
          properties: [
            value('pkg.QueueProps.property.maxAge', isPython ? 'max_age' : 'maxAge', STRING, {
              optional: true,
              default: 'true',
              docs: { summary: 'Not with <name>.', remarks: 'One of\n- a\n- b', links: ['https://example.com/age'] },
            }),
            value('pkg.QueueProps.property.mode', 'mode', ownType('Mode'), { default: '- none' }),
            value('pkg.QueueProps.property.comment', 'comment', STRING, {
              docs: { summary: 'Text.', remarks: 'Long.' },
            }),
          ],
        },
        {
          id: 'pkg.BaseProps',
          displayName: 'BaseProps',
          docs: {},
          properties: [value('pkg.BaseProps.property.mode', 'mode', ownType('Mode'))],
        },
      ],
      enums: [
        {
          id: 'pkg.Mode',
          displayName: 'Mode',
          docs: {},
          members: [{ id: 'pkg.Mode.FAST', displayName: 'FAST', docs: { summary: 'Fast.' } }],
        },
      ],
    },
  };
}

const type = (name: string, filename: string, rest: Partial<AssemblyType>): AssemblyType => ({
  fqn: `pkg.${name}`,
  name,
  kind: 'interface',
  locationInModule: { filename },
  ...rest,
});

/** What the compiled assembly of the same package says. */
export function exampleAssembly(): Assembly {
  const types = [
    type('Queue', 'lib/queue/queue.ts', {
      kind: 'class',
      base: 'constructs.Construct',
      initializer: { docs: { custom: { throws: 'if the queue is full.' } } },
      methods: [{ name: 'addItem' }, { name: 'fromName', returns: { type: { fqn: 'pkg.Queue' } } }],
      properties: [{ name: 'topics' }, { name: 'modes' }, { name: 'PROPERTY_INJECTION_ID' }],
    }),
    type('QueueProps', 'lib/queue/queue.ts', {
      datatype: true,
      interfaces: ['pkg.BaseProps', 'aws-cdk-lib.CommentProps'],
      properties: [{ name: 'maxAge' }],
    }),
    type('BaseProps', 'lib/queue/base.ts', { datatype: true, properties: [{ name: 'mode' }] }),
    type('Mode', 'lib/queue/mode.ts', { kind: 'enum' }),
    type('Size', 'lib/queue/size.ts', {
      kind: 'class',
      properties: Array.from({ length: 41 }, (_, index) => ({ name: `C${index % 2}_${index}` })),
    }),
    type('IQueue', 'lib/core/queue.ts', {}),
  ];
  return { name: 'pkg', types: Object.fromEntries(types.map((each) => [each.fqn, each])) };
}
