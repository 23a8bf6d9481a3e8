import assert from "node:assert/strict";
import { test } from "node:test";
import { renderToStaticMarkup } from "react-dom/server.browser";
import { BarList } from "./BarList";
import { DayChart } from "./DayChart";

const sum = (key: string, microDollars: number, estimated = 0) => ({ key, requests: 2, prompt: 1200, completion: 300, cached: 0, reasoning: 0, microDollars, estimated, failures: 0, unpriced: 0 });
const period = { from: Date.UTC(2026, 2, 1), to: Date.UTC(2026, 2, 8) };

test("A chart by day says in words what it shows, and every figure stands in its table", () => {
  const html = renderToStaticMarkup(<DayChart sums={[sum("2026-03-02", 2_000_000), sum("2026-03-05", 500_000, 1)]} period={period} measure="money" />);
  assert.match(html, /role="img" aria-label="Bar chart of cost by day. The greatest: [^"]*\$2\.00, 2 requests/);
  assert.equal([...html.matchAll(/class="chart-bar"/g)].length, 2);
  assert.equal([...html.matchAll(/chart-estimated/g)].length, 1);
  assert.equal([...html.matchAll(/<th scope="row">/g)].length, 7);
});

test("Days on which nothing was used draw no bar", () => {
  assert.ok(!renderToStaticMarkup(<DayChart sums={[]} period={period} measure="tokens" />).includes("chart-bar"));
});

test("Bars name what they measure, the greatest first, the small ones together", () => {
  const sums = Array.from({ length: 11 }, (_, index) => sum(`model-${index}`, index * 1_000_000));
  const html = renderToStaticMarkup(<BarList sums={sums} measure="money" sayKey={(key) => key} keyName="Model" />);
  assert.ok(html.indexOf("model-10") < html.indexOf("model-9"));
  assert.ok(html.includes("3 more"));
  assert.equal([...html.matchAll(/<th scope="row">/g)].length, 11);
});

test("What has no price is not passed off as free", () => {
  const html = renderToStaticMarkup(<BarList sums={[{ ...sum("a", 0), unpriced: 2 }, { ...sum("b", 3_000_000), unpriced: 1 }]} measure="money" sayKey={(key) => key} keyName="Model" />);
  assert.match(html, /no price/);
  assert.match(html, /at least \$3\.00/);
  assert.ok(!html.includes("$0<"));
});

test("A table leaves out what is nothing in every row", () => {
  const html = renderToStaticMarkup(<BarList sums={[sum("a", 5), { ...sum("b", 5), failures: 3 }]} measure="money" sayKey={(key) => key} keyName="Model" />);
  assert.ok(html.includes(">Failed<") && !html.includes(">Reasoning<") && !html.includes(">Estimated<"));
});
