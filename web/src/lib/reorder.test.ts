import assert from "node:assert/strict";
import { test } from "node:test";
import { moved, placeAt } from "./reorder";

test("An element moves and the others keep their order", () => {
  assert.deepEqual(moved(["a", "b", "c", "d"], 0, 2), ["b", "c", "a", "d"]);
  assert.deepEqual(moved(["a", "b", "c", "d"], 3, 0), ["d", "a", "b", "c"]);
  assert.deepEqual(moved(["a", "b"], 1, 1), ["a", "b"]);
  assert.deepEqual(moved(["a", "b"], 5, 0), ["a", "b"]);
});

test("A dragged row takes the place of a row whose middle was passed", () => {
  const rows = [0, 40, 80, 120].map((top) => ({ top, height: 40 }));
  assert.equal(placeAt(60, rows, 1), 1);
  assert.equal(placeAt(99, rows, 1), 1);
  assert.equal(placeAt(101, rows, 1), 2);
  assert.equal(placeAt(400, rows, 1), 3);
  assert.equal(placeAt(21, rows, 1), 1);
  assert.equal(placeAt(19, rows, 1), 0);
  assert.equal(placeAt(-50, rows, 3), 0);
});
