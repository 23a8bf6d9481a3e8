import assert from "node:assert/strict";
import { test } from "node:test";
import { partsOf, readable, withCall } from "./toolCalls";

const call = (id: string, at: number) => ({ id, server: "Files", tool: "read_file", arguments: "{}", state: "done" as const, at });

test("Calls stand where they were made, text in between is kept whole", () => {
  assert.deepEqual(partsOf("Grüße", []), [{ kind: "text", text: "Grüße" }]);
  assert.deepEqual(partsOf("", [call("a", 0)]), [{ kind: "calls", calls: [call("a", 0)] }]);
  assert.deepEqual(partsOf("Grüße und Ende", [call("b", 8), call("a", 7), call("c", 8)]), [
    { kind: "text", text: "Grüße" }, { kind: "calls", calls: [call("a", 7)] }, { kind: "text", text: " " },
    { kind: "calls", calls: [call("b", 8), call("c", 8)] }, { kind: "text", text: "und Ende" },
  ]);
});

test("A call beyond the text that has arrived stands at its end", () => {
  assert.deepEqual(partsOf("ab", [call("a", 90)]), [{ kind: "text", text: "ab" }, { kind: "calls", calls: [call("a", 90)] }]);
});

test("A call that changes replaces what was known of it", () => {
  assert.deepEqual(withCall([call("a", 0), call("b", 0)], { ...call("a", 0), result: "x" }).map((each) => each.id), ["a", "b"]);
  assert.equal(withCall([], call("a", 0)).length, 1);
});

test("JSON is laid out, other text is left alone", () => {
  assert.deepEqual(readable("{\"a\":1}"), { text: "{\n  \"a\": 1\n}", isJSON: true });
  assert.deepEqual(readable("plain"), { text: "plain", isJSON: false });
  assert.deepEqual(readable("42"), { text: "42", isJSON: false });
});
