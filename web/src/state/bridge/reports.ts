import type { ExchangeReport, UsageRecord } from "../../api/bridge";

const mostRows = 200;

/** Takes a report into rows that stand newest first. */
export function placeReport(rows: readonly ExchangeReport[], report: ExchangeReport): ExchangeReport[] {
  const at = rows.findIndex((row) => row.id === report.id);
  if (at >= 0) {
    return rows.map((row, index) => (index === at ? report : row));
  }
  const older = rows.findIndex((row) => row.startedAt <= report.startedAt);
  const place = older < 0 ? rows.length : older;
  return [...rows.slice(0, place), report, ...rows.slice(place)].slice(0, mostRows);
}

/** A finished request as usage remembers it, in the form of a report. */
export function reportOf(record: UsageRecord, index: number): ExchangeReport {
  const { at, providerID, model, alias, totalMilliseconds, ...rest } = record;
  return { ...rest, id: `past ${at} ${index}`, stage: "ended", startedAt: at, asked: alias ?? model, target: { providerID, model }, totalMilliseconds };
}
