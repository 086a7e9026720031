/** The colors of the pictures: on a light page, and on a dark one. */
export const COLORS = {
  paper: ['#ffffff', '#0d1117'],
  panel: ['#f6f8fa', '#161b22'],
  border: ['#818b98', '#7d8590'],
  grid: ['#d1d9e0', '#30363d'],
  ink: ['#1f2328', '#e6edf3'],
  muted: ['#59636e', '#9aa4af'],
  blue: ['#0969da', '#58a6ff'],
  green: ['#1a7f37', '#3fb950'],
  orange: ['#bc4c00', '#f0883e'],
  purple: ['#8250df', '#bc8cff'],
  red: ['#cf222e', '#ff7b72'],
  blueTint: ['#ddf4ff', '#10253f'],
  greenTint: ['#dafbe1', '#12301d'],
  orangeTint: ['#fff1e5', '#38220f'],
  purpleTint: ['#fbefff', '#281b42'],
} as const satisfies Readonly<Record<string, readonly [light: string, dark: string]>>;

export type Color = keyof typeof COLORS;

/** The colors of the series of a chart, in their order. */
export const SERIES: readonly Color[] = ['blue', 'orange', 'green', 'purple', 'red', 'muted', 'ink'];

/** The rules of one theme. The renderer that shows the pictures to their authors does not read media queries. */
function rules(theme: 0 | 1): string {
  return Object.entries(COLORS)
    .map(([name, values]) => `.f-${name}{fill:${values[theme]}}.s-${name}{stroke:${values[theme]}}`)
    .join('');
}

/** The style of every picture. Fonts are those of the reader's system, so that a picture refers to nothing outside. */
export const STYLE = [
  'text{font-family:-apple-system,"Segoe UI",Helvetica,Arial,sans-serif}',
  rules(0),
  `@media (prefers-color-scheme: dark){${rules(1)}}`,
].join('\n');
