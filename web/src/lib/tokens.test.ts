import assert from "node:assert/strict";
import { test } from "node:test";
import {
  dateOfExpiry,
  expiryOf,
  faultOfSemantic,
  sayBudget,
  sayContext,
  sayHits,
  saySpent,
  semanticOf,
  typedSemantic,
  usedOf,
} from "./tokens";

test("Limits are said in words, none is silent", () => {
  assert.deepEqual(sayBudget({}, "a day"), []);
  assert.deepEqual(sayBudget({ microDollars: 2_500_000, tokens: 100_000 }, "a day"), ["$2.50 a day", "100\u00a0K tokens a day"]);
  assert.equal(saySpent({ microDollars: 420_000, tokens: 1_200 }, { microDollars: 2_500_000 }), "$0.42 of $2.50, 1.2\u00a0K tokens");
  assert.equal(sayContext("write"), "reads and writes context");
});

test("A budget is as used as the one of its limits that is nearer to its end", () => {
  assert.equal(usedOf({ microDollars: 50, tokens: 90 }, { microDollars: 100, tokens: 100 }), 0.9);
  assert.equal(usedOf({ microDollars: 50, tokens: 90 }, {}), 0);
  assert.equal(usedOf({ microDollars: 0, tokens: 0 }, { microDollars: 0 }), 1);
});

test("A token lasts to the end of the chosen day", () => {
  const now = Date.now();
  assert.equal(expiryOf("never", "", now), null);
  assert.equal(expiryOf("30", "", now), now + 30 * 86_400_000);
  assert.equal(expiryOf("date", "", now), null);
  const end = expiryOf("date", "2027-01-31", now);
  assert.equal(end, new Date(2027, 1, 1).getTime());
  assert.equal(dateOfExpiry(end ?? 0), "2027-01-31");
});

test("Answers to questions that say the same are off until a time is chosen", () => {
  const off = typedSemantic(undefined);
  assert.equal(semanticOf(off), null);
  assert.equal(faultOfSemantic({ ...off, threshold: "x" }), null);
  assert.deepEqual(semanticOf({ ...off, seconds: "3600" }), { threshold: 0.95, seconds: 3600, embeddings: null });
  const setting = { threshold: 0.925, seconds: 300, embeddings: "acme/embed" };
  assert.deepEqual(semanticOf(typedSemantic(setting)), setting);
});

test("A likeness out of bounds and a comparing model without a name are faults", () => {
  const chosen = typedSemantic({ threshold: 0.9, seconds: 60 });
  assert.equal(faultOfSemantic(chosen), null);
  for (const threshold of ["", " ", "79.9", "100.1", "x"]) {
    assert.match(faultOfSemantic({ ...chosen, threshold }) ?? "", /80 to 100/);
  }
  assert.match(faultOfSemantic({ ...chosen, isByModel: true, model: " " }) ?? "", /model/);
});

test("How alike questions were is cut, so that nothing seems more alike than it was", () => {
  assert.equal(sayHits({ hits: 0 }), "Not given again yet");
  assert.equal(sayHits({ hits: 1, similarity: { least: 0.95299, most: 0.95299 } }), "Given again once, 95.2 % alike");
  assert.equal(sayHits({ hits: 2, similarity: { least: 0.9, most: 1 } }), "Given again 2 times, 90.0 to 100.0 % alike");
});
