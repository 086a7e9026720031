/** What the proxy events of HTTP callers have in common. */
export interface HttpEvent {
  readonly version?: string;
  readonly httpMethod?: string;
  readonly headers?: Readonly<Record<string, string | undefined>> | null;
  readonly multiValueHeaders?: Readonly<Record<string, readonly string[] | undefined>> | null;
  readonly body?: string | null;
  readonly isBase64Encoded?: boolean;
  readonly requestContext: { readonly apiId: string; readonly requestId?: string; readonly http?: object };
}

/** All headers, with names in lower case. */
export function headersOf({ headers, multiValueHeaders }: HttpEvent): ReadonlyMap<string, string> {
  const all = Object.entries(multiValueHeaders ?? headers ?? {});
  return new Map(
    all.flatMap(([name, value]) => (value === undefined ? [] : [[name.toLowerCase(), [value].flat().join(', ')]])),
  );
}

/** Whether the payload is compressed. The container of the model would not learn about it. */
export function isEncoded(headers: ReadonlyMap<string, string>): boolean {
  return (headers.get('content-encoding') ?? 'identity').toLowerCase() !== 'identity';
}
