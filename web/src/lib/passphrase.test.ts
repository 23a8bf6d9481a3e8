import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { assessPassphrase } from "./passphrase";

interface Case {
  passphrase: string;
  weaknesses: string[];
}

test("Each case that the server's policy also runs gives the same weaknesses", (context) => {
  const cases = JSON.parse(readFileSync("../Tests/Fixtures/passphrases.json", "utf8")) as Case[];
  assert.ok(cases.length > 50, `only ${cases.length} cases`);
  for (const { passphrase, weaknesses } of cases) {
    assert.deepEqual(assessPassphrase(passphrase).weaknesses, weaknesses, JSON.stringify(passphrase));
  }
  context.diagnostic(`${cases.length} cases`);
});

test("The strength is low for what is refused and grows with words", () => {
  assert.equal(assessPassphrase("").score, 0);
  assert.equal(assessPassphrase("password1234").score, 1);
  const scores = ["wombat lantern", "wombat lantern quiet river", "wombat lantern quiet river otter maps"].map((each) => assessPassphrase(each).score);
  assert.deepEqual([...scores].sort(), scores);
  assert.equal(scores[2], 4);
});
