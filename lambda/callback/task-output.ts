import type { CompletedInference } from '../../runtime';

/** A result itself, as a member of the task's output. The value is JSON text. */
export type InlineResult = Readonly<Partial<Record<'Body' | 'BodyBase64', string>>>;

/**
 * The model's response as a member of the task's output: JSON and text as `Body`, everything else as `BodyBase64`. JSON is copied
 * as text, so that a number that JavaScript cannot represent keeps its digits.
 */
export function inlineResult(response: Uint8Array, contentType = ''): InlineResult {
  const type = contentType.split(';')[0]!.trim().toLowerCase();
  const text = /^text\/|[/+]json$|\/(jsonlines|x-ndjson|xml)$|\+xml$/.test(type) ? utf8(response) : undefined;
  if (text === undefined) return { BodyBase64: JSON.stringify(Buffer.from(response).toString('base64')) };
  return { Body: /[/+]json$/.test(type) && isJson(text) ? text : JSON.stringify(text) };
}

/** The output of a task whose inference is completed, as JSON text. */
export function taskOutput(
  { inferenceId, outputLocation, contentType }: CompletedInference,
  inline: InlineResult = {},
): string {
  const members = Object.entries({
    InferenceId: inferenceId,
    OutputLocation: outputLocation,
    ContentType: contentType,
  }).flatMap(([member, value]) => (value === undefined ? [] : [[member, JSON.stringify(value)]]));
  return `{${[...members, ...Object.entries(inline)].map(([member, json]) => `"${member}":${json}`).join(',')}}`;
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
