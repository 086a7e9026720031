/** Makes relative links of a Markdown page absolute. A page in a package has no neighbors that they could lead to. */
export function absoluteLinks(markdown: string, base: string): string {
  return outsideOfFences(markdown, (text) =>
    text.replace(
      /(\]\()(?!#|\/|[a-z][a-z+.-]*:)([^)\s]+)/g,
      (_, opening: string, path: string) => opening + base + path,
    ),
  );
}

/** Applies a function to the text between code fences. */
function outsideOfFences(markdown: string, change: (text: string) => string): string {
  return markdown
    .split(/(^```[^]*?^```$)/m)
    .map((part, index) => (index % 2 === 0 ? change(part) : part))
    .join('');
}
