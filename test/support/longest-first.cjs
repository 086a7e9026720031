const { default: Sequencer } = require('@jest/test-sequencer');

/** Jest starts large files first. Of the sweeps, the file of all layouts is small and takes longer than all others. */
module.exports = class extends Sequencer {
  sort(tests) {
    const sorted = super.sort(tests);
    const isLongest = ({ path }) => path.endsWith('sweep.layouts.test.ts');
    return [...sorted.filter(isLongest), ...sorted.filter((test) => !isLongest(test))];
  }
};
