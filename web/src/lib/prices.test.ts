import assert from "node:assert/strict";
import { test } from "node:test";
import { matchesName, ratesFor } from "./prices";

const price = (pattern: string, input: number, providerID?: string) => ({ id: pattern, pattern, rates: { input, output: 1 }, updatedAt: 0, ...(providerID === undefined ? {} : { providerID }) });
const builtIn = [{ pattern: "gpt-5*", rates: { input: 10, output: 1 }, asOf: "2026-05-04" }, { pattern: "gpt-5-mini*", rates: { input: 2, output: 1 }, asOf: "2026-05-04" }];

test("A star at the end stands for any rest", () => {
  assert.ok(matchesName("gpt-5*", "GPT-5-mini"));
  assert.ok(matchesName("gpt-5", "gpt-5"));
  assert.ok(!matchesName("gpt-5", "gpt-5-mini"));
  assert.ok(matchesName("*", "anything"));
});

test("Own prices come first, the closest pattern wins, this machine costs nothing", () => {
  const model = { providerID: "a", model: "gpt-5-mini", isLocal: false };
  assert.equal(ratesFor(model, [], builtIn)?.rates.input, 2);
  assert.equal(ratesFor(model, [price("gpt*", 7)], builtIn)?.rates.input, 7);
  assert.equal(ratesFor(model, [price("gpt-5-mini", 7), price("*", 9, "a")], builtIn)?.rates.input, 9);
  assert.equal(ratesFor(model, [price("gpt-5-mini", 7), price("*", 9, "b")], builtIn)?.rates.input, 7);
  assert.equal(ratesFor({ ...model, isLocal: true }, [], builtIn)?.rates.input, 0);
  assert.equal(ratesFor({ ...model, isLocal: true }, [price("gpt*", 7)], builtIn)?.rates.input, 7);
  assert.equal(ratesFor({ ...model, model: "unheard" }, [], builtIn), null);
});
