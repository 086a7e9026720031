// The model: replace this file with yours. It runs in threads of its own, so it may keep them busy for as long as it needs.
//
// This one counts the words of a text.

/** An input that the model cannot process. The request fails with status 400. */
export class InputError extends Error {}

/** Loads the model once per thread. SageMaker has unpacked the model data, if there is any, in /opt/ml/model. */
export async function load() {
  // Nothing to load.
}

/**
 * @param {Buffer} body
 * @param {string} contentType
 * @returns {Promise<{ contentType: string, body: string | Uint8Array }>}
 */
export async function predict(body, contentType) {
  if (!/^text\/plain\b/.test(contentType))
    throw new InputError(`the content type must be text/plain, got ${contentType}`);
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const [word] of body
    .toString()
    .toLowerCase()
    .matchAll(/\p{L}+/gu))
    counts.set(word, (counts.get(word) ?? 0) + 1);
  const words = [...counts].sort(([, one], [, other]) => other - one).slice(0, 10);
  return { contentType: 'application/json', body: JSON.stringify({ words: Object.fromEntries(words) }) };
}
