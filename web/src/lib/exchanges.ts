import type { UsageRecord } from "../api/usage";
import type { Message } from "../state/types";

/** A reply's first exchange begins this close to the reply itself, in milliseconds. */
const nearness = 5_000;

/**
 * Which exchanges belong to which replies.
 *
 * The first of a reply is that of its model which began closest to it. A reply that called tools asked its model again after
 * each round of calls: so many of the exchanges that follow, before the next reply, are its own too. The rest asked for
 * something else, such as a title.
 */
export function matchExchanges(replies: readonly Message[], records: readonly UsageRecord[]): { byReply: Map<string, UsageRecord[]>; others: UsageRecord[] } {
  const byReply = new Map<string, UsageRecord[]>();
  const pairs = records.flatMap((record) => replies.map((reply) => ({
    record, reply, distance: Math.abs(record.at - reply.createdAt) + (reply.model === undefined || reply.model.model === record.model ? 0 : nearness / 2),
  }))).filter(({ distance }) => distance <= nearness).sort((a, b) => a.distance - b.distance);
  const taken = new Set<UsageRecord>();
  for (const { record, reply } of pairs) {
    if (!taken.has(record) && !byReply.has(reply.id)) {
      byReply.set(reply.id, [record]);
      taken.add(record);
    }
  }
  const inOrder = [...replies].sort((a, b) => a.createdAt - b.createdAt);
  const rest = records.filter((record) => !taken.has(record)).sort((a, b) => a.at - b.at);
  inOrder.forEach((reply, index) => {
    const first = byReply.get(reply.id)?.[0];
    const rounds = new Set((reply.toolUses ?? []).map(({ id }) => id.split(".")[0])).size;
    if (first !== undefined && rounds > 0) {
      const next = inOrder[index + 1]?.createdAt ?? Infinity;
      const more = rest.filter((record) => !taken.has(record) && record.at > first.at && record.at < next && record.alias === first.alias && (first.alias !== undefined || record.model === first.model)).slice(0, rounds);
      more.forEach((record) => taken.add(record));
      byReply.set(reply.id, [first, ...more]);
    }
  });
  return { byReply, others: records.filter((record) => !taken.has(record)) };
}

/** What several exchanges took together. */
export interface Taken {
  prompt: number;
  completion: number;
  cached: number;
  reasoning: number;
  microDollars: number;
  isEstimated: boolean;
  /** Exchanges with tokens but without a price, so that they count nothing in `microDollars`. */
  unpriced: number;
  attempts: number;
}

/** Adds exchanges up. */
export function takenBy(records: readonly UsageRecord[]): Taken {
  return records.reduce<Taken>((sum, { tokens, microDollars, isEstimated, attempts }) => ({
    prompt: sum.prompt + (tokens?.prompt ?? 0),
    completion: sum.completion + (tokens?.completion ?? 0),
    cached: sum.cached + (tokens?.cachedPrompt ?? 0),
    reasoning: sum.reasoning + (tokens?.reasoning ?? 0),
    microDollars: sum.microDollars + (microDollars ?? 0),
    isEstimated: sum.isEstimated || isEstimated,
    unpriced: sum.unpriced + (tokens !== undefined && microDollars === undefined ? 1 : 0),
    attempts: sum.attempts + attempts,
  }), { prompt: 0, completion: 0, cached: 0, reasoning: 0, microDollars: 0, isEstimated: false, unpriced: 0, attempts: 0 });
}
