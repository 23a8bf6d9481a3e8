import type { UsageRecord } from "../api/bridge";
import type { Message } from "../state/types";

/** A reply's exchange begins this close to the reply itself, in milliseconds. */
const nearness = 5_000;

/**
 * Which exchanges belong to which replies: each exchange to the reply of its model that began closest to it.
 *
 * The rest asked for something else, such as a title.
 */
export function matchExchanges(replies: readonly Message[], records: readonly UsageRecord[]): { byReply: Map<string, UsageRecord>; others: UsageRecord[] } {
  const byReply = new Map<string, UsageRecord>();
  const others: UsageRecord[] = [];
  const pairs = records.flatMap((record) => replies.map((reply) => ({
    record, reply, distance: Math.abs(record.at - reply.createdAt) + (reply.model === undefined || reply.model.model === record.model ? 0 : nearness / 2),
  }))).filter(({ distance }) => distance <= nearness).sort((a, b) => a.distance - b.distance);
  const taken = new Set<UsageRecord>();
  for (const { record, reply } of pairs) {
    if (!taken.has(record) && !byReply.has(reply.id)) {
      byReply.set(reply.id, record);
      taken.add(record);
    }
  }
  for (const record of records) {
    if (!taken.has(record)) {
      others.push(record);
    }
  }
  return { byReply, others };
}
