import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { diagrams, writeDiagrams } from '../../../tools/diagrams/diagrams';

const pictures = [...diagrams()];

test.each(pictures)('%s refers to nothing outside of itself', (_, svg) => {
  expect(svg.replace('xmlns="http://www.w3.org/2000/svg"', '')).not.toMatch(
    /https?:|href|url\(|@import|<script|<image/,
  );
});

test.each(pictures)('%s has no text below 11 pixels and nothing outside of its area', (_, svg) => {
  const sizes = [...svg.matchAll(/font-size="([\d.]+)"/g)].map(([, size]) => Number(size));
  expect(Math.min(...sizes)).toBeGreaterThanOrEqual(11);
  const [, width, height] = /viewBox="0 0 (\d+) (\d+)"/.exec(svg)!.map(Number);
  const points = [...svg.matchAll(/[ML](-?[\d.]+) (-?[\d.]+)/g)].map(([, x, y]) => [Number(x), Number(y)] as const);
  expect(points.filter(([x, y]) => x < 0 || y < 0 || x > width! || y > height!)).toEqual([]);
  expect(svg).not.toMatch(/NaN|undefined/);
});

test('the same pictures are drawn each time', () => expect([...diagrams()]).toEqual(pictures));

test('each picture is written to its file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'diagrams-'));
  try {
    writeDiagrams(folder);
    expect(readdirSync(folder).sort()).toEqual(pictures.map(([name]) => name).sort());
    expect(readFileSync(join(folder, 'architecture.svg'), 'utf8')).toBe(new Map(pictures).get('architecture.svg'));
  } finally {
    rmSync(folder, { recursive: true });
  }
});
