/** A chart in text: bars of a height, each the largest of the values that it stands for, under a line with the most. */
export function chart(title: string, values: readonly number[], width = 72, height = 5): string {
  const columns = Math.min(width, values.length);
  const bars = Array.from({ length: columns }, (_, column) =>
    Math.max(
      ...values.slice(
        Math.floor((column * values.length) / columns),
        Math.floor(((column + 1) * values.length) / columns),
      ),
    ),
  );
  const most = Math.max(...bars);
  const eighths = bars.map((bar) => (most === 0 ? 0 : Math.ceil((bar / most) * height * 8)));
  const lines = Array.from({ length: height }, (_, line) =>
    eighths
      .map((eighth) => ' ▁▂▃▄▅▆▇█'[Math.min(8, Math.max(0, eighth - (height - 1 - line) * 8))])
      .join('')
      .trimEnd(),
  );
  return [`${title}, at most ${Math.round(most).toLocaleString('en-US')}`, ...lines, '‾'.repeat(columns)].join('\n');
}
