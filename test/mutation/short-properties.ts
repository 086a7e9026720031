import fc from 'fast-check';

// A property test runs for thousands of mutants, so it draws fewer cases.
fc.configureGlobal({ ...fc.readConfigureGlobal(), numRuns: 20 });
