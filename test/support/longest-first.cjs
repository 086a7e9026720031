const { default: Sequencer } = require('@jest/test-sequencer');

/** Begins with the sweep of all layouts, which takes longer than any other file. Jest alone begins with large files, and that one is small. */
module.exports = class extends Sequencer {
  /**
   * @override
   * @param {import('jest-runner').Test[]} tests
   */
  async sort(tests) {
    const sorted = await super.sort(tests);
    /** @param {import('jest-runner').Test} test */
    const isLongest = ({ path }) => path.endsWith('sweep.layouts.test.ts');
    return [...sorted.filter(isLongest), ...sorted.filter((test) => !isLongest(test))];
  }
};
