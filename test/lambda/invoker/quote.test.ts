import { quote } from '../../../lambda/invoker/quote';

test.each([
  ['text', '"text"'],
  ['a\nb', '"a\\nb"'],
  ['x'.repeat(64), `"${'x'.repeat(64)}"`],
  ['x'.repeat(65), `"${'x'.repeat(64)}…"`],
  [1.5, '1.5'],
  [true, 'true'],
  [null, 'null'],
  [undefined, 'undefined'],
  [[1], 'an array'],
  [{ a: 1 }, 'an object'],
  [1n, 'a bigint'],
])('%p is shown as %s', (value, shown) => {
  expect(quote(value)).toBe(shown);
});
