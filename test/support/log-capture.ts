type LogRecord = Readonly<Record<string, unknown>>;

/** Keeps what is written to standard output meanwhile, and takes it away from jest's own. */
export function captureLog() {
  const lines: string[] = [];
  const spy = jest.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    lines.push(String(chunk));
    return true;
  });
  const records = () => lines.map((line) => JSON.parse(line) as LogRecord);
  return {
    text: () => lines.join(''),
    records,
    /** Each request of each line, with what the line says of all its requests. */
    requests: (): LogRecord[] =>
      records().flatMap(({ requests, ...line }) =>
        (requests as LogRecord[]).map((request) => ({ ...line, ...request })),
      ),
    clear: () => {
      lines.length = 0;
    },
    release: () => {
      spy.mockRestore();
    },
  };
}
