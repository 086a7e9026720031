import ts from 'typescript';

/** The prose of a source file as Markdown, and the line of the file that each line of it comes from. */
export interface SourceProse {
  readonly markdown: string;
  readonly lines: readonly number[];
}

interface Passage {
  readonly line: number;
  readonly text: string;
}

/** Comments that talk to a tool, and license texts. */
const DIRECTIVE = /^\s*(?:eslint|prettier|@ts-|@type\b|#(?:end)?region\b|\/ <|!)/;
/** A message has three words in a row. Shorter texts are names, keys and values. A text with a semicolon at the end is code. */
const MESSAGE = /[A-Za-z]{2,},? [A-Za-z]{2,},? [A-Za-z]{2,}(?!.*;$)/s;
/** Functions of the test runner whose first argument is a title. */
const TITLED = /^(?:test|it|describe)\b/;

/**
 * The comments of a TypeScript or JavaScript file, and its messages: string literals of several words, with a placeholder for each
 * value. Of a test, the only messages are the titles, since its other strings are data.
 */
export function proseOf(path: string, source: string): SourceProse {
  const file = ts.createSourceFile(path, source, ts.ScriptTarget.Latest, true);
  const lineAt = (position: number) => file.getLineAndCharacterOfPosition(position).line + 1;
  const passages: Passage[] = [
    ...joinLineComments(commentsOf(file).map(({ pos, end }) => ({ line: lineAt(pos), text: source.slice(pos, end) }))),
    ...messagesOf(file, path.endsWith('.test.ts')).map(({ position, text }) => ({ line: lineAt(position), text })),
  ];
  const markdown: string[] = [];
  const lines: number[] = [];
  for (const { line, text } of passages) {
    for (const [index, content] of [...text.split('\n'), ''].entries()) {
      markdown.push(content);
      lines.push(line + index);
    }
  }
  return { markdown: markdown.join('\n'), lines };
}

function commentsOf(file: ts.SourceFile): ts.CommentRange[] {
  const found = new Map<number, ts.CommentRange>();
  const visit = (node: ts.Node): void => {
    const ranges = [
      ...(ts.getLeadingCommentRanges(file.text, node.getFullStart()) ?? []),
      ...(ts.getTrailingCommentRanges(file.text, node.end) ?? []),
    ];
    for (const range of ranges) found.set(range.pos, range);
    node.getChildren(file).forEach(visit);
  };
  visit(file);
  return [...found.values()].sort((a, b) => a.pos - b.pos);
}

/** Line comments below each other are one passage. A block comment loses its stars, its tags and its examples. */
function joinLineComments(comments: readonly Passage[]): Passage[] {
  const passages: { line: number; text: string; last: number }[] = [];
  for (const { line, text } of comments) {
    const isLine = text.startsWith('//');
    const content = isLine ? text.slice(2).trim() : blockText(text);
    if (DIRECTIVE.test(content)) continue;
    const previous = passages.at(-1);
    if (isLine && previous?.last === line - 1) {
      previous.text += `\n${content}`;
      previous.last = line;
    } else {
      passages.push({ line, text: content, last: isLine ? line : -1 });
    }
  }
  return passages;
}

function blockText(comment: string): string {
  let inExample = false;
  return comment
    .replace(/^\/\*+|\*+\/$/g, '')
    .split('\n')
    .map((line) => {
      const content = line.replace(/^\s*\*?\s?/, '').trim();
      const [, tag, rest] = /^@(\w+)\s*(.*)$/.exec(content) ?? [];
      if (tag) inExample = tag === 'example';
      if (inExample || tag === 'see' || tag === 'exampleMetadata') return '';
      if (tag === 'param') return `- ${rest!.replace(/^\S+\s*(?:- )?/, '')}`;
      return tag ? `- ${rest!.replace(/^- /, '')}` : content;
    })
    .join('\n');
}

function messagesOf(file: ts.SourceFile, isTest: boolean): { position: number; text: string }[] {
  const found: { position: number; text: string }[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node) || ts.isLiteralTypeNode(node)) return;
    const text = textOf(node);
    if (text === undefined) {
      ts.forEachChild(node, visit);
      return;
    }
    if (MESSAGE.test(text) && (!isTest || isTitle(node))) {
      found.push({ position: node.getStart(file), text: text.replace(/\s+/g, ' ').trim() });
    }
    // A value within a message may hold a message of its own.
    valuesOf(node).forEach(visit);
  };
  visit(file);
  return found;
}

/** What a string expression says, with a placeholder for each value, or undefined for any other expression. */
function textOf(node: ts.Node): string | undefined {
  if (ts.isStringLiteralLike(node)) return node.text;
  if (ts.isTemplateExpression(node)) {
    return node.head.text + node.templateSpans.map(({ literal }) => `\`value\`${literal.text}`).join('');
  }
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.PlusToken) {
    const [left, right] = [textOf(node.left), textOf(node.right)];
    return left === undefined && right === undefined ? undefined : `${left ?? '`value`'}${right ?? '`value`'}`;
  }
  return undefined;
}

function valuesOf(node: ts.Node): ts.Node[] {
  if (ts.isTemplateExpression(node)) return node.templateSpans.map(({ expression }) => expression);
  if (ts.isBinaryExpression(node)) {
    return [node.left, node.right].flatMap((side) => (textOf(side) === undefined ? [side] : valuesOf(side)));
  }
  return [];
}

function isTitle(node: ts.Node): boolean {
  return (
    ts.isCallExpression(node.parent) &&
    node.parent.arguments[0] === node &&
    TITLED.test(node.parent.expression.getText())
  );
}
