import assert from "node:assert/strict";
import { test } from "node:test";
import { ApiError } from "../../api/ApiError";
import { followFailures, noteFailure } from "./early";
import { limitOf, limitsAfter } from "./limits";
import { browserOf, elementOf, pageOf, routeOf } from "./places";
import { type Answer, type Doors, Reporter, type Waiting } from "./Reporter";
import { envelope, eventItem } from "./report";
import { parseStack } from "./stack";
import { beginVisit, endVisit, visitFailed } from "./visit";

const origin = "https://cherry.example:8000";
const file = "/assets/main-A1B2C3D4.js";
const setting = { origin, browser: { name: "Chromium", version: "120" } };

/** What must never leave, whatever it is put into. */
const secrets = [
  "My diagnosis is private", "sk-live-4f9a8c7b6d5e", "ann.smith@example.com", "tax-return-2025.pdf", "hunter2 correct horse", "/home/ann/letters",
];

test("Stacks of Chromium are read, the oldest call first, without what is not of the app", () => {
  const stack = `TypeError: ann.smith@example.com is not a function
    at Core.take (${origin}${file}:1:234)
    at async App.go [as run] (${origin}/assets/App-ZZZZ9999.js:2:5)
    at ${origin}${file}:3:6
    at new Foo (${origin}${file}:4:7)
    at chrome-extension://abc/x.js:1:1
    at https://elsewhere.example/assets/main-A1B2C3D4.js:1:1
    at Array.map (<anonymous>)
    at eval (eval at x (${origin}${file}:1:1), <anonymous>:1:1)
    at secret (${origin}/c/0190-private#note:1:1)`;
  assert.deepEqual(parseStack(stack, origin), [
    { filename: file, function: "Foo", lineno: 4, colno: 7 },
    { filename: file, lineno: 3, colno: 6 },
    { filename: "/assets/App-ZZZZ9999.js", function: "go", lineno: 2, colno: 5 },
    { filename: file, function: "take", lineno: 1, colno: 234 },
  ]);
});

test("Stacks of Firefox and Safari are read", () => {
  const stack = `take@${origin}${file}:1:234\nasync*run/<@${origin}${file}:2:5\n@${origin}${file}:3:6\nglobal code@${origin}${file}:4:7\n[native code]\n@resource://gre/x.js:1:1\n`;
  assert.deepEqual(parseStack(stack, origin).map(({ function: name, lineno }) => [name, lineno]), [["code", 4], [undefined, 3], [undefined, 2], ["take", 1]]);
});

test("A stack cut off anywhere gives no calls but those of the whole", () => {
  const stack = `Error\n    at one (${origin}${file}:11:22)\n    at two (${origin}${file}:33:44)`;
  const whole = JSON.stringify(parseStack(stack, origin));
  for (let length = 0; length <= stack.length; length += 1) {
    for (const frame of parseStack(stack.slice(0, length), origin)) {
      assert.equal(frame.filename, file);
      assert.ok(whole.includes(JSON.stringify(frame).split(",\"lineno\"")[0] ?? ""));
    }
  }
  assert.deepEqual(parseStack(undefined, origin), []);
  assert.deepEqual(parseStack(7, origin), []);
});

test("Pages and routes are told of by what they are, never by what is in them", () => {
  assert.equal(pageOf("/"), "/");
  assert.equal(pageOf("/c/0190a0b0-0000-7000-8000-000000000000"), "/c/{id}");
  assert.equal(pageOf("/settings/security"), "/settings");
  assert.equal(pageOf("/ann.smith@example.com"), "/other");
  assert.equal(routeOf("/api/v1/messages/0190a0b0-0000-7000-8000-000000000000?x=secret"), "/api/v1/messages/{id}");
  assert.equal(routeOf("/api/v1/preferences/lock.idleMinutes"), "/api/v1/preferences/{id}");
  assert.equal(routeOf("/livez"), null);
  assert.equal(routeOf("https://elsewhere.example/api/v1/x"), null);
});

test("An element is told of by its role and test id alone", () => {
  const element = (tagName: string, attributes: Record<string, string>) => ({
    closest: () => ({ tagName, getAttribute: (name: string) => attributes[name] ?? null, textContent: secrets[0] }) as unknown as Element,
  });
  assert.equal(elementOf(element("BUTTON", { "aria-label": "ann" })), "button");
  assert.equal(elementOf(element("DIV", { role: "tab", "data-testid": "send-now" })), "tab send-now");
  assert.equal(elementOf(element("INPUT", { type: "checkbox", value: "ann" })), "checkbox");
  assert.equal(elementOf(element("A", { href: "/ann", "data-testid": "Ann Smith" })), "link");
  assert.equal(elementOf(element("DIV", { role: "my secret" })), "other");
  assert.equal(elementOf(null), "other");
});

test("Browsers are told apart", () => {
  assert.deepEqual(browserOf("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36"), { name: "Chromium", version: "120" });
  assert.deepEqual(browserOf("Mozilla/5.0 (X11; Linux x86_64; rv:121.0) Gecko/20100101 Firefox/121.0"), { name: "Firefox", version: "121" });
  assert.deepEqual(browserOf("Mozilla/5.0 (Macintosh) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4.1 Safari/605.1.15"), { name: "Safari", version: "17" });
  assert.deepEqual(browserOf("ann"), { name: "Other" });
});

test("Nothing that a person wrote is in a report, whatever field an error has it in", () => {
  for (const secret of secrets) {
    const errors: unknown[] = [
      new Error(secret), Object.assign(new TypeError(secret), { name: secret, detail: secret, cause: secret }), secret, { message: secret }, [secret],
      new ApiError({ code: secret, message: secret, hint: secret }), new Error(`${secret}\n    at ${secret} (${origin}${file}:1:1)\n${secret}@${origin}${file}:1:2\n    at x (${origin}/${secret}:1:1)`),
      new DOMException(secret, secret), new AggregateError([new Error(secret)], secret), Symbol(secret), null, undefined,
    ];
    for (const error of errors) {
      for (const how of ["onerror", "onunhandledrejection", "boundary"] as const) {
        const page = pageOf(`/${secret}`);
        const crumbs = [
          { at: 0, kind: "navigation" as const, from: pageOf(`/c/${secret}`), to: page },
          { at: 0, kind: "request" as const, method: secret, route: routeOf(`/api/v1/${secret}/${secret}?q=${secret}`) ?? "", status: 200 },
        ];
        const { payload } = eventItem("a".repeat(32), { error, how, at: 0 }, page, crumbs, setting);
        const parts = secret.split(/[^A-Za-z0-9]+/).filter((part) => part.length > 5);
        for (const part of [secret, ...parts]) {
          assert.ok(!payload.includes(part), `${part} in ${payload}`);
        }
      }
    }
  }
});

test("An envelope counts bytes and keeps each header on one line", () => {
  assert.equal(
    envelope([{ type: "event", payload: "{\"a\":\"\u00e9\"}" }], 0),
    "{\"sent_at\":\"1970-01-01T00:00:00.000Z\"}\n{\"type\":\"event\",\"length\":10}\n{\"a\":\"\u00e9\"}\n",
  );
});

test("Limits follow the header, then Retry-After, then a minute, and the longest holds", () => {
  const limits = limitsAfter({}, 429, "60:transaction:key, 2.5:default;error:organization", "9", 1000);
  assert.equal(limitOf(limits, "error", 1000), 3500);
  assert.equal(limitOf(limits, "session", 1000), null);
  assert.equal(limitOf(limitsAfter(limits, 200, "1:error:key", null, 1000), "error", 1000), 3500);
  assert.equal(limitOf(limitsAfter({}, 200, "5::organization", null, 0), "session", 0), 5000);
  assert.equal(limitOf(limitsAfter({}, 429, null, "7", 0), "internal", 0), 7000);
  assert.equal(limitOf(limitsAfter({}, 429, null, null, 0), "error", 0), 60_000);
  assert.deepEqual(limitsAfter({}, 500, null, "7", 0), {});
  for (const garbage of ["", "x:error", "-1:error", "60", ":error:key", "1e3:error", "60:unknown:key"]) {
    assert.equal(limitOf(limitsAfter({}, 200, garbage, null, 0), "error", 0), null, garbage);
  }
});

test("A visit begins once, tells its first error, and ends once", () => {
  const [begun, first] = beginVisit("id", 0);
  assert.deepEqual(JSON.parse(first?.payload ?? ""), { sid: "id", init: true, seq: 0, started: "1970-01-01T00:00:00.000Z", timestamp: "1970-01-01T00:00:00.000Z", status: "ok", errors: 0 });
  const [failed, second] = visitFailed(begun, 1);
  assert.equal((JSON.parse(second?.payload ?? "") as { errors: number }).errors, 1);
  const [again, none] = visitFailed(failed, 2);
  assert.equal(none, null);
  const [over, last] = endVisit(again, "exited", 3);
  const end = JSON.parse(last?.payload ?? "") as { status: string; errors: number; init: boolean };
  assert.deepEqual([end.status, end.errors, end.init], ["exited", 2, false]);
  assert.equal(endVisit(over, "crashed", 4)[1], null);
  assert.equal(visitFailed(over, 4)[1], null);
});

test("Failures wait until somebody listens, a few of them", () => {
  for (let count = 0; count < 13; count += 1) {
    noteFailure(count, "onerror");
  }
  const seen: unknown[] = [];
  assert.equal(followFailures(({ error }) => seen.push(error)), 3);
  assert.equal(seen.length, 10);
  noteFailure("later", "boundary");
  assert.equal(seen.at(-1), "later");
  followFailures(null);
});

/** Doors whose server answers as it is told. */
function scripted(answers: (Answer | null)[] = []): Doors & { sent: string[]; kept: Waiting | null; time: number } {
  let ids = 0;
  const doors = {
    sent: [] as string[], kept: null as Waiting | null, time: 0,
    send: (body: string) => {
      doors.sent.push(body);
      const answer = answers.length > 0 ? answers.shift() : ok;
      return answer === null || answer === undefined ? Promise.reject(new Error("offline")) : Promise.resolve(answer);
    },
    keep: (waiting: Waiting) => {
      doors.kept = structuredClone(waiting);
      return Promise.resolve();
    },
    now: () => doors.time,
    makeID: () => {
      ids += 1;
      return `00000000-0000-4000-8000-${String(ids).padStart(12, "0")}`;
    },
  };
  return doors;
}

const ok: Answer = { status: 200, rateLimits: null, retryAfter: null };
const typesOf = (body: string): string[] => [...body.matchAll(/^\{"type":"(\w+)"/gm)].map((match) => match[1] ?? "");
const failure = { error: new TypeError("x"), how: "onerror" as const, at: 0 };

test("A failure is sent at once, each kind of report in an envelope of its own", async () => {
  const doors = scripted();
  const reporter = new Reporter(doors, setting, "/", null);
  reporter.failed(failure);
  await reporter.flush();
  assert.deepEqual(doors.sent.map(typesOf), [["session", "session"], ["event"]]);
  assert.deepEqual(doors.kept, { items: [], losses: {} });
  await reporter.end();
  assert.deepEqual(doors.sent.map(typesOf).at(-1), ["session"]);
});

test("Without a server everything is kept, in bounds, and what does not fit is counted", async () => {
  const doors = scripted(Array.from({ length: 200 }, () => null));
  const reporter = new Reporter(doors, setting, "/", null);
  for (let count = 0; count < 40; count += 1) {
    reporter.failed(failure);
    await reporter.flush();
  }
  const kept = doors.kept as Waiting | null;
  assert.equal(kept?.items.length, 30);
  assert.deepEqual(kept?.losses, { "cache_overflow/session": 2, "cache_overflow/error": 10 });
  const later = scripted();
  const next = new Reporter(later, setting, "/", kept);
  await next.flush();
  assert.equal(later.sent.flatMap(typesOf).filter((type) => type === "event").length, 29);
  const report = later.sent.at(-1) ?? "";
  assert.deepEqual(typesOf(report), ["client_report"]);
  assert.ok(report.includes("{\"reason\":\"cache_overflow\",\"category\":\"error\",\"quantity\":11}"), report);
});

test("A refusal is dropped and reported, one of 429 dropped alone", async () => {
  const doors = scripted([ok, { ...ok, status: 500 }]);
  const reporter = new Reporter(doors, setting, "/", null);
  reporter.failed(failure);
  await reporter.flush();
  assert.deepEqual(doors.sent.map(typesOf), [["session", "session"], ["event"], ["client_report"]]);
  assert.ok(doors.sent.at(-1)?.includes("{\"reason\":\"send_error\",\"category\":\"error\",\"quantity\":1}"));
  const limited = scripted([ok, { ...ok, status: 429, retryAfter: "10" }]);
  const other = new Reporter(limited, setting, "/", null);
  other.failed(failure);
  await other.flush();
  other.failed(failure);
  await other.flush();
  assert.equal(limited.sent.length, 2);
  limited.time = 10_001;
  await other.flush();
  assert.deepEqual(limited.sent.map(typesOf).at(-1), ["event"]);
  assert.deepEqual((limited.kept as Waiting | null)?.losses, {});
});

test("A flood of failures is cut, and what is cut is counted", async () => {
  const doors = scripted();
  const reporter = new Reporter(doors, setting, "/", null);
  for (let count = 0; count < 60; count += 1) {
    reporter.failed(failure);
    await reporter.flush();
  }
  assert.equal(doors.sent.flatMap(typesOf).filter((type) => type === "event").length, 50);
  assert.equal(doors.sent.filter((body) => body.includes("{\"reason\":\"backpressure\",\"category\":\"error\",\"quantity\":1}")).length, 10);
});
