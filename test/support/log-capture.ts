/** Keeps what is written to standard output meanwhile, and takes it away from jest's own. */
export function captureLog() {
  const lines: string[] = [];
  const spy = jest.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    lines.push(String(chunk));
    return true;
  });
  return {
    text: () => lines.join(''),
    records: () => lines.map((line) => JSON.parse(line) as Record<string, unknown>),
    clear: () => {
      lines.length = 0;
    },
    release: () => {
      spy.mockRestore();
    },
  };
}
