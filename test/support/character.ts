import fc from 'fast-check';

/** Any character of Unicode, often one of ASCII. The unit 'binary' of fast-check takes seconds to set up in each test file. */
export const CHARACTER = fc
  .oneof(fc.nat(0x7f), fc.nat(0x10ffff))
  .filter((code) => code < 0xd800 || code > 0xdfff)
  .map((code) => String.fromCodePoint(code));
