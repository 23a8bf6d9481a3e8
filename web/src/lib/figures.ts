import type { FigurePoint, Figures } from "../api/telemetry";

const minute = 60_000;
const hour = 60 * minute;

/** Figures with those that came before them; what is older than an hour is let go. */
export function mergeFigures(before: Figures | null, next: Figures): Figures {
  const first = next.points[0]?.at ?? Number.POSITIVE_INFINITY;
  const kept = (before?.points ?? []).filter(({ at }) => at < first && at > next.now.at - hour);
  return { ...next, points: [...kept, ...next.points] };
}

/** How values of one minute become one in the table. */
export type Fold = "mean" | "sum" | "last" | "greatest";

/** One line of a chart: a value for each point, `null` where nothing was measured. */
export interface Series {
  name: string;
  values: readonly (number | null)[];
  fold: Fold;
}

/** A series from points. */
export function seriesOf(name: string, points: readonly FigurePoint[], fold: Fold, value: (point: FigurePoint) => number | undefined): Series {
  return { name, fold, values: points.map((point) => value(point) ?? null) };
}

const folds: Record<Fold, (values: readonly number[]) => number> = {
  mean: (values) => values.reduce((sum, value) => sum + value, 0) / values.length,
  sum: (values) => values.reduce((sum, value) => sum + value, 0),
  last: (values) => values[values.length - 1] ?? 0,
  greatest: (values) => Math.max(...values),
};

/** One row for each minute, the newest first: what a chart shows, in figures. */
export function byMinute(times: readonly number[], series: readonly Series[]): { at: number; values: (number | null)[] }[] {
  const rows = new Map<number, number[]>();
  times.forEach((time, index) => {
    const at = Math.floor(time / minute) * minute;
    rows.set(at, [...rows.get(at) ?? [], index]);
  });
  return [...rows].reverse().map(([at, places]) => ({
    at,
    values: series.map(({ values, fold }) => {
      const known = places.flatMap((index) => values[index] ?? []);
      return known.length === 0 ? null : folds[fold](known);
    }),
  }));
}

/** What a chart spans: the shortest of these that holds all that is known, up to now. */
export function spanOf(times: readonly number[], now: number): { from: number; to: number } {
  const oldest = now - (times[0] ?? now);
  const length = [10 * minute, 30 * minute].find((each) => each >= oldest) ?? hour;
  return { from: now - length, to: now };
}

/** Round times within a span, with room for their labels. */
export function ticksOf({ from, to }: { from: number; to: number }, most: number): number[] {
  const step = [1, 2, 5, 10, 15, 20, 30].map((each) => each * minute).find((each) => (to - from) / each <= most) ?? hour;
  const ticks: number[] = [];
  for (let at = Math.ceil(from / step) * step; at <= to; at += step) {
    ticks.push(at);
  }
  return ticks;
}

/** Runs of points that follow each other; a gap in time or in values ends one. */
export function runsOf(times: readonly number[], values: readonly (number | null)[], longest: number): { at: number; value: number }[][] {
  const runs: { at: number; value: number }[][] = [];
  times.forEach((at, index) => {
    const value = values[index] ?? null;
    if (value === null) {
      return;
    }
    const run = runs.at(-1);
    const before = times[index - 1];
    if (run === undefined || before === undefined || (values[index - 1] ?? null) === null || at - before > longest) {
      runs.push([{ at, value }]);
    } else {
      run.push({ at, value });
    }
  });
  return runs;
}

/** Series on top of each other: each value is that of its series and all before it. */
export function stacked<T extends Series>(series: readonly T[]): T[] {
  return series.map((each, place) => ({
    ...each,
    values: each.values.map((_, index) => series.slice(0, place + 1).reduce((sum, { values }) => sum + (values[index] ?? 0), 0)),
  }));
}

/** A number of things in a second, short: 0, 0.12, 3.4, 120. */
export function sayRate(rate: number): string {
  return rate === 0 ? "0" : rate < 1 ? String(Number(rate.toPrecision(2))) : rate < 10 ? String(Number(rate.toFixed(1))) : Math.round(rate).toLocaleString();
}
