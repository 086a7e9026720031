type Pattern =
  string | number | { readonly 'anything-but'?: unknown; readonly exists?: boolean; readonly prefix?: string };

/** Whether a filter policy on the message body lets a message through. */
export function matchesFilter(filter: unknown, message: unknown): boolean {
  return Object.entries((filter ?? {}) as Record<string, unknown>).every(([name, patterns]) => {
    const value = (message as Record<string, unknown> | undefined)?.[name];
    return Array.isArray(patterns)
      ? (patterns as Pattern[]).some((pattern) => matches(pattern, value))
      : matchesFilter(patterns, value);
  });
}

function matches(pattern: Pattern, value: unknown): boolean {
  if (typeof pattern !== 'object') return value === pattern;
  if (pattern.exists !== undefined) return pattern.exists === (value !== undefined);
  if (value === undefined) return false;
  if (pattern['anything-but'] !== undefined) return ![pattern['anything-but']].flat().includes(value);
  if (pattern.prefix !== undefined) return typeof value === 'string' && value.startsWith(pattern.prefix);
  throw new Error(`the update simulator does not know the filter ${JSON.stringify(pattern)}`);
}
