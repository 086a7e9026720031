/** A URI one level below another. */
export function below(uri: string, ...names: readonly (string | undefined)[]): string {
  return [uri, ...names]
    .filter((name) => name !== undefined)
    .map((name) => name.replace(/^\/+|\/+$/g, ''))
    .join('/');
}
