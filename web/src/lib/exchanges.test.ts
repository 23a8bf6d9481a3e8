import assert from "node:assert/strict";
import { test } from "node:test";
import { matchExchanges, takenBy } from "./exchanges";

const reply = (id: string, createdAt: number, model = "m") => ({ id, conversationID: "c", role: "assistant" as const, content: "", state: "complete" as const, createdAt, model: { providerID: "p", model } });
const record = (at: number, model = "m") => ({ at, providerID: "p", model, isEstimated: false, totalMilliseconds: 1, attempts: 1, outcome: "complete" });

test("Each reply gets the exchange that began with it", () => {
  const [first, second, title] = [record(1_010), record(60_020), record(62_000, "tiny")];
  const { byReply, others } = matchExchanges([reply("a", 1_000), reply("b", 60_000)], [title, second, first]);
  assert.equal(byReply.get("a")?.[0], first);
  assert.equal(byReply.get("b")?.[0], second);
  assert.deepEqual(others, [title]);
});

test("A reply of another target is still found, a far one is not", () => {
  const other = record(1_500, "another");
  assert.equal(matchExchanges([reply("a", 1_000)], [other]).byReply.get("a")?.[0], other);
  assert.equal(matchExchanges([reply("a", 1_000)], [record(20_000)]).byReply.size, 0);
});

test("A reply that called tools has an exchange for each round, and no more", () => {
  const use = (id: string) => ({ id, server: "s", tool: "t", arguments: "{}", state: "done" as const, textOffset: 0 });
  const withTools = { ...reply("a", 1_000), toolUses: [use("0.0"), use("0.1"), use("1.0")] };
  const [first, second, third, title, next] = [record(1_010), record(20_000), record(40_000), record(41_000), record(90_000)];
  const { byReply, others } = matchExchanges([withTools, reply("b", 90_000)], [next, title, third, second, first]);
  assert.deepEqual(byReply.get("a"), [first, second, third]);
  assert.deepEqual(byReply.get("b"), [next]);
  assert.deepEqual(others, [title]);
});

test("Exchanges add up, and say how many of them have no price", () => {
  const counts = { prompt: 10, completion: 5, cachedPrompt: 4, cacheWrite: 0, reasoning: 2 };
  const sum = takenBy([{ ...record(1), tokens: counts, microDollars: 7 }, { ...record(2), tokens: counts, isEstimated: true }, record(3)]);
  assert.deepEqual(sum, { prompt: 20, completion: 10, cached: 8, reasoning: 4, microDollars: 7, isEstimated: true, unpriced: 1, attempts: 3 });
});
