const config = require('../../jest.config.js');

// The tests that run against mutated sources. The functions are not built, because the shipped bundles contain no mutants, and
// the long random tests stay out, because they cover every mutant and would run for each.
module.exports = {
  ...config,
  rootDir: '../..',
  roots: ['lambda', 'lib', 'runtime', 'test'].map((folder) => `<rootDir>/${folder}`),
  // A mutant may keep a test from ever ending.
  testTimeout: 5_000,
  runner: '<rootDir>/test/mutation/runner.cjs',
  globalSetup: undefined,
  globalTeardown: undefined,
  setupFiles: [...(config.setupFiles ?? []), '<rootDir>/test/mutation/short-properties.ts'],
  testMatch: ['<rootDir>/test/{lambda,runtime,lib/contract}/**/*.test.ts'],
  testPathIgnorePatterns: [
    '\\.(long|runtime-client)\\.test\\.ts$',
    '\\.documentation\\.test\\.ts$',
    '/lambda/invoker/index\\.test\\.ts$',
    '/complete-task\\.histories\\.test\\.ts$',
    '/runtime/types\\.test\\.ts$',
    '/handler\\.fault-injection\\.test\\.ts$',
  ],
};
