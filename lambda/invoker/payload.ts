import { typeName } from './quote';

/** The bytes to send for a payload as its caller gave it. Where it cannot be sent unchanged there are none, and an error is added. */
type Encode = (label: string, value: unknown, errors: string[]) => Buffer | undefined;

const LONE_SURROGATE = 'text with half a surrogate pair, which UTF-8 cannot represent: send its bytes in base64';

export const encodeText: Encode = (label, value, errors) => {
  if (typeof value === 'string' && value.isWellFormed()) return Buffer.from(value);
  errors.push(
    typeof value === 'string' ? `${label} contains ${LONE_SURROGATE}` : `${label} is ${typeName(value)}: give a string`,
  );
  return undefined;
};

export const encodeBase64: Encode = (label, value, errors) => {
  const bytes = Buffer.from(typeof value === 'string' ? value : '', 'base64');
  // Decoding skips what is not base64, so only encoding again shows whether anything was lost.
  if (bytes.toString('base64') === value) return bytes;
  errors.push(`${label} is not base64: give a string in the standard alphabet, padded, without line breaks`);
  return undefined;
};

export const encodeJson: Encode = (label, value, errors) => {
  let inexact = 0;
  let wellFormed = true;
  try {
    const json = JSON.stringify(value, (key, member: unknown) => {
      if (typeof member === 'number' && mayBeInexact(member)) inexact += 1;
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
      `${label} contains numbers (${inexact}) that are infinite or whole and at least 2^53, whose digits may have been lost: ` +
        'send its JSON as a string',
    );
  if (!wellFormed) errors.push(`${label} contains ${LONE_SURROGATE}`);
  return undefined;
};

/** From here on JavaScript writes a number with an exponent, so its JSON was no whole number of so many digits. */
const EXPONENT_LIMIT = 1e21;

/** Whether the JSON that a number was parsed from may have had other digits. Infinity has none at all. */
function mayBeInexact(value: number): boolean {
  if (!Number.isFinite(value)) return true;
  return Number.isInteger(value) && !Number.isSafeInteger(value) && Math.abs(value) < EXPONENT_LIMIT;
}
