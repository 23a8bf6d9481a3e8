import assert from "node:assert/strict";
import { test } from "node:test";
import { firstBelow, pageLength, placeAfterScroll, shownFrom } from "./following";

const atEnd = { isFollowing: true, top: 1000 };

test("A tall block that arrives below does not stop the following", () => {
  // The event of the page's own scrolling, seen after 600 pixels were added.
  assert.deepEqual(placeAfterScroll(atEnd, 1000, 600), atEnd);
});

test("A reader who moves up, even a little, is left there", () => {
  const moved = placeAfterScroll(atEnd, 990, 10);
  assert.equal(moved.isFollowing, false);
  assert.equal(placeAfterScroll(moved, 990, 300).isFollowing, false);
});

test("A page that shrinks keeps the end", () => {
  assert.equal(placeAfterScroll(atEnd, 700, 0).isFollowing, true);
});

test("A reader who comes back near the end follows it again", () => {
  const away = { isFollowing: false, top: 500 };
  assert.equal(placeAfterScroll(away, 800, 200).isFollowing, false);
  assert.equal(placeAfterScroll(away, 980, 20).isFollowing, true);
});

test("The first item below an edge is found", () => {
  const ends = [10, 20, 30, 40];
  const find = (edge: number): number => firstBelow(ends.length, edge, (index) => ends[index] ?? 0);
  assert.equal(find(0), 0);
  assert.equal(find(10), 1);
  assert.equal(find(39), 3);
  assert.equal(find(40), 4);
  assert.equal(firstBelow(0, 5, () => 0), 0);
});

test("A conversation is shown from its last page, or from what was revealed", () => {
  const ids = Array.from({ length: pageLength * 3 }, (_, index) => String(index));
  assert.equal(shownFrom(ids, null), pageLength * 2);
  assert.equal(shownFrom(ids, "7"), 7);
  assert.equal(shownFrom(ids, "of another branch"), pageLength * 2);
  assert.equal(shownFrom(ids.slice(0, 5), null), 0);
});
