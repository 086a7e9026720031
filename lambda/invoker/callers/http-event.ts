/** What the events of HTTP callers have in common. Test events are often written by hand, so nothing is sure but the context. */
export interface HttpEvent {
  readonly version?: unknown;
  readonly httpMethod?: unknown;
  readonly headers?: unknown;
  readonly multiValueHeaders?: unknown;
  readonly body?: unknown;
  readonly isBase64Encoded?: unknown;
  readonly requestContext: Readonly<Record<string, unknown>>;
}

/** All headers, with names in lower case. The values of a header that is given more than once are joined. */
export function headersOf({ headers, multiValueHeaders }: HttpEvent): ReadonlyMap<string, unknown> {
  const given = Object.entries((multiValueHeaders ?? headers ?? {}) as Readonly<Record<string, unknown>>);
  return new Map(
    given.flatMap(([name, value]) =>
      value === undefined ? [] : [[name.toLowerCase(), Array.isArray(value) ? value.join(', ') : value]],
    ),
  );
}

/** Whether the payload is compressed, which the container of the model could not know. */
export function isEncoded(headers: ReadonlyMap<string, unknown>): boolean {
  const encoding = headers.get('content-encoding') ?? 'identity';
  return typeof encoding !== 'string' || encoding.toLowerCase() !== 'identity';
}
