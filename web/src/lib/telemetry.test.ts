import assert from "node:assert/strict";
import { test } from "node:test";
import type { TelemetryDestination } from "../api/telemetry";
import { changesOf, defaultOf, droppedOf, helpOf, isComplete, isRare, labelOf, placeOf, problemOf, sayTest, typedTarget } from "./telemetry";

const field = (name: string, more: Partial<TelemetryDestination["fields"][number]> = {}) => ({ name, form: "word" as const, required: false, secret: false, help: "Something (a word).", ...more });
const loki: TelemetryDestination = {
  kind: "loki", title: "Loki", takes: "the log", isSet: true, values: { url: "https://loki.example.com", tenant: "home" }, secrets: ["token"],
  fields: [field("url", { form: "address", required: true }), field("tenant"), field("token", { secret: true }), field("private", { form: "flag", help: "Whether (no)." })],
};

test("Only what differs is told, and a secret that was left empty stays", () => {
  const typed = typedTarget(loki);
  assert.deepEqual(changesOf(loki, typed), {});
  typed.values["tenant"] = "  ";
  typed.values["url"] = " https://other.example.com ";
  assert.deepEqual(changesOf(loki, typed), { url: "https://other.example.com", tenant: null });
  typed.values["token"] = "new";
  assert.equal(changesOf(loki, typed)["token"], "new");
});

test("A secret goes only when it is said so, and a new one goes before that", () => {
  assert.deepEqual(changesOf(loki, { values: { ...loki.values }, forgotten: ["token"] }), { token: null });
  assert.deepEqual(changesOf(loki, { values: { ...loki.values, token: "new" }, forgotten: ["token"] }), { token: "new" });
});

test("What is needed has to be there; a secret that is stored is", () => {
  assert.ok(isComplete(loki, typedTarget(loki)));
  assert.ok(!isComplete(loki, { values: {}, forgotten: [] }));
  const sentry = { ...loki, fields: [field("dsn", { required: true, secret: true })], secrets: [] as string[], values: {} };
  assert.ok(!isComplete(sentry, typedTarget(sentry)));
  assert.ok(isComplete({ ...sentry, secrets: ["dsn"] }, typedTarget(sentry)));
});

test("Defaults stand in the field and not in the help; a kind of field that is new is shown under its own name", () => {
  assert.equal(defaultOf(field("a")), "a word");
  assert.equal(helpOf(field("a")), "Something.");
  assert.equal(defaultOf(field("a", { choices: ["one", "two"] })), "one");
  assert.equal(defaultOf(field("a", { help: "No default." })), "");
  assert.equal(labelOf(field("brandNew")), "brandNew");
  assert.ok(isRare(field("tenant")) && !isRare(field("tenant", { required: true })) && !isRare(field("token")));
});

test("What is written wrongly is told at its field, with how to write it", () => {
  const url = field("url", { form: "address" });
  for (const sound of ["", "https://loki.example.com", " http://10.0.0.1:3100/loki ", "HTTPS://a"]) {
    assert.equal(problemOf("loki", url, sound), null, sound);
  }
  for (const wrong of ["loki.example.com", "ftp://loki.example.com", "https://", "https://user:word@loki.example.com", "https://a b"]) {
    assert.equal(problemOf("loki", url, wrong), "Write it like https://loki.example.com", wrong);
  }
  const dsn = field("dsn", { form: "address", secret: true });
  assert.equal(problemOf("sentry", dsn, "https://abc:def@sentry.example.com/path/7"), null);
  for (const wrong of ["https://sentry.example.com/7", "https://abc@sentry.example.com", "https://abc@sentry.example.com/", "abc@sentry.example.com/7"]) {
    assert.match(problemOf("sentry", dsn, wrong) ?? "", /https:\/\/key@sentry\.example\.com\/1$/, wrong);
  }
  const servers = field("servers", { form: "places" });
  assert.equal(problemOf("fluent", servers, "tls://a:24224  tcp://[::1]:24224"), null);
  assert.match(problemOf("fluent", servers, "tls://a:1,tls://b:2 c") ?? "", /^Write it like tls:/);
  const share = field("share", { form: "share" });
  assert.deepEqual(["0", "0.25", "1"].map((each) => problemOf("otlp", share, each)), [null, null, null]);
  assert.ok(["2", "-1", "a half"].every((each) => problemOf("otlp", share, each) !== null));
  assert.equal(problemOf("loki", field("tenant"), "my home"), "Letters, digits and signs without spaces.");
  assert.equal(problemOf("loki", field("private", { form: "flag" }), "yes"), null);
});

test("A DSN is a secret, so the place of a Sentry server is not said", () => {
  assert.equal(placeOf({ ...loki, values: {} }), null);
  assert.equal(placeOf({ ...loki, values: { servers: "tls://a:1 tls://b:2" } }), "tls://a:1 tls://b:2");
});

test("What came of a test is a sentence", () => {
  assert.equal(sayTest("Loki", { outcome: "sent" }), "Loki took the test event.");
  assert.equal(sayTest("Loki", { outcome: "notNow", message: "Nobody answers." }), "Loki could not take the test event now. Nobody answers.");
  assert.equal(sayTest("Loki", { outcome: "refused" }), "Loki refused the test event.");
  assert.match(sayTest("Loki", { outcome: "dropped", message: "Too large." }), /thrown away\. Too large\.$/);
});

test("What was dropped is summed up, the most frequent reason first", () => {
  const ledger = { produced: 9, sent: 0, queued: 0, quarantined: 0, balanced: true, dropped: { rate_limited: 2, http_503: 7, removed: 0 } };
  assert.deepEqual(droppedOf(ledger), { total: 9, reasons: "7 http 503, 2 too many at once" });
});
