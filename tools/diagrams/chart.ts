import { area, line, text } from './svg';
import type { Point, Rectangle } from './svg';
import { SERIES } from './theme';
import type { Color } from './theme';

/** The values of a series, at equal distances in time. NaN is a gap, and a series without values is in the legend only. */
export interface Series {
  readonly name: string;
  readonly values: readonly number[];
  readonly color?: Color;
  /** Whether the area below the line is filled. */
  readonly isFilled?: boolean;
  /** Whether the series belongs to the axis on the right. */
  readonly isRight?: boolean;
}

export interface ChartOptions {
  readonly title: string;
  /** What the axis on the left measures. */
  readonly unit: string;
  readonly rightUnit?: string;
  readonly series: readonly Series[];
  /** The time of the last value, in the unit of the axis. */
  readonly until: number;
  readonly timeUnit: string;
  /** The end of the axis on the left at least, so that charts can be compared. */
  readonly most?: number;
  /** The columns of the legend. */
  readonly legendColumns?: number;
}

/** The space around the plot. */
const MARGIN = { left: 66, right: 14, top: 26, bottom: 40 };
const LEGEND_LINE = 17;
const SIZE = 12;

/** The distance of round ticks, of which there are at most so many. */
export function tickStep(max: number, count: number): number {
  const rough = max / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  return [1, 2, 5, 10].map((factor) => factor * power).find((step) => step >= rough * (1 - 1e-9))!;
}

/** Ticks from zero to the first one that is not below the maximum. */
function ticks(max: number, count: number): number[] {
  if (max === 0) return [0, 1];
  const step = tickStep(max, count);
  return Array.from({ length: Math.ceil(max / step - 1e-9) + 1 }, (_, index) => index * step);
}

/** 2000 as 2,000, and larger values in thousands or millions. */
function figure(value: number): string {
  if (value >= 1_000_000) return `${value / 1_000_000}M`;
  return value >= 10_000 ? `${value / 1_000}k` : value.toLocaleString('en-US');
}

/** A chart of lines over time, with axes, units and a legend. */
export function chart({ x, y, width, height }: Rectangle, options: ChartOptions): string {
  const { title, unit, rightUnit, series, until, timeUnit, most = 0, legendColumns = series.length } = options;
  const legendHeight = Math.ceil(series.length / legendColumns) * LEGEND_LINE;
  const right = x + width - (rightUnit === undefined ? MARGIN.right : MARGIN.left);
  const [left, top, bottom] = [x + MARGIN.left, y + MARGIN.top, y + height - MARGIN.bottom - legendHeight];
  const largest = (isRight: boolean) =>
    Math.max(
      0,
      ...series
        .filter((each) => (each.isRight ?? false) === isRight)
        .flatMap(({ values }) => values.filter((value) => !Number.isNaN(value))),
    );
  const count = Math.max(2, Math.floor((bottom - top) / 34));
  const [leftTicks, rightTicks] = [ticks(Math.max(most, largest(false)), count), ticks(largest(true), count)];
  const timeTicks = ticks(until, Math.max(2, Math.floor((right - left) / 60))).filter((tick) => tick <= until);
  const toX = (time: number) => left + ((right - left) * time) / until;
  const toY = (value: number, axis: readonly number[]) => bottom - ((bottom - top) * value) / axis.at(-1)!;

  const runsOf = ({ values, isRight }: Series): Point[][] => {
    const runs: Point[][] = [[]];
    values.forEach((value, index) => {
      if (Number.isNaN(value)) runs.push([]);
      else
        runs.at(-1)!.push([toX((until * index) / (values.length - 1)), toY(value, isRight ? rightTicks : leftTicks)]);
    });
    return runs.filter((run) => run.length > 0);
  };
  const colorOf = (each: Series) => each.color ?? SERIES[series.indexOf(each) % SERIES.length]!;
  const label = (at: Point, content: string, anchor: 'start' | 'middle' | 'end') =>
    text(at, content, { size: SIZE, color: 'muted', anchor });
  return [
    text([x + 6, y + 15], title, { isBold: true }),
    ...leftTicks.flatMap((tick) => [
      line(
        [
          [left, toY(tick, leftTicks)],
          [right, toY(tick, leftTicks)],
        ],
        { color: 'grid', width: 1 },
      ),
      label([left - 6, toY(tick, leftTicks) + 4], figure(tick), 'end'),
    ]),
    ...(rightUnit === undefined
      ? []
      : rightTicks.map((tick) => label([right + 6, toY(tick, rightTicks) + 4], figure(tick), 'start'))),
    ...timeTicks.flatMap((tick) => [
      line(
        [
          [toX(tick), bottom],
          [toX(tick), bottom + 4],
        ],
        { width: 1 },
      ),
      label([toX(tick), bottom + 17], figure(tick), 'middle'),
    ]),
    text([x + 12, (top + bottom) / 2], unit, { size: SIZE, color: 'muted', anchor: 'middle', angle: -90 }),
    rightUnit === undefined
      ? ''
      : text([x + width - 18, (top + bottom) / 2], rightUnit, {
          size: SIZE,
          color: 'muted',
          anchor: 'middle',
          angle: 90,
        }),
    label([(left + right) / 2, bottom + 33], timeUnit, 'middle'),
    ...series.flatMap((each) =>
      runsOf(each).map((points) => {
        const outline: Point[] = [[points[0]![0], bottom], ...points, [points.at(-1)![0], bottom]];
        const fill = each.isFilled ? area(outline, colorOf(each)) : '';
        return `${fill}${line(points, { color: colorOf(each), width: 1.8, isDashed: each.isRight })}`;
      }),
    ),
    line(
      [
        [left, top],
        [left, bottom],
        [right, bottom],
      ],
      { width: 1.2 },
    ),
    ...series.map((each, index) => {
      const legendX = left + ((index % legendColumns) * (right - left)) / legendColumns;
      const legendY = y + height - legendHeight + Math.floor(index / legendColumns) * LEGEND_LINE + 8;
      return [
        line(
          [
            [legendX, legendY],
            [legendX + 18, legendY],
          ],
          { color: colorOf(each), width: 3, isDashed: each.isRight },
        ),
        label([legendX + 24, legendY + 4], each.name, 'start'),
      ].join('');
    }),
  ].join('');
}
