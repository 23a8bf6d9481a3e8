import assert from "node:assert/strict";
import { test } from "node:test";
import { moneyColumn, readMoney, sayCount, sayDuration, sayFineMoney, sayMoney, typedMoney } from "./money";

test("Money is said as exactly as its size asks for", () => {
  assert.equal(sayMoney(0), "$0");
  assert.equal(sayMoney(12_345_678_900), "$12,345.68");
  assert.equal(sayMoney(1_000_000), "$1.00");
  assert.equal(sayMoney(420_000), "$0.42");
  assert.equal(sayMoney(421_000), "$0.421");
  assert.equal(sayMoney(4_200), "$0.0042");
  assert.equal(sayMoney(4_000), "$0.004");
  assert.equal(sayMoney(1), "$0.000001");
  assert.equal(sayMoney(-500_000), "−$0.50");
});

test("Amounts of one column have equally many decimals, and none is rounded away in silence", () => {
  assert.deepEqual([0, 6, 914, 1_820, 1_220_000, 1_234_560_000].map(sayFineMoney), ["$0", "<\u2009$0.0001", "$0.0009", "$0.0018", "$1.2200", "$1,234.5600"]);
  assert.deepEqual([0, 2_500_000].map(moneyColumn([0, 2_500_000])), ["$0", "$2.50"]);
  assert.deepEqual([400_000, 2_500_000].map(moneyColumn([400_000, 2_500_000])), ["$0.4000", "$2.5000"]);
});

test("Amounts are read as people type them", () => {
  assert.equal(readMoney(""), null);
  assert.equal(readMoney(" $2.50 "), 2_500_000);
  assert.equal(readMoney("2,5"), 2_500_000);
  assert.equal(readMoney("1,250.75"), 1_250_750_000);
  assert.equal(readMoney("0.000001"), 1);
  assert.ok(Number.isNaN(readMoney("much")));
  assert.ok(Number.isNaN(readMoney("-1")));
  assert.equal(readMoney(typedMoney(3_250_000)), 3_250_000);
  assert.equal(typedMoney(undefined), "");
});

test("Counts and times are short", () => {
  assert.equal(sayCount(950), "950");
  assert.equal(sayCount(999), "999");
  assert.equal(sayCount(12_345), "12.3\u00a0K");
  assert.equal(sayCount(999_600), "1\u00a0M");
  assert.equal(sayCount(4_560_000_000), "4.56\u00a0G");
  assert.equal(sayDuration(12.4), "12 ms");
  assert.equal(sayDuration(1_540), "1.5 s");
  assert.equal(sayDuration(125_000), "2 min 5 s");
});
