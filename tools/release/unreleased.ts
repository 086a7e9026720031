/** A block of a page that holds until the first release: between two comments, with the empty line behind it. */
const BLOCK = /^<!-- unreleased -->\n[^]*?^<!-- \/unreleased -->\n\n?/gm;

/** Whether a page has something that only holds until the first release. */
export function hasUnreleasedBlocks(page: string): boolean {
  return page.includes('<!-- unreleased -->');
}

/** The page of a released package. */
export function withoutUnreleasedBlocks(page: string): string {
  return page.replace(BLOCK, '');
}
