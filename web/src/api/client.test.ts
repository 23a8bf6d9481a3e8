import assert from "node:assert/strict";
import { test } from "node:test";
import { ApiError } from "./ApiError";
import { Client, errorOf } from "./client";
import { retryDelay } from "./events";

/** A client whose network is the given function; the requests it saw. */
function clientWith(answer: (url: string, init: RequestInit) => Promise<Response> | Response) {
  const seen: { url: string; init: RequestInit }[] = [];
  const client = new Client(async (url, init) => {
    seen.push({ url: String(url), init: init ?? {} });
    return answer(String(url), init ?? {});
  });
  return { client, seen };
}

const json = (status: number, body: unknown, headers: Record<string, string> = {}) =>
  new Response(JSON.stringify(body), { status, headers: { "Content-Type": "application/json", ...headers } });

async function failure(promise: Promise<unknown>): Promise<ApiError> {
  try {
    await promise;
  } catch (error) {
    assert.ok(error instanceof ApiError);
    return error;
  }
  return assert.fail("nothing was thrown");
}

test("Unsafe requests carry the header against forged ones, reads do not; nothing is cached or redirected", async () => {
  const { client, seen } = clientWith(() => json(200, { items: [], session: {}, sessions: [] }));
  await client.personas();
  await client.unlock({ authKey: "a", unsealKey: "b" });
  const headers = seen.map(({ init }) => new Headers(init.headers).get("X-Cherry"));
  assert.deepEqual(headers, [null, "1"]);
  assert.deepEqual(seen.map(({ init }) => [init.cache, init.redirect, init.credentials]), [["no-store", "error", "same-origin"], ["no-store", "error", "same-origin"]]);
  assert.equal(seen[1]?.init.body, '{"authKey":"a","unsealKey":"b"}');
});

test("The server's error arrives whole", async () => {
  const { client } = clientWith(() => json(429, { error: { code: "tooManyAttempts", message: "Wait.", hint: "A moment.", retryAfter: 30 } }));
  const error = await failure(client.unlock({ authKey: "a", unsealKey: "b" }));
  assert.deepEqual([error.code, error.status, error.message, error.hint, error.retryAfter], ["tooManyAttempts", 429, "Wait.", "A moment.", 30]);
  assert.ok(error.isTransient);
});

test("A conflict brings the record as the server has it", () => {
  const current = { id: "x", collection: "personas", version: 4, position: 1, changedAt: 1, value: {} };
  assert.deepEqual(errorOf(409, { error: { code: "conflict", message: "Changed." }, current }, null).current, current);
});

test("An error without a readable body still says something", () => {
  for (const body of [undefined, null, "oops", 3, {}, { error: 7 }, { error: { code: 1 } }]) {
    const error = errorOf(502, body, "12");
    assert.deepEqual([error.code, error.status, error.retryAfter], ["serverFailure", 502, 12]);
    assert.ok(error.message.length > 0);
  }
});

test("A closed session is reported once it is seen, a wrong passphrase is not taken for one", async () => {
  const closed: string[] = [];
  let body = { error: { code: "sealed", message: "Locked." } };
  let status = 423;
  const { client } = clientWith(() => json(status, body));
  client.onClosed = (error) => closed.push(error.code);
  await failure(client.personas());
  [status, body] = [401, { error: { code: "wrongPassphrase", message: "No." } }];
  await failure(client.unlock({ authKey: "a", unsealKey: "b" }));
  [status, body] = [401, { error: { code: "unauthenticated", message: "Who?" } }];
  await failure(client.personas());
  assert.deepEqual(closed, ["sealed", "unauthenticated"]);
});

test("No answer means offline, giving up means cancelled, and only the first counts as unreachable", async () => {
  const reachable: boolean[] = [];
  const { client } = clientWith((_url, init) => new Promise((_resolve, reject) => {
    init.signal?.addEventListener("abort", () => reject(new DOMException("aborted", "AbortError")));
    if (init.method === "GET") {
      reject(new TypeError("failed"));
    }
  }));
  client.onReachable = (is) => reachable.push(is);
  assert.equal((await failure(client.personas())).code, "offline");
  const abort = new AbortController();
  const search = client.search("word", 20, abort.signal);
  abort.abort();
  assert.equal((await failure(search)).code, "cancelled");
  assert.deepEqual(reachable, [false]);
});

test("A lock ends every request under way, and does not count as unreachable", async () => {
  const reachable: boolean[] = [];
  const { client } = clientWith((_url, init) => new Promise((_resolve, reject) => {
    init.signal?.addEventListener("abort", () => reject(new DOMException("aborted", "AbortError")));
  }));
  client.onReachable = (is) => reachable.push(is);
  const under = [client.personas(), client.vault()].map((request) => failure(request));
  client.cancelAll();
  assert.deepEqual((await Promise.all(under)).map(({ code, isTransient }) => [code, isTransient]), [["locked", false], ["locked", false]]);
  assert.deepEqual(reachable, []);
});

test("Erasing is told how it ended although it locks the page on its way", async () => {
  let answer: (response: Response) => void = () => undefined;
  const { client } = clientWith(() => new Promise((resolve) => { answer = resolve; }));
  const erased = client.erase({ authKey: "a", unsealKey: "b" });
  client.cancelAll();
  answer(new Response(null, { status: 204 }));
  await erased;
});

test("An answer that is no JSON is refused", async () => {
  const { client } = clientWith(() => new Response("<html>", { status: 200 }));
  assert.equal((await failure(client.status())).code, "malformedAnswer");
});

test("A file keeps the name that the server gave it, without folders", async () => {
  const { client } = clientWith(() => new Response("{}", { status: 200, headers: { "Content-Disposition": "attachment; filename=\"../a/cherry.json\"" } }));
  const file = await client.exportAll("json", { authKey: "a", unsealKey: "b" });
  assert.equal(file.name, "..-a-cherry.json");
  assert.equal(await file.data.text(), "{}");
});

test("Waiting before a new connection doubles and ends at fifteen seconds", () => {
  assert.deepEqual([0, 1, 2, 3, 4, 5, 6, 50].map((attempt) => retryDelay(attempt, 0.5)), [500, 1000, 2000, 4000, 8000, 15000, 15000, 15000]);
  assert.ok(retryDelay(3, 0) < retryDelay(3, 1));
});
