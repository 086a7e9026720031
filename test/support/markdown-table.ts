/** The cells of a row of a table in Markdown, as text. */
export const cellsOf = (row: string): string[] =>
  row
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());

/**
 * The rows of the first table whose header begins like this, as cells.
 *
 * @param path the path of the page, for the error
 */
export function tableOf(path: string, page: string, header: string): string[][] {
  const [, rest] = page.split(`\n| ${header}`);
  if (rest === undefined) throw new Error(`${path} has no table with the header ${header}`);
  const [, , ...rows] = rest.split('\n\n')[0]!.split('\n');
  return rows.map(cellsOf);
}
