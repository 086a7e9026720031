import type { CompletedInference } from '../../runtime';

/** What the state machine gets of a result besides where it is, as members of a JSON object. */
export type Inline = Readonly<Partial<Record<'Body' | 'BodyBase64', string>>>;

/**
 * The model's answer as a member of the state: JSON and text as `Body`, all else as `BodyBase64`.
 * The value is JSON text already, so that a number that JavaScript cannot hold stays what it was.
 */
export function inlineOf(response: Uint8Array, contentType = ''): Inline {
  const type = contentType.split(';')[0]!.trim().toLowerCase();
  const text = /^text\/|[/+]json$|\/(jsonlines|x-ndjson|xml)$|\+xml$/.test(type) ? utf8(response) : undefined;
  if (text === undefined) return { BodyBase64: JSON.stringify(Buffer.from(response).toString('base64')) };
  return { Body: /[/+]json$/.test(type) && isJson(text) ? text : JSON.stringify(text) };
}

/** The output of a task whose inference is completed. */
export function outputOf(
  { inferenceId, outputLocation, contentType }: CompletedInference,
  inline: Inline = {},
): string {
  const known = Object.entries({
    InferenceId: inferenceId,
    OutputLocation: outputLocation,
    ContentType: contentType,
  }).flatMap(([member, value]) => (value === undefined ? [] : [[member, JSON.stringify(value)]]));
  return `{${[...known, ...Object.entries(inline)].map(([member, json]) => `"${member}":${json}`).join(',')}}`;
}

function utf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
