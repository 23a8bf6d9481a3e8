import assert from "node:assert/strict";
import { test } from "node:test";
import { emptyLog, fitsLog, type LogLine, modulesOf, parseLogEntry, rememberLines } from "./logLines";

const event = (position: number, more: object = {}) => JSON.stringify({ position, line: { time: "2026-01-31T12:00:00.250001Z", level: "info", logger: "cherry", module: "CherryAPI", role: "all", message: "request", ...more } });

const parsed = (position: number, more: object = {}) => {
  const line = parseLogEntry(event(position, more));
  assert.ok(line !== null);
  return line;
};

test("An event is read with its fields in order", () => {
  assert.deepEqual(parsed(7, { http_status: 200, request_id: "r-1" }), {
    position: 7, time: Date.UTC(2026, 0, 31, 12, 0, 0, 250), level: "info", module: "CherryAPI", message: "request",
    fields: [["http_status", "200"], ["request_id", "r-1"]],
  });
});

test("What is no line is passed over", () => {
  for (const data of ["", "{", "null", "[]", "{}", '{"position":1}', event(1, { level: "loud" }), event(1, { time: "soon" }), event(1, { message: 5 }), '{"position":"1","line":{}}']) {
    assert.equal(parseLogEntry(data), null, data);
  }
});

test("Lines are kept in order, the newest of them, and a gap is counted", () => {
  const first = rememberLines(emptyLog, [parsed(5), parsed(6)], 3);
  assert.deepEqual(first.lines.map(({ missed }) => missed), [0, 0]);
  const second = rememberLines(first, [parsed(7), parsed(11)], 3);
  assert.deepEqual(second.lines.map(({ position, missed }) => [position, missed]), [[6, 0], [7, 0], [11, 3]]);
  assert.equal(second.last, 11);
});

test("After a restart of the server the lines before it stay, and no two have the same key", () => {
  const memory = rememberLines(rememberLines(emptyLog, [parsed(1), parsed(2)]), [parsed(1), parsed(2)]);
  assert.equal(memory.lines.length, 4);
  assert.equal(new Set(memory.lines.map(({ key }) => key)).size, 4);
  assert.equal(memory.last, 2);
  assert.equal(memory.lines[2]?.missed, 0);
});

test("Lines are found by level, module and every word", () => {
  const line: LogLine = { ...parsed(1, { level: "warning", http_status: 503 }), key: "1", missed: 0 };
  const fits = (filter: Partial<Parameters<typeof fitsLog>[0]>) => fitsLog({ level: "trace", module: "", text: "", ...filter })(line);
  assert.ok(fits({}));
  assert.ok(fits({ level: "warning" }));
  assert.ok(!fits({ level: "error" }));
  assert.ok(fits({ module: "CherryAPI" }));
  assert.ok(!fits({ module: "CherryBridge" }));
  assert.ok(fits({ text: " REQUEST  status=503 " }));
  assert.ok(!fits({ text: "request 404" }));
});

test("The modules that speak are listed once", () => {
  const { lines } = rememberLines(emptyLog, [parsed(1), parsed(2, { module: "CherryApp" }), parsed(3), parsed(4, { module: undefined })]);
  assert.deepEqual(modulesOf(lines), ["CherryAPI", "CherryApp"]);
});
