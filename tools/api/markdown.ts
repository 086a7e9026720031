/** Text of a docstring in a cell of a table: on one line, with nothing that ends the cell or starts an element. */
export function cell(text: string): string {
  return outsideOfCode(text.trim(), (plain) => plain.replaceAll('<', '&lt;'))
    .replaceAll('|', '\\|')
    .replace(/\n+- /g, '<br>• ')
    .replace(/\n\n+/g, '<br><br>')
    .replace(/\n/g, ' ');
}

/** Text of a docstring between paragraphs. */
export const paragraph = (text: string): string => outsideOfCode(text.trim(), (plain) => plain.replaceAll('<', '&lt;'));

/** Applies a function to what is not between backticks. */
function outsideOfCode(text: string, change: (plain: string) => string): string {
  return text
    .split(/(`[^`]*`)/)
    .map((part, index) => (index % 2 === 0 ? change(part) : part))
    .join('');
}

/** Applies a function to the names in code spans. */
export function inCode(text: string, change: (name: string) => string): string {
  return text.replace(/`[^`]*`/g, (span) => span.replace(/\b[a-z][A-Za-z0-9]*\b/g, change));
}

/** The default of a property: a text after a dash, or code. */
export const defaultText = (value: string): string => (value.startsWith('- ') ? value.slice(2) : `\`${value}\``);

export const fence = (language: string, code: string): string => `\`\`\`${language}\n${code}\n\`\`\``;
