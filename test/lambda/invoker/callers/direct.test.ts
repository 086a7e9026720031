import fc from 'fast-check';
import { callerOf } from '../../../../lambda/invoker/callers/callers';
import { InvalidRequestError } from '../../../../lambda/invoker/errors';
import { toRequest } from '../../../../lambda/invoker/request';
import { SECONDS_LIMITS, TEXT_LIMITS } from '../../../../lib/contract/invoker';
import { CHARACTER } from '../../../support/character';

const CONFIG = { endpointName: 'summaries', defaultContentType: 'text/plain' };
const parse = (event: unknown) => toRequest(callerOf(event).read(event, CONFIG), CONFIG, 'request-1');

function errors(event: unknown): readonly string[] {
  try {
    parse(event);
  } catch (error) {
    if (error instanceof InvalidRequestError) return error.errors;
    throw error;
  }
  return [];
}

function nested(depth: number): unknown {
  let value: unknown = [];
  for (let level = 1; level < depth; level += 1) value = [value];
  return value;
}

describe('limits', () => {
  test.each(Object.entries(SECONDS_LIMITS))(
    '%s accepts exactly the whole numbers within its limits',
    (name, { min, max }) => {
      const numbers = fc.oneof(
        fc.integer(),
        fc.integer({ min: min - 2, max: max + 2 }),
        fc.double(),
        fc.constantFrom(min, max),
      );
      fc.assert(
        fc.property(numbers, (value) => {
          expect(errors({ Body: 'x', [name]: value }).length === 0).toBe(
            Number.isInteger(value) && value >= min && value <= max,
          );
        }),
      );
      expect(errors({ Body: 'x', [name]: String(min) })).toEqual([
        `${name} is "${min}": give a whole number from ${min} to ${max}`,
      ]);
      expect(errors({ Body: 'x', [name]: min - 1 })).toHaveLength(1);
      expect(errors({ Body: 'x', [name]: max + 1 })).toHaveLength(1);
    },
  );

  const texts = Object.entries(TEXT_LIMITS).filter(([name]) => name !== 'InputLocation');
  test.each(texts)('%s accepts text up to its limit', (name, { max }) => {
    expect(errors({ Body: 'x', [name]: 'a'.repeat(max) })).toEqual([]);
    expect(errors({ Body: 'x', [name]: 'a'.repeat(max + 1) })).toEqual([
      expect.stringContaining(`give 1 to ${max} characters`),
    ]);
    expect(errors({ Body: 'x', [name]: '' })).toHaveLength(1);
    for (const value of [null, 7, true, ['a'], {}]) {
      expect(errors({ Body: 'x', [name]: value })).toEqual([expect.stringContaining('give a string')]);
    }
  });

  test.each(['ContentType', 'Accept', 'CustomAttributes', 'InferenceId'])(
    '%s accepts exactly the text that a header carries unchanged',
    (name) => {
      fc.assert(
        fc.property(fc.string({ unit: CHARACTER, minLength: 1, maxLength: 64 }), (value) => {
          const carried =
            [...value].every((character) => character >= ' ' && character <= '~') && value.trim() === value;
          expect(errors({ Body: 'x', [name]: value }).length === 0).toBe(carried);
        }),
      );
      for (const value of ['a\r\nb', ' a', 'a ', 'é', '\x7f', '\t'])
        expect(errors({ Body: 'x', [name]: value })).toHaveLength(1);
    },
  );

  test.each([
    ['Filename', ['a', '9.json', 'a-b_c.d'], ['.a', '-a', 'a.b.c', 'a/b', 'a b']],
    ['S3OutputPathExtension', ['a/b', "!_.*'()/-", 'https/x'], ['s3://b', 'https://b', 'a b', 'a?b']],
  ])('%s has the form of the service', (name, right, wrong) => {
    for (const value of right) expect(errors({ Body: 'x', [name]: value })).toEqual([]);
    for (const value of wrong) expect(errors({ Body: 'x', [name]: value })).toHaveLength(1);
  });
});

describe('fails', () => {
  test.each<[string, unknown, RegExp]>([
    ['without a payload', {}, /no payload is given: give one of Body, BodyBase64, InputLocation/],
    ['with two payloads', { Body: 'x', BodyBase64: 'eA==' }, /Body and BodyBase64 are mutually exclusive: give one of/],
    ['with an input in S3', { InputLocation: 's3://bucket/key' }, /InputLocation is not supported by this invoker/],
    ['with null for a payload', { Body: null }, /Body is null/],
    ['with empty text', { Body: '' }, /the payload is empty/],
    ['with no bytes', { BodyBase64: '' }, /the payload is empty/],
    [
      'with the name of another endpoint',
      { Body: 'x', EndpointName: 'other' },
      /^EndpointName is not supported: requests go to this invoker's own endpoint\. A direct call has Body, /,
    ],
    [
      'with an unknown member',
      { Body: 'x', TargetModel: 'm' },
      /^the event has unknown members \(1\)\. A direct call has Body, .*InvocationTimeoutSeconds$/,
    ],
    ['with base64 that is not text', { BodyBase64: 7 }, /BodyBase64 is not base64/],
    [
      'with a whole number of lost digits',
      { Body: [2 ** 53] },
      /numbers \(1\) that are infinite or whole and at least 2\^53/,
    ],
    ['with infinite numbers', { Body: { a: [Infinity, -Infinity] } }, /numbers \(2\) that are infinite or whole/],
    [
      'with a path that has dots',
      { Body: 'x', S3OutputPathExtension: '../other' },
      /^S3OutputPathExtension is "..\/other": give a path without/,
    ],
    ['with half a surrogate pair in text', { Body: 'a\ud800' }, /Body contains text with half a surrogate pair/],
    [
      'with half a surrogate pair in a JSON text',
      { Body: ['\udc00'] },
      /Body contains text with half a surrogate pair/,
    ],
    [
      'with half a surrogate pair in a JSON key',
      { Body: { '\udc00': 1 } },
      /Body contains text with half a surrogate pair/,
    ],
    ['with JSON nested too deeply', { Body: nested(60_000) }, /nested too deeply/],
  ])('%s', (_, event, text) => {
    expect(errors(event)).toEqual([expect.stringMatching(text)]);
  });

  test.each([
    ['null', null],
    ['an array', []],
    ['a string', 'text'],
    ['a number', 7],
  ])('with %s for an event', (type, event) => {
    expect(errors(event)).toEqual([expect.stringMatching(`^the event is ${type}: give a direct call such as `)]);
  });

  test('with all errors in one message, one per line', () => {
    const event = {
      Body: 'x'.repeat(128_001),
      Foo: 1,
      InferenceId: 'i'.repeat(65),
      RequestTTLSeconds: 59,
      CustomAttributes: 'ä',
    };
    expect(() => parse(event)).toThrow(
      /^the event has unknown members \(1\).*\nCustomAttributes is 1 characters: .*\nInferenceId .*\nRequestTTLSeconds is 59: .*\nthe payload is 128001 bytes .*$/,
    );
  });

  test('with a message of bounded length, whatever the number of errors', () => {
    const event = Object.fromEntries(
      Array.from({ length: 5_000 }, (_, index) => [`${'member'.repeat(100)}${index}`, 1]),
    );
    const text = errors({ ...event, Body: 'x', Filename: '.'.repeat(100_000) }).join('\n');
    expect(text.length).toBeLessThan(2_000);
    expect(text).toContain('(5000)');
  });
});

describe('numbers in JSON', () => {
  const isTaken = (value: number) => errors({ Body: [value] }).length === 0;

  test.each([
    0,
    -1,
    0.1,
    -0.5,
    2 ** 53 - 1,
    1 - 2 ** 53,
    1e21,
    -1e30,
    1e300,
    3.4028234663852886e38,
    5e-324,
    1.7976931348623157e308,
  ])('%d is accepted and sent as JavaScript writes it', (value) => {
    expect(parse({ Body: [value] }).payload!.toString()).toBe(`[${value}]`);
  });

  test.each([2 ** 53, -(2 ** 53), 2 ** 53 + 2, 1e20, 999999999999999900000, Infinity, -Infinity])(
    '%d is rejected, since digits may have been lost',
    (value) => {
      expect(isTaken(value)).toBe(false);
    },
  );

  test('every whole number that is accepted keeps its digits', () => {
    const digits = fc.bigInt({ min: -(10n ** 25n), max: 10n ** 25n }).map(String);
    fc.assert(
      fc.property(digits, (text) => {
        const value = Number(text);
        // From 1e21 on a JSON text of so many digits is possible, and rare: JavaScript and other writers use an exponent.
        fc.pre(Math.abs(value) < 1e21);
        if (isTaken(value)) expect(parse({ Body: [value] }).payload!.toString()).toBe(`[${text}]`);
      }),
    );
  });
});

describe('paths', () => {
  const segments = ['.', '..', '%2e', '%2E%2e', '.%2e', '%252e.', '%25252e'];

  test.each(segments)('the segment %s is rejected', (segment) => {
    const config = { ...CONFIG, inputLocationPrefixes: ['s3://inputs/mine/'] };
    const locationErrors = (InputLocation: string) => {
      try {
        toRequest(callerOf({ InputLocation }).read({ InputLocation }, config), config, 'request-1');
      } catch (error) {
        return (error as InvalidRequestError).errors;
      }
      return [];
    };
    for (const path of [`${segment}/a`, `a/${segment}`, `a/${segment}/b`, `a%2f${segment}%2Fb`])
      expect(locationErrors(`s3://inputs/mine/${path}`)).toEqual([
        expect.stringMatching(/^InputLocation is .*: give a path without "." or ".." as a segment, encoded or not$/),
      ]);
    expect(locationErrors(`s3://inputs/mine/a${segment}`)).toEqual([]);
  });

  test.each(['.', '..', '../a', 'a/..', 'a/./b'])('an output path may not be %s', (path) => {
    expect(errors({ Body: 'x', S3OutputPathExtension: path })).toHaveLength(1);
  });

  test.each(['...', 'a..b', '.a', 'a.', '..a/b..'])('an output path may be %s', (path) => {
    expect(errors({ Body: 'x', S3OutputPathExtension: path })).toEqual([]);
  });
});

test('base64 is accepted if and only if it is canonical', () => {
  const nearly = fc.string({ unit: fc.constantFrom(...'Aa9+/=-_ \n'), minLength: 1 });
  fc.assert(
    fc.property(fc.oneof(fc.base64String({ minLength: 4 }), nearly), (text) => {
      const canonical = Buffer.from(text, 'base64').toString('base64') === text;
      expect(errors({ BodyBase64: text }).length === 0).toBe(canonical);
    }),
  );
  for (const text of ['eA', 'eA=', 'eB==', 'e A==', 'eA==\n', 'eA==eA==', '-_-_', '=']) {
    expect(errors({ BodyBase64: text })).toHaveLength(1);
  }
});
