const { default: TestRunner } = require('jest-runner');

/**
 * Ends a run with the first file that notices a change, and begins with the files that take the least time. Jest's own `bail` has no
 * effect under Stryker.
 */
module.exports = class extends TestRunner {
  /**
   * @override
   * @param {import('jest-runner').Test[]} tests
   * @param {import('jest-runner').TestWatcher} watcher
   * @param {import('jest-runner').TestRunnerOptions} options
   */
  runTests(tests, watcher, options) {
    this.on('test-file-success', ([, { numFailingTests, testExecError }]) => {
      if (numFailingTests > 0 || testExecError) void watcher.setState({ interrupted: true });
    });
    // Jest begins with the longest.
    return super.runTests(tests.toReversed(), watcher, options);
  }
};
