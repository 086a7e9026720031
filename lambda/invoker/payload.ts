/** The bytes to send for a payload as its caller gave it. Where it cannot be sent unchanged there are none, and an error is added. */
type Encode<T> = (label: string, value: T, errors: string[]) => Buffer | undefined;

const LONE_SURROGATE = 'text with half a surrogate pair, which UTF-8 cannot represent: send its bytes in base64';

export const encodeText: Encode<string> = (label, value, errors) => {
  if (value.isWellFormed()) return Buffer.from(value);
  errors.push(`${label} contains ${LONE_SURROGATE}`);
  return undefined;
};

export const encodeBase64: Encode<unknown> = (label, value, errors) => {
  const bytes = Buffer.from(typeof value === 'string' ? value : '', 'base64');
  // Decoding skips what is not base64, so only encoding again shows whether anything was lost.
  if (bytes.toString('base64') === value) return bytes;
  errors.push(`${label} is not base64: give a string in the standard alphabet, padded, without line breaks`);
  return undefined;
};

export const encodeJson: Encode<unknown> = (label, value, errors) => {
  let inexact = 0;
  let wellFormed = true;
  try {
    const json = JSON.stringify(value, (key, member: unknown) => {
      if (typeof member === 'number' && !survivesJson(member)) inexact += 1;
      wellFormed &&= key.isWellFormed() && (typeof member !== 'string' || member.isWellFormed());
      return member;
    });
    if (inexact === 0 && wellFormed) return Buffer.from(json);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    errors.push(`${label} is nested too deeply to be written as JSON: send its JSON as a string`);
  }
  if (inexact > 0)
    errors.push(
      `${label} contains numbers that JavaScript does not keep exactly (${inexact}): send its JSON as a string`,
    );
  if (!wellFormed) errors.push(`${label} contains ${LONE_SURROGATE}`);
  return undefined;
};

const survivesJson = (value: number): boolean =>
  Number.isFinite(value) && (Number.isSafeInteger(value) || !Number.isInteger(value));
