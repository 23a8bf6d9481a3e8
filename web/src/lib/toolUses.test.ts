import assert from "node:assert/strict";
import { test } from "node:test";
import { partsOf, readable } from "./toolUses";

const use = (id: string, textOffset: number) => ({ id, server: "Files", tool: "read_file", arguments: "{}", state: "done" as const, textOffset });

test("Calls stand where they were made, text in between is kept whole", () => {
  assert.deepEqual(partsOf("Grüße", []), [{ kind: "text", text: "Grüße" }]);
  assert.deepEqual(partsOf("", [use("a", 0)]), [{ kind: "uses", uses: [use("a", 0)] }]);
  assert.deepEqual(partsOf("Grüße und Ende", [use("b", 8), use("a", 7), use("c", 8)]), [
    { kind: "text", text: "Grüße" }, { kind: "uses", uses: [use("a", 7)] }, { kind: "text", text: " " },
    { kind: "uses", uses: [use("b", 8), use("c", 8)] }, { kind: "text", text: "und Ende" },
  ]);
});

test("A call beyond the text that has arrived stands at its end", () => {
  assert.deepEqual(partsOf("ab", [use("a", 90)]), [{ kind: "text", text: "ab" }, { kind: "uses", uses: [use("a", 90)] }]);
});

test("JSON is laid out, other text is left alone", () => {
  assert.equal(readable("{\"a\":1}"), "{\n  \"a\": 1\n}");
  assert.equal(readable("plain"), "plain");
  assert.equal(readable("42"), "42");
});
