// Runs before the demo, in plain JavaScript, because the demo does not even load with an old version of Node.js.
const minimum = require('../../package.json').engines.node.replace(/^>=\s*/, '');
const actual = process.versions.node;

/** @param {string} version */
const parts = (version) => version.split('.').map(Number);
const difference = parts(minimum)
  .map((part, index) => (parts(actual)[index] ?? 0) - part)
  .find((part) => part !== 0);

if (difference !== undefined && difference < 0) {
  process.stderr.write(`The demo requires Node.js ${minimum} or later. This is Node.js ${actual}.\n`);
  process.exit(1);
}
