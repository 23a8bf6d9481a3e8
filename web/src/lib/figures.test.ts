import assert from "node:assert/strict";
import { test } from "node:test";
import type { FigurePoint, Figures } from "../api/telemetry";
import { byMinute, mergeFigures, runsOf, sayRate, type Series, seriesOf, spanOf, stacked, ticksOf } from "./figures";

const state = { browserStreams: 0, doorStreams: 0, memoryBytes: 1, openBreakers: 0, queued: 0, lost: 0 };
const point = (at: number, retries = 0): FigurePoint => ({ at, requestsPerSecond: [0, 0, 0, 0, 0], retries, failovers: 0, state });
const figures = (now: number, ...points: FigurePoint[]): Figures => ({
  intervalSeconds: 10, points,
  now: { at: now, since: 0, requests: [0, 0, 0, 0, 0], state, models: [], cacheHits: 0, cacheMisses: 0, cpuSeconds: 0, threads: 1, openFiles: 1, journal: [] },
});
const hour = 3_600_000;

test("New points follow those that are here, once each, and what is older than an hour goes", () => {
  const before = figures(hour, point(10), point(hour - 20), point(hour - 10));
  const merged = mergeFigures(before, figures(hour + 20, point(hour), point(hour + 10)));
  assert.deepEqual(merged.points.map(({ at }) => at), [hour - 20, hour - 10, hour, hour + 10]);
  assert.deepEqual(mergeFigures(merged, figures(hour + 20, ...merged.points)).points.map(({ at }) => at), merged.points.map(({ at }) => at));
  assert.equal(mergeFigures(null, figures(5)).points.length, 0);
});

test("Points that are asked for again, because the server is another one, are not shown twice", () => {
  const merged = mergeFigures(figures(hour, point(hour - 30), point(hour - 20)), figures(hour, point(hour - 20), point(hour - 10)));
  assert.deepEqual(merged.points.map(({ at }) => at), [hour - 30, hour - 20, hour - 10]);
});

test("A minute is one row, by what the figure is: a rate, a count, a state", () => {
  const times = [0, 10_000, 59_999, 60_000];
  const values = [1, 3, null, 8];
  const row = (fold: Series["fold"]) => byMinute(times, [{ name: "a", values, fold }]).map((each) => each.values[0]);
  assert.deepEqual(row("mean"), [8, 2]);
  assert.deepEqual(row("sum"), [8, 4]);
  assert.deepEqual(row("last"), [8, 3]);
  assert.deepEqual(row("greatest"), [8, 3]);
  assert.deepEqual(byMinute([0], [{ name: "a", values: [null], fold: "mean" }]), [{ at: 0, values: [null] }]);
});

test("A chart spans ten minutes, half an hour or an hour, and has few round times below it", () => {
  const now = 10 * hour;
  for (const [age, length] of [[0, 600_000], [599_000, 600_000], [601_000, 1_800_000], [hour, hour]] as const) {
    const span = spanOf([now - age], now);
    assert.deepEqual(span, { from: now - length, to: now });
    const ticks = ticksOf(span, 5);
    assert.ok(ticks.length >= 2 && ticks.length <= 6, `${ticks.length}`);
    assert.ok(ticks.every((tick) => tick >= span.from && tick <= now && tick % 60_000 === 0));
  }
});

test("A line ends where nothing was measured and where time is missing", () => {
  const runs = runsOf([0, 10, 20, 30, 100, 110], [1, 2, null, 4, 5, 6], 35);
  assert.deepEqual(runs.map((run) => run.map(({ value }) => value)), [[1, 2], [4], [5, 6]]);
  assert.deepEqual(runsOf([], [], 35), []);
});

test("Stacked values lie on each other, and what is not known adds nothing", () => {
  const layers = stacked([{ name: "a", values: [1, null], fold: "mean" }, { name: "b", values: [2, 3], fold: "mean" }]);
  assert.deepEqual(layers.map(({ values }) => values), [[1, 0], [3, 3]]);
});

test("A series has nothing where a point has nothing", () => {
  assert.deepEqual(seriesOf("a", [point(1, 4), point(2)], "last", (each) => each.firstToken?.count).values, [null, null]);
  assert.deepEqual(seriesOf("a", [point(1, 4), point(2)], "sum", (each) => each.retries).values, [4, 0]);
});

test("Rates are short", () => {
  assert.deepEqual([0, 0.0123, 0.1, 3.44, 1234].map(sayRate), ["0", "0.012", "0.1", "3.4", "1,234"]);
});
