import assert from "node:assert/strict";
import { test } from "node:test";
import { matchExchanges } from "./exchanges";

const reply = (id: string, createdAt: number, model = "m") => ({ id, conversationID: "c", role: "assistant" as const, content: "", state: "complete" as const, createdAt, model: { providerID: "p", model } });
const record = (at: number, model = "m") => ({ at, providerID: "p", model, isEstimated: false, totalMilliseconds: 1, attempts: 1, outcome: "complete" });

test("Each reply gets the exchange that began with it", () => {
  const [first, second, title] = [record(1_010), record(60_020), record(62_000, "tiny")];
  const { byReply, others } = matchExchanges([reply("a", 1_000), reply("b", 60_000)], [title, second, first]);
  assert.equal(byReply.get("a"), first);
  assert.equal(byReply.get("b"), second);
  assert.deepEqual(others, [title]);
});

test("A reply of another target is still found, a far one is not", () => {
  const other = record(1_500, "another");
  assert.equal(matchExchanges([reply("a", 1_000)], [other]).byReply.get("a"), other);
  assert.equal(matchExchanges([reply("a", 1_000)], [record(20_000)]).byReply.size, 0);
});
