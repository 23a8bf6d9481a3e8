import type { ExchangeReport, UsageRecord } from "../../api/usage";

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

/**
 * Puts what usage remembers into rows. It is read when news are already coming, so that no request falls in between; one
 * that has come as news, too, stands there once.
 *
 * @param heard what news have come of since they were taken up: a row that was under way before and is not among these may
 * have ended meanwhile.
 */
export function withHistory(rows: readonly ExchangeReport[], records: readonly UsageRecord[], heard: ReadonlySet<string>): ExchangeReport[] {
  let merged = rows.filter((row) => !row.id.startsWith(past));
  const left = new Set(merged);
  for (const report of records.map(reportOf)) {
    const same = [...left].find((row) => isSame(row, report, heard));
    if (same !== undefined) {
      left.delete(same);
    }
    if (same?.stage !== "ended") {
      merged = placeReport(merged, { ...report, id: same?.id ?? report.id, asked: same?.asked ?? report.asked });
    }
  }
  return merged;
}

function isSame(row: ExchangeReport, report: ExchangeReport, heard: ReadonlySet<string>): boolean {
  return row.startedAt === report.startedAt && row.tokenID === report.tokenID && row.conversationID === report.conversationID
    && (row.stage === "ended" ? row.totalMilliseconds === report.totalMilliseconds && row.target?.model === report.target?.model : !heard.has(row.id));
}

/** What the ids of requests begin with that usage remembers. */
const past = "past ";

/** A finished request as usage remembers it, in the form of a report. */
export function reportOf(record: UsageRecord, index: number): ExchangeReport {
  const { at, providerID, model, alias, totalMilliseconds, ...rest } = record;
  return { ...rest, id: `${past}${at} ${index}`, stage: "ended", startedAt: at, asked: alias ?? model, target: { providerID, model }, totalMilliseconds };
}
