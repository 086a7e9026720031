// The pinned AWS SDK runs on Node.js 20. On 20, it prints a notice that is about versions of 2027.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  testPathIgnorePatterns: ['\\.long\\.test\\.ts$'],
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
  maxWorkers: '100%',
};
