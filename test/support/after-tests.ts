const cleanups: (() => unknown)[] = [];

/** Registers what closes something that a test started. It runs after the tests of the file, even if one of them fails. */
export function afterTests(cleanup: () => unknown): void {
  cleanups.push(cleanup);
}

afterAll(async () => {
  const errors: unknown[] = [];
  for (const cleanup of cleanups.reverse()) {
    try {
      await cleanup();
    } catch (error) {
      errors.push(error);
    }
  }
  if (errors.length > 0) throw new AggregateError(errors, 'something that the tests started could not be closed');
});
