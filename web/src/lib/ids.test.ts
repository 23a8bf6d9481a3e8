import assert from "node:assert/strict";
import { test } from "node:test";
import { isID, makeID, preferenceID, traceParent } from "./ids";

test("New ids are UUIDs of version 7 that sort by time and do not repeat", () => {
  const earlier = makeID(1_700_000_000_000);
  const later = makeID(1_700_000_000_001);
  assert.ok(isID(earlier) && isID(later));
  assert.ok(earlier < later);
  assert.equal(earlier[14], "7");
  assert.equal(earlier.slice(0, 13), "018bcfe5-6800");
  assert.equal(new Set(Array.from({ length: 1000 }, () => makeID(0))).size, 1000);
});

test("A preference's id follows from its key: FNV-1a of 128 bits, marked as version 8", () => {
  // The plain FNV-1a of "" is its offset basis, that of "a" is published as d228cb696f1a8caf78912b704e4a8964.
  assert.equal(preferenceID(""), "6c62272e-07bb-8142-a2b8-21756295c58d");
  assert.equal(preferenceID("a"), "d228cb69-6f1a-8caf-b891-2b704e4a8964");
});

test("A trace begins with ids of its own, and is to be kept", () => {
  const fields = Array.from({ length: 100 }, traceParent);
  assert.ok(fields.every((field) => /^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/.test(field)));
  assert.equal(new Set(fields).size, 100);
});
