/** The bytes to send for a payload as its caller gave it; none, and a fault, where it cannot be sent unchanged. */
type Encode<T> = (label: string, value: T, faults: string[]) => Buffer | undefined;

const HALF_PAIR = 'text with half a surrogate pair, which UTF-8 cannot carry: send its bytes in base64';

export const encodeText: Encode<string> = (label, value, faults) => {
  if (value.isWellFormed()) return Buffer.from(value);
  faults.push(`${label} holds ${HALF_PAIR}`);
  return undefined;
};

export const encodeBase64: Encode<unknown> = (label, value, faults) => {
  const bytes = Buffer.from(typeof value === 'string' ? value : '', 'base64');
  // Decoding skips what is not base64, so only encoding again tells whether anything was lost
  if (bytes.toString('base64') === value) return bytes;
  faults.push(`${label} is not base64: give a string in the standard alphabet, padded, without line breaks`);
  return undefined;
};

export const encodeJson: Encode<unknown> = (label, value, faults) => {
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
    faults.push(`${label} is nested too deeply to be written as JSON: send its JSON as a string`);
  }
  if (inexact > 0)
    faults.push(`${label} holds numbers that JavaScript does not keep exactly (${inexact}): send its JSON as a string`);
  if (!wellFormed) faults.push(`${label} holds ${HALF_PAIR}`);
  return undefined;
};

const survivesJson = (value: number): boolean =>
  Number.isFinite(value) && (Number.isSafeInteger(value) || !Number.isInteger(value));
