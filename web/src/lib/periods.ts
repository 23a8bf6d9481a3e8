import type { UsageSum } from "../api/usage";

/** A stretch of whole days of UTC, as usage is counted. `to` is not part of it. */
export interface Period {
  from: number;
  to: number;
}

export type PeriodName = "today" | "week" | "month" | "thisMonth" | "lastMonth" | "year" | "own";

export const periodNames: readonly [PeriodName, string][] = [
  ["today", "Today"], ["week", "Last 7 days"], ["month", "Last 30 days"], ["thisMonth", "This month"], ["lastMonth", "Last month"], ["year", "Last 12 months"], ["own", "Chosen days"],
];

const day = 86_400_000;

/** The period of a name, at a time. */
export function periodOf(name: Exclude<PeriodName, "own">, now: number): Period {
  const tomorrow = Math.floor(now / day) * day + day;
  const date = new Date(now);
  const month = (shift: number) => Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + shift, 1);
  switch (name) {
    case "today":
      return { from: tomorrow - day, to: tomorrow };
    case "week":
      return { from: tomorrow - 7 * day, to: tomorrow };
    case "month":
      return { from: tomorrow - 30 * day, to: tomorrow };
    case "thisMonth":
      return { from: month(0), to: tomorrow };
    case "lastMonth":
      return { from: month(-1), to: month(0) };
    case "year":
      return { from: month(-11), to: tomorrow };
  }
}

/** The period from one day to another, both part of it; `null` when it is none. */
export function periodBetween(first: string, last: string): Period | null {
  const [from, to] = [Date.parse(`${first}T00:00:00Z`), Date.parse(`${last}T00:00:00Z`)];
  return Number.isNaN(from) || Number.isNaN(to) || to < from ? null : { from, to: to + day };
}

/** A period by its first and last day, as people write them. */
export function sayPeriod({ from, to }: Period): string {
  const format = new Intl.DateTimeFormat([], { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });
  return to - from <= day ? format.format(from) : `${format.format(from)} to ${format.format(to - day)}`;
}

/** A day as its date in UTC, such as `2026-09-20`. */
export function dayKey(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}

const nothing: Omit<UsageSum, "key"> = { requests: 0, prompt: 0, completion: 0, cached: 0, reasoning: 0, microDollars: 0, estimated: 0, failures: 0, unpriced: 0 };

/** Sums taken together. */
export function totalOf(sums: readonly UsageSum[], key = ""): UsageSum {
  return sums.reduce((total, sum) => ({
    key,
    requests: total.requests + sum.requests,
    prompt: total.prompt + sum.prompt,
    completion: total.completion + sum.completion,
    cached: total.cached + sum.cached,
    reasoning: total.reasoning + sum.reasoning,
    microDollars: total.microDollars + sum.microDollars,
    estimated: total.estimated + sum.estimated,
    failures: total.failures + sum.failures,
    unpriced: total.unpriced + sum.unpriced,
  }), { key, ...nothing });
}

/** Longer periods are shown month by month. */
const mostDays = 62;

/** One sum for each day of a period, or for each month of a long one, days without any included; oldest first. */
export function fillDays(sums: readonly UsageSum[], { from, to }: Period): { unit: "day" | "month"; sums: UsageSum[] } {
  const unit = (to - from) / day > mostDays ? "month" : "day";
  const length = unit === "month" ? 7 : 10;
  const keys = new Set<string>();
  for (let time = from; time < to; time += day) {
    keys.add(dayKey(time).slice(0, length));
  }
  return { unit, sums: [...keys].map((key) => totalOf(sums.filter((sum) => sum.key.startsWith(key)), key)) };
}

/** The greatest first; what is beyond `most` is taken together in `rest`. */
export function greatest(sums: readonly UsageSum[], measure: (sum: UsageSum) => number, most: number): { shown: UsageSum[]; rest: UsageSum | null } {
  const sorted = [...sums].sort((a, b) => measure(b) - measure(a) || b.requests - a.requests);
  const rest = sorted.slice(most);
  return { shown: sorted.slice(0, most), rest: rest.length === 0 ? null : totalOf(rest) };
}

/** A round number at or above `value`, and the steps to it, for an axis. */
export function axisOf(value: number): { top: number; steps: number[] } {
  if (value <= 0) {
    return { top: 1, steps: [0] };
  }
  const rough = value / 3;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((each) => each >= rough * (1 - 1e-9)) ?? 10 * power;
  const count = Math.ceil(value / step - 1e-9);
  return { top: step * count, steps: Array.from({ length: count + 1 }, (_, index) => step * index) };
}
