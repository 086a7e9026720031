import { box, arrow, text, toSvg } from '../../../tools/diagrams/svg';

const PICTURE = { name: 'example', title: 'A & B', description: 'a < b', width: 20, height: 10, body: '' };

test('a picture has a title and an alternative text, escaped', () => {
  const svg = toSvg(PICTURE);
  expect(svg).toContain('<title id="example-title">A &amp; B</title>');
  expect(svg).toContain('<desc id="example-description">a &lt; b</desc>');
  expect(svg).toContain('role="img" aria-labelledby="example-title example-description"');
});

test('a picture is for light and for dark pages', () => {
  const [light, dark] = toSvg(PICTURE).split('@media (prefers-color-scheme: dark)');
  expect(light).toContain('.f-paper{fill:#ffffff}');
  expect(dark).toContain('.f-paper{fill:#0d1117}');
});

test('text that does not fit into its box is an error', () => {
  const at = { x: 0, y: 0, width: 60, height: 30 };
  expect(box(at, { lines: ['short'] })).toContain('short');
  expect(() => box(at, { lines: ['a text that is far too long'] })).toThrow(
    /^the box "a text that is far too long" needs \d+ × 24, and has 60 × 30$/,
  );
  expect(() => box(at, { title: 'two', lines: ['lines'] })).toThrow('the box "two" needs 45 × 42, and has 60 × 30');
});

test('the head of an arrow is at its last point', () => {
  const svg = arrow([
    [0, 0],
    [100, 0],
  ]);
  expect(svg).toContain('d="M100 0L92 4L92 -4Z"');
});

test('the label of an arrow is above its last part, unless it is elsewhere', () => {
  const points = [
    [0, 50],
    [100, 50],
  ] as const;
  expect(arrow(points, { label: ['yes'] })).toContain('<text x="50" y="44"');
  expect(arrow(points, { label: ['yes'], labelAt: [7, 9] })).toContain('<text x="7" y="9"');
});

test('text is turned around its own point', () => {
  expect(text([3, 4], 'up', { angle: -90 })).toContain('transform="rotate(-90 3 4)"');
});
