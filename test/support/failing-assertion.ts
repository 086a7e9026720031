// Makes the first assertion of every test fail. `tools/checks/failing-assertions.ts` runs all tests with this file.
const passing = expect;

Object.assign(globalThis, {
  expect: Object.assign((actual: unknown) => {
    // A rejection that the test expects must not count as an unhandled one.
    void Promise.resolve(actual).catch(() => undefined);
    throw new Error('This assertion fails on purpose.');
  }, passing),
});
