// Mutation tests of the code that runs in Lambda functions and in applications: npm run test:mutation.
// It takes more than an hour, so it is no part of the gate. docs/mutation.md has the score and explains what survives.
export default {
  mutate: ['lib/contract/**/*.ts', 'lambda/**/*.ts', '!lambda/**/index*.ts', 'runtime/**/*.ts'],
  testRunner: 'jest',
  jest: {
    projectType: 'custom',
    configFile: 'test/mutation/jest.config.cjs',
    enableFindRelatedTests: false,
  },
  coverageAnalysis: 'perTest',
  ignorePatterns: [
    '/bench',
    '/pkg',
    '/dist',
    '/cdk.out',
    '/coverage',
    '/examples',
    '/lambda/dist',
    '/runtime/dist',
    '/.jsii*',
  ],
  tempDirName: 'coverage/mutation-sandbox',
  reporters: ['clear-text', 'progress', 'json'],
  jsonReporter: { fileName: 'coverage/mutation.json' },
  clearTextReporter: { logTests: false, reportTests: false },
  thresholds: { high: 95, low: 85, break: 85 },
  incremental: true,
  incrementalFile: 'coverage/mutation-incremental.json',
  // The texts of messages are for people. Tests pin the parts that matter.
  mutator: { excludedMutations: ['StringLiteral'] },
  // A mutant that is evaluated once, when a module is loaded, would run all tests.
  ignoreStatic: true,
  timeoutMS: 10_000,
  timeoutFactor: 3,
  concurrency: 2,
};
