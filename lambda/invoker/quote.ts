/** A caller's value as an error shows it: short, and on one line. */
export function shown(value: unknown): string {
  if (typeof value !== 'string')
    return typeof value === 'number' || typeof value === 'boolean' ? String(value) : kind(value);
  return JSON.stringify(value.length > 64 ? `${value.slice(0, 64)}…` : value);
}

/** What sort of value it is, where it is not to be shown. */
export function kind(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
