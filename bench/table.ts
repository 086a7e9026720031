import type { Spread } from './measurement';

/** A line of the table: what was measured, what came out, and the goal where there is one. */
export interface Row {
  readonly what: string;
  readonly figure: string;
  readonly goal?: string;
}

/** The middle one, and the quartiles around it. */
export function shown({ median, low, high }: Spread, unit = ''): string {
  return `${digits(median)}${unit} (${digits(low)} to ${digits(high)})`;
}

/** A number with as many digits as are worth reading. */
export function digits(value: number): string {
  return Math.abs(value) >= 100
    ? Math.round(value).toLocaleString('en-US')
    : value.toFixed(Math.abs(value) >= 10 ? 1 : 2);
}

export function toMarkdown(rows: readonly Row[]): string {
  const lines = [
    ['What', 'Figure', 'Goal'],
    ['---', '---', '---'],
    ...rows.map(({ what, figure, goal = '' }) => [what, figure, goal]),
  ];
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
