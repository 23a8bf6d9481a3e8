import assert from "node:assert/strict";
import { test } from "node:test";
import { excerpt, folded } from "./searchCopy";

test("Folding keeps the places of a text", () => {
  for (const text of ["Gr\u00fc\u00dfe \u{1f352} \u0130stanbul", "\u1e9e and \ufb01", "caf\u00e9"]) {
    assert.equal(folded(text).length, text.length, text);
  }
  assert.equal(folded("CAF\u00c9 Gr\u00fcn"), "cafe grun");
});

test("Every word must occur, in any order and form", () => {
  assert.deepEqual(excerpt("The quiet r\u00edver, the River", ["river", "quiet"])?.ranges, [[4, 5], [10, 5], [21, 5]]);
  assert.equal(excerpt("The quiet river", ["river", "loud"]), null);
  assert.equal(excerpt("The quiet river", []), null);
});

test("An excerpt of a long text begins near the first place and marks the right letters", () => {
  const found = excerpt(`${"before ".repeat(100)}the otter reads${" after".repeat(100)}`, ["otter"]);
  assert.ok(found !== null && found.snippet.length < 300);
  const [start, length] = found.ranges[0] ?? [0, 0];
  assert.equal(found.snippet.slice(start, start + length), "otter");
  assert.ok(found.snippet.startsWith("\u2026") && found.snippet.endsWith("\u2026"));
});
