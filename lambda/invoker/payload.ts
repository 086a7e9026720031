/** A payload as the caller gave it, in the bytes that will be sent. What cannot be sent unchanged is told to `faults`. */
type Encode<T> = (label: string, value: T, faults: string[]) => Buffer;

const HALF_PAIR = 'text with half a surrogate pair, which UTF-8 cannot carry: send its bytes in base64';

export const encodeText: Encode<string> = (label, value, faults) => {
  if (!value.isWellFormed()) faults.push(`${label} holds ${HALF_PAIR}`);
  return Buffer.from(value);
};

export const encodeBase64: Encode<unknown> = (label, value, faults) => {
  const bytes = Buffer.from(typeof value === 'string' ? value : '', 'base64');
  // Decoding skips what is not base64, so only encoding again tells whether anything was lost
  if (bytes.toString('base64') !== value) {
    faults.push(`${label} is not base64: give a string in the standard alphabet, padded, without line breaks`);
  }
  return bytes;
};

export const encodeJson: Encode<unknown> = (label, value, faults) => {
  let numbers = 0;
  let wellFormed = true;
  let json = '';
  try {
    json = JSON.stringify(value, (key, member: unknown) => {
      if (typeof member === 'number' && !survivesJson(member)) numbers += 1;
      wellFormed &&= key.isWellFormed() && (typeof member !== 'string' || member.isWellFormed());
      return member;
    });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    faults.push(`${label} is nested too deeply to be written as JSON: send its JSON as a string`);
  }
  if (numbers > 0) faults.push(`${label} holds numbers that JavaScript does not keep exactly (${numbers}): send its JSON as a string`);
  if (!wellFormed) faults.push(`${label} holds ${HALF_PAIR}`);
  return Buffer.from(json);
};

const survivesJson = (value: number): boolean => Number.isFinite(value) && (Number.isSafeInteger(value) || !Number.isInteger(value));
