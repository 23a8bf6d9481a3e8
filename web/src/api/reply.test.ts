import assert from "node:assert/strict";
import { test } from "node:test";
import type { Envelope, Message } from "../state/types";
import { beginReply, cursorOf, parseReplyEvent, reduceReply, type ReplyEvent, type ReplyState } from "./reply";

const message: Message = {
  id: "m", conversationID: "c", role: "assistant", content: "", state: "complete", createdAt: 1,
};
const envelope = (value: Message): Envelope<Message> => ({ id: "m", collection: "messages", version: 2, position: 9, changedAt: 2, value });

function play(events: ReplyEvent[], start: ReplyState = beginReply(message)): ReplyState {
  return events.reduce((state, event) => reduceReply(state, event).state, start);
}

test("Text and reasoning grow side by side, counted in bytes", () => {
  const state = play([
    { type: "reasoning", text: "hm\u2026", at: 0 },
    { type: "text", text: "Gr\u00fc", at: 0 },
    { type: "text", text: "\u00dfe \u{1f352}", at: 4 },
  ]);
  assert.equal(state.content, "Gr\u00fc\u00dfe \u{1f352}");
  assert.equal(state.reasoning, "hm\u2026");
  assert.equal(cursorOf(state), "12.5");
});

test("What arrives twice or overlaps is taken once", () => {
  const text = "a\u00e9\u{1f352}z and more";
  const whole = play([{ type: "text", text, at: 0 }]);
  const cuts = [0, 1, 3, 7, 8];
  for (const from of cuts) {
    for (const to of cuts.filter((each) => each >= from)) {
      const bytes = new TextEncoder().encode(text);
      const decode = (start: number, end?: number) => new TextDecoder().decode(bytes.slice(start, end));
      const state = play([
        { type: "text", text: decode(0, to), at: 0 },
        { type: "text", text: decode(from), at: from },
        { type: "text", text: decode(0, from), at: 0 },
      ]);
      assert.equal(state.content, whole.content);
      assert.equal(cursorOf(state), cursorOf(whole));
    }
  }
});

test("Missing bytes are noticed and change nothing", () => {
  const begun = play([{ type: "text", text: "one", at: 0 }]);
  const { state, gap } = reduceReply(begun, { type: "text", text: "three", at: 7 });
  assert.ok(gap);
  assert.equal(state, begun);
  assert.equal(cursorOf(state), "3.0");
});

test("A reply is taken up after what is already known", () => {
  const state = play([{ type: "text", text: "lo", at: 3 }], beginReply({ content: "hel", reasoning: "x" }));
  assert.equal(state.content, "hello");
  assert.equal(cursorOf(state), "5.1");
});

test("The end brings the finished message, and nothing follows it", () => {
  const end = envelope({ ...message, content: "whole", reasoning: "why", state: "stopped" });
  const state = play([
    { type: "text", text: "wh", at: 0 },
    { type: "notice", notice: { code: "tinyModel" } },
    { type: "end", message: end },
    { type: "text", text: "!", at: 5 },
  ]);
  assert.equal(state.content, "whole");
  assert.equal(state.reasoning, "why");
  assert.equal(state.end, end);
  assert.deepEqual(state.notices, [{ code: "tinyModel" }]);
});

test("A repeated notice is kept once; an event without news keeps the state", () => {
  const state = play([{ type: "notice", notice: { code: "tinyModel" } }, { type: "text", text: "a", at: 0 }]);
  assert.equal(reduceReply(state, { type: "notice", notice: { code: "tinyModel" } }).state, state);
  assert.equal(reduceReply(state, { type: "text", text: "a", at: 0 }).state, state);
});

test("Only known and whole events are read", () => {
  assert.deepEqual(parseReplyEvent("text", '{"text":"a","at":0}'), { type: "text", text: "a", at: 0 });
  assert.deepEqual(parseReplyEvent("notice", '{"code":"contextTrimmed","omittedMessages":4}'),
    { type: "notice", notice: { code: "contextTrimmed", omittedMessages: 4 } });
  assert.deepEqual(parseReplyEvent("notice", '{"code":"toolsMissing","servers":["Files"]}'), { type: "notice", notice: { code: "toolsMissing", servers: ["Files"] } });
  for (const [type, data] of [["text", '{"text":"a"'], ["text", '{"text":1,"at":0}'], ["notice", '{"code":"new"}'], ["other", "{}"], ["end", "{}"]] as const) {
    assert.equal(parseReplyEvent(type, data), null);
  }
});

test("Calls of tools are as the last event says, and the end says how they ended", () => {
  const use = { id: "u", tool: "read_file", server: "Files", arguments: "{}", state: "asked", textOffset: 0 };
  const asked = parseReplyEvent("tools", JSON.stringify({ items: [use] }));
  const done = parseReplyEvent("tools", JSON.stringify({ items: [{ ...use, state: "done", result: "x" }] }));
  assert.ok(asked !== null && done !== null);
  const state = reduceReply(reduceReply(beginReply({ content: "" }), asked).state, done).state;
  assert.deepEqual(state.uses.map(({ id, state: each }) => [id, each]), [["u", "done"]]);
  assert.equal(parseReplyEvent("tools", "{}"), null);
});
