import { cell, defaultText, inCode, paragraph } from '../../../tools/api/markdown';

test('a cell is on one line, and nothing in it ends the cell or starts an element', () => {
  expect(cell('a | b\nc\n\nd\n- e\n- f')).toBe('a \\| b c<br><br>d<br>• e<br>• f');
  expect(cell('<name> and `<name>`')).toBe('&lt;name> and `<name>`');
});

test('a paragraph keeps its lines', () => expect(paragraph('<a>\nb ')).toBe('&lt;a>\nb'));

test('only names in code are changed', () => {
  expect(inCode('maxAge, `maxAge` and `a.maxAge = MaxAge`', (name) => name.toLowerCase())).toBe(
    'maxAge, `maxage` and `a.maxage = MaxAge`',
  );
});

test('a default is code, unless it is a text', () => {
  expect(['10', '- none'].map(defaultText)).toEqual(['`10`', 'none']);
});
