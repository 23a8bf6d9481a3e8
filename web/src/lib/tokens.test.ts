import assert from "node:assert/strict";
import { test } from "node:test";
import { dateOfExpiry, expiryOf, sayBudget, sayContext, saySpent } from "./tokens";

test("Limits are said in words, none is silent", () => {
  assert.deepEqual(sayBudget({}, "a day"), []);
  assert.deepEqual(sayBudget({ microDollars: 2_500_000, tokens: 100_000 }, "a day"), ["$2.50 a day", "100\u00a0K tokens a day"]);
  assert.equal(saySpent({ microDollars: 420_000, tokens: 1_200 }, { microDollars: 2_500_000 }), "$0.42 of $2.50 and 1.2\u00a0K tokens");
  assert.equal(sayContext("write"), "reads and writes context");
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
