const { readFileSync, readdirSync } = require('node:fs');
const { join } = require('node:path');
const config = require('./jest.config');

const SEEDS = 20;
const FOLDER = join(__dirname, 'test');

// Options of a whole run. Jest warns of them in a project, or takes no notice.
const { maxWorkers, testTimeout, coverageReporters, coverageThreshold, ...project } = config;
const propertyTests = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.test.ts') && /from 'fast-check'/.test(readFileSync(join(FOLDER, file), 'utf8')))
  .map((file) => `<rootDir>/test/${file}`);

/**
 * The tests that take too long for every run: those of `*.long.test.ts` files, and every property test under many seeds, and all
 * updates that the simulator can play.
 * @type {import('jest').Config}
 */
module.exports = {
  maxWorkers,
  testTimeout,
  coverageReporters,
  coverageThreshold,
  testSequencer: './test/support/longest-first.cjs',
  projects: [
    { ...project, displayName: 'long', testMatch: ['**/*.long.test.ts'], testPathIgnorePatterns: [] },
    {
      ...project,
      displayName: 'updates',
      testMatch: ['<rootDir>/test/updates/{procedures,releases,sweep.*}.test.ts'],
      globals: { ...project.globals, LONG: true },
    },
    ...Array.from({ length: SEEDS }, (_, index) => ({
      ...project,
      displayName: `seed ${index + 1}`,
      testMatch: propertyTests,
      globals: { PROPERTY_SEED: index + 1 },
    })),
  ],
};
