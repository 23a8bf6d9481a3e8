import assert from "node:assert/strict";
import { test } from "node:test";
import { renderToStaticMarkup } from "react-dom/server.browser";
import { type Line, TimeChart } from "./TimeChart";

const now = 1_800_000_000_000;
const times = [now - 30_000, now - 20_000, now - 10_000, now];
const line = (name: string, values: Line["values"], tone: Line["tone"] = "one"): Line => ({ name, values, tone, fold: "last" });
const draw = (lines: Line[], more: { isStacked?: boolean; times?: number[] } = {}) =>
  renderToStaticMarkup(<TimeChart title="Waiting" times={more.times ?? times} lines={lines} now={now} say={(value) => `${value} ms`} empty="Nothing was measured." {...(more.isStacked === undefined ? {} : { isStacked: more.isStacked })} />);

test("A chart says in words what it shows, and draws each line once", () => {
  const html = draw([line("half within", [1, 2, 3, 4]), line("95 % within", [5, 6, 7, 8], "two")]);
  assert.match(html, /role="img" aria-label="Chart of waiting over the last 10 minutes. Latest: half within 4 ms, 95 % within 8 ms. Highest: 8 ms./);
  assert.equal([...html.matchAll(/<path class="line /g)].length, 2);
  assert.match(html, /Now: half within 4 ms, 95 % within 8 ms/);
});

test("Where nothing was measured no line is drawn across, and a single point is still seen", () => {
  const html = draw([line("a", [1, null, 3, 4])]);
  assert.equal([...html.matchAll(/<path class="line /g)].length, 1);
  assert.equal([...html.matchAll(/<circle class="point /g)].length, 1);
});

test("Without figures it says so, and its axis has no numbers that mean nothing", () => {
  for (const html of [draw([line("a", [null, null, null, null])]), draw([line("a", [])], { times: [] })]) {
    assert.match(html, /aria-label="Waiting: Nothing was measured."/);
    assert.ok(!html.includes("<path") && !/>[1-9]\S* ms</.test(html));
  }
});

test("Layers that lie on each other reach as high as their sum", () => {
  assert.match(draw([line("a", [1, 1, 1, 1]), line("b", [2, 2, 2, 2], "two")], { isStacked: true }), /Highest: 3 ms/);
});

test("A chart of one line needs no legend", () => {
  assert.ok(!draw([line("a", [1, 2, 3, 4])]).includes("legend"));
  assert.ok(draw([line("a", [1, 2, 3, 4]), line("b", [1, 2, 3, 4])]).includes("legend"));
});
