// The pinned AWS SDK runs on Node.js 20. On 20, it prints a notice that is about versions of 2027.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
// No test reads where a resource was created. Under Jest, finding that out takes half of the time of all constructors.
process.env.CDK_CONTEXT_JSON = JSON.stringify({ 'aws:cdk:disable-creation-stack-traces': true });

/** Files that only declare types. V8 would say that no line of them ever runs. */
const TYPES = [
  'lambda/invoker/callers/caller.ts',
  'lambda/shared/sdk-error.ts',
  'lib/core/endpoint-interface.ts',
  'lib/endpoint/endpoint-props.ts',
  'lib/invoker/input-location.ts',
];

/** Files that tests run in processes of their own, where Jest does not count lines. */
const PROCESSES = [
  'examples/replay/replay.ts',
  'lambda/*/index*.ts',
  'lambda/invoker/invoker-context.ts',
  'lambda/shared/prepare-tls.ts',
  'local/app/on-exit.ts',
  'local/aws/model-container.ts',
  'local/demo/{demo,exit-with-parent,report,round-trip,stopwatch,workflow-demo}.ts',
  'tools/api/docgen.ts',
  'tools/security/{page,statements}.ts',
];

/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: 'node',
  roots: ['bin', 'examples', 'lambda', 'lib', 'local', 'runtime', 'test', 'tools'].map(
    (folder) => `<rootDir>/${folder}`,
  ),
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  watchPathIgnorePatterns: ['/dist/'],
  // `npm run test:long` and the gate run these.
  testPathIgnorePatterns: ['\\.(long|runtime-client)\\.test\\.ts$'],
  globalSetup: '<rootDir>/test/support/build-functions.ts',
  globalTeardown: '<rootDir>/test/support/end-of-run.ts',
  globals: { PROPERTY_SEED: Number(process.env.PROPERTY_SEED ?? 1) },
  setupFiles: ['<rootDir>/test/support/property-seed.ts'],
  transform: {
    '\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2022',
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true },
        },
        module: { type: 'commonjs' },
      },
    ],
  },
  // TypeScript requires the name of the compiled file in a dynamic import.
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  testTimeout: 60_000,
  // Instrumented code would count the generated getter of each export as a line.
  coverageProvider: 'v8',
  collectCoverageFrom: [
    '{bin,examples,lambda,lib,local,runtime}/**/*.ts',
    'tools/{api,diagrams,security,showcase,warnings}/*.ts',
    // Compiled files, if a build came before the tests.
    '!**/dist/**',
    ...[...TYPES, ...PROCESSES].map((file) => `!${file}`),
  ],
  coverageReporters: [['text', { skipFull: true }], 'html'],
  coverageThreshold: {
    global: { lines: 100 },
    // Tests give the standard input to a process of its own.
    'local/demo/command-line.ts': { lines: 84 },
    // The examples have no asset that a command creates.
    'local/app/synthesis.ts': { lines: 99 },
  },
  maxWorkers: '100%',
};
