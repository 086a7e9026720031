// A cold start: node cold-start-process.cjs <bundle>. Loads the handler and waits for its first answer.
const cpu = process.cpuUsage();
const began = performance.now();
const { handler } = require(process.argv[2] ?? '');
const loaded = performance.now();
handler({ Body: 'x'.repeat(2_000) }, { awsRequestId: 'request-1', getRemainingTimeInMillis: () => 30_000 }).then(() => {
  const answered = performance.now();
  const { user, system } = process.cpuUsage(cpu);
  process.send?.(
    { load: loaded - began, call: answered - loaded, answer: answered - began, cpu: (user + system) / 1_000 },
    () => process.exit(),
  );
});
