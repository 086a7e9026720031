import { hasDotSegment } from '../../lib/contract/s3-location';
import type { TextLimit } from '../../lib/contract/invoker';
import { HEADER_TEXT, SECONDS_LIMITS, TEXT_LIMITS } from '../../lib/contract/invoker';
import { quote, typeName } from './quote';

/** Members by the API's names, with whatever values a caller gave them. */
export type Members = Readonly<Record<string, unknown>>;

const TEXTS = Object.entries<TextLimit>(TEXT_LIMITS);
const SECONDS = Object.entries(SECONDS_LIMITS);

/** The names of all members but the payload. */
export const MEMBER_NAMES = [...TEXTS, ...SECONDS].map(([name]) => name);

/** Members of callers that give text, with whole numbers where the API has numbers. A member that is undefined is absent. */
export function membersOfText(texts: Members): Members {
  const members: Record<string, unknown> = {};
  for (const [name, text] of Object.entries(texts)) {
    if (text === undefined) continue;
    const isNumber = name in SECONDS_LIMITS && typeof text === 'string' && /^[1-9]\d{0,8}$/.test(text);
    members[name] = isNumber ? Number(text) : text;
  }
  return members;
}

/** The errors of members that break the limits of the service, of HTTP or of the stack. */
export function memberErrors(members: Members, inputLocationPrefixes: readonly string[]): string[] {
  return [
    ...textErrors(members),
    ...secondsErrors(members),
    ...dotSegmentErrors(members),
    ...locationErrors(members.InputLocation, inputLocationPrefixes),
  ];
}

function textErrors(members: Members): string[] {
  const errors: string[] = [];
  for (const [name, limit] of TEXTS) {
    const value = members[name];
    const error = value === undefined ? undefined : textError(name, value, limit);
    if (error !== undefined) errors.push(error);
  }
  return errors;
}

function textError(name: string, value: unknown, { min, max, pattern, form }: TextLimit): string | undefined {
  if (typeof value !== 'string') return `${name} is ${typeName(value)}: give a string`;
  const fits = value.length >= min && value.length <= max;
  const isHeaderText = HEADER_TEXT.test(value);
  const matches = pattern?.test(value) ?? true;
  if (fits && isHeaderText && matches) return undefined;
  const wanted = [
    fits ? '' : `${min} to ${max} characters`,
    isHeaderText ? '' : 'printable ASCII without a space at either end',
    matches ? '' : form,
  ].filter(Boolean);
  // The service marks CustomAttributes as sensitive.
  const got =
    name === 'CustomAttributes' ? `${value.length} characters` : `${quote(value)} (${value.length} characters)`;
  return `${name} is ${got}: give ${wanted.join(', ')}`;
}

function secondsErrors(members: Members): string[] {
  const errors: string[] = [];
  for (const [name, { min, max }] of SECONDS) {
    const value = members[name];
    const valid = value === undefined || (Number.isInteger(value) && Number(value) >= min && Number(value) <= max);
    if (!valid) errors.push(`${name} is ${quote(value)}: give a whole number from ${min} to ${max}`);
  }
  return errors;
}

/** S3 keeps a segment "." or ".." as it is, but a program that copies the objects to a file system may follow it. */
function dotSegmentErrors(members: Members): string[] {
  return (['S3OutputPathExtension', 'InputLocation'] as const).flatMap((name) => {
    const value = members[name];
    if (typeof value !== 'string' || value.length > TEXT_LIMITS[name].max || !hasDotSegment(value)) return [];
    return [`${name} is ${quote(value)}: give a path without "." or ".." as a segment, encoded or not`];
  });
}

function locationErrors(location: unknown, prefixes: readonly string[]): string[] {
  if (typeof location !== 'string' || prefixes.some((prefix) => location.startsWith(prefix))) return [];
  if (prefixes.length === 0) return ['InputLocation is not supported by this invoker: give the payload itself'];
  return [`InputLocation is ${quote(location)}: give an object under ${prefixes.join(' or ')}`];
}
