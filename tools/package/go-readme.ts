/**
 * The README of the Go module: the example is one that compiles. Rosetta's translation into Go does not.
 *
 * @throws if the page does not have exactly one Go example
 */
export function withCompiledExample(readme: string, example: string): string {
  const blocks = readme.match(/^```go$[^]*?^```$/gm) ?? [];
  if (blocks.length !== 1)
    throw new Error(`the README of the Go module must have one Go example, got ${blocks.length}`);
  return readme.replace(blocks[0], () => `\`\`\`go\n${example.trimEnd()}\n\`\`\``);
}
