import assert from "node:assert/strict";
import { test } from "node:test";
import { axisOf, dayKey, fillDays, greatest, periodBetween, periodOf, sayPeriod, totalOf } from "./periods";

const now = Date.UTC(2026, 2, 15, 13, 30);
const sum = (key: string, microDollars: number, requests = 1) => ({ key, requests, prompt: 10, completion: 5, cached: 2, reasoning: 1, microDollars, estimated: 1, failures: 0, unpriced: 1 });
const days = (name: Parameters<typeof periodOf>[0]) => {
  const { from, to } = periodOf(name, now);
  return [dayKey(from), dayKey(to - 1)];
};

test("Periods are whole days of UTC and end with today", () => {
  assert.deepEqual(days("today"), ["2026-03-15", "2026-03-15"]);
  assert.deepEqual(days("week"), ["2026-03-09", "2026-03-15"]);
  assert.deepEqual(days("month"), ["2026-02-14", "2026-03-15"]);
  assert.deepEqual(days("thisMonth"), ["2026-03-01", "2026-03-15"]);
  assert.deepEqual(days("lastMonth"), ["2026-02-01", "2026-02-28"]);
  assert.deepEqual(days("year"), ["2025-04-01", "2026-03-15"]);
});

test("Chosen days are both part of the period", () => {
  assert.deepEqual(periodBetween("2026-03-01", "2026-03-01"), { from: Date.UTC(2026, 2, 1), to: Date.UTC(2026, 2, 2) });
  assert.equal(periodBetween("2026-03-02", "2026-03-01"), null);
  assert.equal(periodBetween("", "2026-03-01"), null);
});

test("Days without a request are there, long periods go by months", () => {
  const week = fillDays([sum("2026-03-10", 7)], periodOf("week", now));
  assert.equal(week.unit, "day");
  assert.deepEqual(week.sums.map(({ microDollars }) => microDollars), [0, 7, 0, 0, 0, 0, 0]);
  const year = fillDays([sum("2025-04-30", 7), sum("2025-04-01", 1), sum("2026-03-15", 2)], periodOf("year", now));
  assert.equal(year.unit, "month");
  assert.equal(year.sums.length, 12);
  assert.equal(year.sums[0]?.microDollars, 8);
  assert.equal(year.sums[11]?.microDollars, 2);
});

test("Sums add up and the small ones are taken together", () => {
  assert.deepEqual(totalOf([sum("a", 1), sum("b", 2)]), { key: "", requests: 2, prompt: 20, completion: 10, cached: 4, reasoning: 2, microDollars: 3, estimated: 2, failures: 0, unpriced: 2 });
  const { shown, rest } = greatest([sum("a", 1), sum("b", 5), sum("c", 3)], (each) => each.microDollars, 2);
  assert.deepEqual(shown.map(({ key }) => key), ["b", "c"]);
  assert.equal(rest?.microDollars, 1);
  assert.equal(greatest([sum("a", 1)], (each) => each.microDollars, 2).rest, null);
});

test("An axis ends at a round number at or above the greatest value", () => {
  for (const value of [1, 3, 7, 9.99, 120, 4_321, 1_000_000, 0.4]) {
    const { top, steps } = axisOf(value);
    assert.ok(top >= value * (1 - 1e-9), `${top} for ${value}`);
    assert.ok(top <= value * 2.1, `${top} for ${value}`);
    assert.ok(steps.length >= 2 && steps.length <= 5, `${steps.length} steps for ${value}`);
  }
  assert.deepEqual(axisOf(0).steps, [0]);
  assert.deepEqual(axisOf(3).steps, [0, 1, 2, 3]);
});

test("A period is named by the days of UTC that it covers, wherever the reader is", () => {
  const one = sayPeriod({ from: Date.UTC(2026, 2, 1), to: Date.UTC(2026, 2, 2) });
  assert.match(one, /2026/);
  assert.ok(!one.includes(" to "));
  const [first, last] = sayPeriod({ from: Date.UTC(2026, 2, 1), to: Date.UTC(2026, 2, 8) }).split(" to ");
  assert.equal(first, one);
  assert.match(last ?? "", /7/);
});
