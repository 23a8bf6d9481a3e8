import assert from "node:assert/strict";
import { test } from "node:test";
import { placeReport, reportOf, withHistory } from "../state/bridge/reports";
import { Bridge } from "./bridge";
import { Client } from "./client";
import { type ExchangeReport, parseReport, sumsBy } from "./usage";

const report = (id: string, startedAt: number, stage: ExchangeReport["stage"] = "asking"): ExchangeReport => ({ id, stage, startedAt, asked: "fast", attempts: 0, isEstimated: false });

test("A report of the live view is read; what is none is passed over", () => {
  assert.deepEqual(parseReport("{\"id\":\"a\",\"stage\":\"asking\",\"startedAt\":5}"), { id: "a", stage: "asking", startedAt: 5, asked: "", attempts: 0, isEstimated: false });
  for (const broken of ["", "{", "null", "[]", "{\"id\":1,\"stage\":\"asking\",\"startedAt\":5}"]) {
    assert.equal(parseReport(broken), null);
  }
});

test("Reports stand newest first, and news of one replaces it where it is", () => {
  let rows = [report("b", 2), report("a", 1)];
  rows = placeReport(rows, report("c", 3));
  rows = placeReport(rows, report("a2", 1.5));
  assert.deepEqual(rows.map(({ id }) => id), ["c", "b", "a2", "a"]);
  rows = placeReport(rows, report("a", 1, "ended"));
  assert.deepEqual(rows.map(({ id, stage }) => [id, stage]), [["c", "asking"], ["b", "asking"], ["a2", "asking"], ["a", "ended"]]);
});

test("The list of reports does not grow without end", () => {
  let rows = [report("first", 0)];
  for (let index = 1; index < 500; index += 1) {
    rows = placeReport(rows, report(String(index), index));
  }
  assert.equal(rows.length, 200);
  assert.equal(rows[0]?.id, "499");
});

test("A finished exchange that usage remembers looks like a report", () => {
  const shown = reportOf({ at: 7, providerID: "p", model: "m", isEstimated: true, totalMilliseconds: 90, attempts: 2, outcome: "complete", microDollars: 3 }, 0);
  assert.deepEqual([shown.stage, shown.asked, shown.target, shown.microDollars, shown.attempts], ["ended", "m", { providerID: "p", model: "m" }, 3, 2]);
});

test("What usage remembers stands once in the list, however often it is read and whatever news came of it", () => {
  const record = (at: number, totalMilliseconds: number, outcome = "complete") => ({ at, providerID: "p", model: "m", isEstimated: false, totalMilliseconds, attempts: 1, outcome });
  const ended = { ...report("live", 5, "ended"), target: { providerID: "p", model: "m" }, totalMilliseconds: 50 };
  const rows = [report("running", 9), ended, report("stale", 3)];
  const records = [record(9, 1, "cut_off"), record(5, 51), record(5, 50), record(3, 30), record(1, 10)];
  let merged: ExchangeReport[] = rows;
  for (let times = 0; times < 2; times += 1) {
    merged = withHistory(merged, records, new Set(["running", "live"]));
    assert.deepEqual(merged.map(({ id, startedAt, stage }) => [id.split(" ")[0], startedAt, stage]), [
      ["past", 9, "ended"], ["running", 9, "asking"], ["past", 5, "ended"], ["live", 5, "ended"], ["stale", 3, "ended"], ["past", 1, "ended"],
    ]);
  }
  assert.equal(merged.find(({ id }) => id === "stale")?.totalMilliseconds, 30);
});

test("Calls say what they change and on which version they build", async () => {
  const sent: { path: string; method: string; body: unknown }[] = [];
  const bridge = new Bridge(new Client((path, init) => {
    sent.push({ path: String(path), method: init?.method ?? "", body: typeof init?.body === "string" ? JSON.parse(init.body) : null });
    return Promise.resolve(new Response("{\"items\":[]}"));
  }));
  await bridge.changeAlias("a", 3, {
    name: "fast", strategy: "ordered", targets: [{ model: { providerID: "p", model: "m" }, weight: 2 }], staysLocal: false, continuesAfterFirstToken: false, retries: 1,
    hedgeAfterMilliseconds: null, limits: { connectMilliseconds: null, firstTokenMilliseconds: 500, gapMilliseconds: null, totalMilliseconds: null },
  });
  await bridge.revokeToken("t");
  await bridge.usage(Date.UTC(2026, 0, 1), Date.UTC(2026, 0, 3));
  assert.deepEqual(sent.map(({ method, path }) => `${method} ${path.split("?")[0] ?? ""}`), ["PATCH /api/v1/aliases/a", "POST /api/v1/tokens/t/revoke", "GET /api/v1/usage", "GET /api/v1/usage"]);
  const body = sent[0]?.body as { baseVersion: number; targets: unknown };
  assert.equal(body.baseVersion, 3);
  assert.deepEqual(body.targets, [{ providerID: "p", model: "m", weight: 2 }]);
  assert.equal(sent[2]?.path, "/api/v1/usage?from=2026-01-01&to=2026-01-02&by=day,model,token");
});

test("Sums are added up by day, model, tool and conversation", () => {
  const sum = { exchanges: 3, failures: 1, estimated: 0, unpriced: 2, tokens: { prompt: 10, completion: 5, cachedPrompt: 4, cacheWrite: 0, reasoning: 1 }, microDollars: 9 };
  const sums = [{ ...sum, day: "2026-01-01", tokenID: "t" }, { ...sum, day: "2026-01-02" }, { ...sum, day: "2026-01-02", tokenID: "t" }];
  assert.deepEqual(sumsBy("day", sums).map(({ key, requests }) => [key, requests]), [["2026-01-01", 3], ["2026-01-02", 6]]);
  assert.deepEqual(sumsBy("token", sums).map(({ key, microDollars }) => [key, microDollars]), [["t", 18], ["", 9]]);
  assert.deepEqual(sumsBy("model", [{ ...sum, model: { providerID: "p", model: "a/b" } }]), [{ key: "p/a/b", requests: 3, prompt: 10, completion: 5, cached: 4, reasoning: 1, microDollars: 9, estimated: 0, failures: 1, unpriced: 2 }]);
  assert.deepEqual(sumsBy("conversation", [sum]).map(({ key }) => key), [""]);
});

test("Kept answers are listed and forgotten one by one, by token, or all at once", async () => {
  const sent: string[] = [];
  const bridge = new Bridge(new Client((path, init) => {
    sent.push(`${init?.method ?? ""} ${String(path)}`);
    return Promise.resolve(init?.method === "GET" ? new Response("{\"items\":[{\"id\":\"e\"}]}") : new Response(null, { status: 204 }));
  }));
  assert.deepEqual((await bridge.semanticEntries()).map(({ id }) => id), ["e"]);
  await bridge.forgetSemantic("e");
  await bridge.emptySemantic("t");
  await bridge.emptySemantic();
  assert.deepEqual(sent, ["GET /api/v1/cache/semantic", "DELETE /api/v1/cache/semantic/e", "DELETE /api/v1/cache/semantic?token=t", "DELETE /api/v1/cache/semantic"]);
});
