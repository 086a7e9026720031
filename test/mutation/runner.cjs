const { default: TestRunner } = require('jest-runner');

/**
 * Ends a run with the first file that notices a change, and begins with the files that take the least time. Jest's own `bail` has no
 * effect under Stryker.
 */
module.exports = class extends TestRunner {
  runTests(tests, watcher, options) {
    this.on('test-file-success', ([, { numFailingTests, testExecError }]) => {
      if (numFailingTests > 0 || testExecError) void watcher.setState({ interrupted: true });
    });
    // Jest begins with the longest.
    return super.runTests(tests.toReversed(), watcher, options);
  }
};
