import assert from "node:assert/strict";
import { test } from "node:test";
import type { Conversation, Envelope, Message, Persona } from "../types";
import { isSame, mergeConversation, mergePersona, mergePreference } from "./conflicts";
import { add, bridgeOver, type Entry, nextReady, nextReadyExcept, type Operation, parentOfNext, resolveReply, retargetPersona } from "./outbox";
import { overlayConversation, overlayMessages, overlayPersona, overlayPreference } from "./overlay";

const conversation: Conversation = {
  id: "c", title: "Plans", titleSource: "user", otherTitles: [], isPinned: false, createdAt: 1, updatedAt: 1,
};
const persona: Persona = { id: "p", name: "Ada", hue: "moss", instructions: "Be kind.", isBuiltIn: true, createdAt: 1, updatedAt: 1 };

function queue(...operations: Operation[]): Entry[] {
  return operations.map((operation, index) => ({ n: index + 1, operation, createdAt: 100 + index, state: "waiting", error: null }));
}

const parked = (entries: Entry[], n: number): Entry[] => entries.map((entry) => (entry.n === n ? { ...entry, state: "parked" } : entry));

const create: Operation = { kind: "createConversation", id: "c" };
const send = (messageID: string, parent: { id: string | null } | { replyTo: string }, conversationID = "c"): Operation =>
  ({ kind: "sendMessage", conversationID, messageID, parent, content: `text of ${messageID}` });
const rename = (title: string, base = "Plans"): Extract<Operation, { kind: "changeConversation" }> =>
  ({ kind: "changeConversation", id: "c", base: { title: base }, change: { title } });
const edit = (change: Extract<Operation, { kind: "changePersona" }>["change"], base = persona): Extract<Operation, { kind: "changePersona" }> =>
  ({ kind: "changePersona", id: "p", base, change });

test("Writes go out in order", () => {
  const entries = queue(create, send("m1", { id: null }), rename("Trip"));
  assert.equal(nextReady(entries)?.n, 1);
  assert.equal(nextReady(entries.slice(1))?.n, 2);
  assert.equal(nextReady([]), null);
});

test("What refers to a refused write waits with it; what does not goes on", () => {
  const entries = parked(queue(create, send("m1", { id: null }), send("x1", { id: null }, "other"), rename("Trip")), 1);
  assert.equal(nextReady(entries)?.n, 3);
  assert.equal(nextReady(entries.filter((entry) => entry.n !== 3)), null);
});

test("A refused rename does not hold back messages", () => {
  assert.equal(nextReady(parked(queue(rename("Trip"), send("m1", { id: "r0" })), 1))?.n, 2);
});

test("A message after a refused message waits with it", () => {
  const entries = parked(queue(send("m1", { id: null }), send("m2", { replyTo: "m1" }), send("m3", { id: "elsewhere" })), 1);
  assert.equal(nextReady(entries)?.n, 3);
});

test("A conversation with a persona that is unsent waits for it", () => {
  const entries = queue({ kind: "createPersona", value: persona }, { kind: "createConversation", id: "c", personaID: "p" });
  assert.equal(nextReady(parked(entries, 1)), null);
});

test("A lane that is held lets the others pass and keeps its own order", () => {
  const entries = queue(send("m2", { id: "r1" }), rename("Trip"), send("x1", { id: null }, "other"));
  assert.equal(nextReadyExcept(entries, new Set([1]))?.n, 3);
});

test("A newer value of a setting replaces one that waits, based on what that was based on", () => {
  const first: Operation = { kind: "setPreference", key: "appearance.scheme", base: "system", value: "dark" };
  const { entries, removed } = add(queue(first), { n: 2, operation: { ...first, base: "dark", value: "light" }, createdAt: 5, state: "waiting", error: null });
  assert.deepEqual(removed, [1]);
  assert.deepEqual(entries.map((entry) => entry.operation), [{ ...first, value: "light" }]);
});

test("A setting that is being sent is not replaced", () => {
  const first: Operation = { kind: "setPreference", key: "appearance.scheme", base: "system", value: "dark" };
  const second: Operation = { ...first, base: "dark", value: "light" };
  const { entries, removed } = add(queue(first), { n: 2, operation: second, createdAt: 5, state: "waiting", error: null }, 1);
  assert.deepEqual(removed, []);
  assert.deepEqual(entries.map((entry) => entry.operation), [first, second]);
});

test("What followed a message that was given up follows what that followed", () => {
  const entries = queue(send("m2", { replyTo: "m1" }), send("m3", { replyTo: "m2" }));
  assert.deepEqual(bridgeOver(entries, send("m1", { id: "r0" })).map((entry) => entry.operation), [send("m2", { id: "r0" })]);
  assert.deepEqual(bridgeOver(entries, create), []);
});

test("Once a message is sent, what follows its reply knows the reply", () => {
  const entries = queue(send("m2", { replyTo: "m1" }), send("m3", { replyTo: "m2" }), send("x", { id: "m1" }, "other"));
  assert.deepEqual(resolveReply(entries, "m1", "r1").map((entry) => entry.operation), [send("m2", { id: "r1" })]);
});

test("The next message follows the last unsent one, or the branch that was chosen since", () => {
  assert.deepEqual(parentOfNext([], "c", "leaf"), { id: "leaf" });
  assert.deepEqual(parentOfNext(queue(send("m1", { id: "leaf" }), send("x", { id: null }, "other")), "c", "leaf"), { replyTo: "m1" });
  const switched: Operation = { kind: "changeConversation", id: "c", base: { title: "Plans" }, change: { activeLeaf: "l2" } };
  assert.deepEqual(parentOfNext(queue(send("m1", { id: "leaf" }), switched), "c", "leaf"), { id: "l2" });
});

test("A title that only this device changed is set; one that the model made gives way", () => {
  assert.deepEqual(mergeConversation(rename("Trip"), conversation), { patch: { title: "Trip" }, keptTitle: null });
  const titled = { ...conversation, title: "By the model", titleSource: "model" as const };
  assert.deepEqual(mergeConversation(rename("Trip"), titled), { patch: { title: "Trip" }, keptTitle: null });
});

test("Of two titles by the user both are kept", () => {
  const theirs = { ...conversation, title: "Journey", otherTitles: ["Old"] };
  assert.deepEqual(mergeConversation(rename("Trip"), theirs), { patch: { otherTitles: ["Old", "Trip"] }, keptTitle: "Trip" });
  assert.deepEqual(mergeConversation(rename("Trip"), { ...theirs, otherTitles: ["Trip"] }), { patch: {}, keptTitle: null });
  assert.deepEqual(mergeConversation(rename("Journey"), theirs), { patch: {}, keptTitle: null });
});

test("Two renames in a row while another device renames lose none of the three", () => {
  let current = { ...conversation, title: "Journey" };
  for (const operation of [rename("Trip"), rename("Voyage", "Trip")]) {
    current = { ...current, ...mergeConversation(operation, current).patch };
  }
  assert.deepEqual([current.title, ...current.otherTitles], ["Journey", "Trip", "Voyage"]);
});

test("Other fields of a conversation take the last write; what is already so is not sent", () => {
  const operation: Extract<Operation, { kind: "changeConversation" }> = {
    kind: "changeConversation", id: "c", base: { title: "Plans" }, change: { isPinned: true, personaID: null, model: null, activeLeaf: "l" },
  };
  assert.deepEqual(mergeConversation(operation, { ...conversation, personaID: "p", activeLeaf: "l" }).patch, { isPinned: true, personaID: null });
  const drop: typeof operation = { ...operation, change: { title: "B", dropTitle: "B" } };
  assert.deepEqual(mergeConversation(drop, { ...conversation, otherTitles: ["A", "B"] }).patch, { title: "B", otherTitles: ["A"] });
});

test("Changes of different fields of a persona meet in one record", () => {
  const theirs = { ...persona, instructions: "Be brief." };
  assert.deepEqual(mergePersona(edit({ hue: "rose", temperature: null }), theirs, "copy", 9), { patch: { hue: "rose" } });
  assert.deepEqual(mergePersona(edit({ instructions: "Be brief." }), theirs, "copy", 9), { patch: {} });
});

test("Two different changes of one field keep both personas", () => {
  const theirs = { ...persona, instructions: "Be brief." };
  assert.deepEqual(mergePersona(edit({ instructions: "Be long.", hue: "rose" }), theirs, "copy", 9), {
    copy: { ...persona, id: "copy", name: "Ada (copy from this device)", instructions: "Be long.", hue: "rose", isBuiltIn: false, createdAt: 9, updatedAt: 9 },
  });
  const later = retargetPersona(queue(edit({ name: "x" }), edit({ name: "y" })), 1, "p", "copy");
  assert.deepEqual(later.map((entry) => [entry.n, entry.operation.kind === "changePersona" && entry.operation.id]), [[2, "copy"]]);
});

test("A setting that another device changed meanwhile stays theirs", () => {
  const operation = { kind: "setPreference", key: "k", base: { a: 1, b: 2 }, value: "mine" } as const;
  assert.equal(mergePreference(operation, { b: 2, a: 1 }), "write");
  assert.equal(mergePreference(operation, "theirs"), "lost");
  assert.equal(mergePreference(operation, "mine"), "done");
});

test("JSON values are compared by content", () => {
  assert.ok(isSame({ a: [1, { b: null }], c: undefined }, { a: [1, {}] }));
  assert.ok(isSame(undefined, null));
  for (const [a, b] of [[[1], { 0: 1 }], [1, "1"], [[1, 2], [2, 1]], [{ a: 1 }, null], [0, null], ["", null]] as const) {
    assert.ok(!isSame(a, b));
  }
});

test("Unsent writes show in a conversation at once", () => {
  const entries = queue(create, send("m1", { id: null }), rename("Trip", "New conversation"),
    { kind: "changeConversation", id: "c", base: { title: "Trip" }, change: { isPinned: true, personaID: "p" } });
  const seen = overlayConversation("c", null, entries);
  assert.deepEqual([seen?.title, seen?.titleSource, seen?.isPinned, seen?.personaID, seen?.activeLeaf, seen?.updatedAt], ["Trip", "user", true, "p", "m1", 101]);
  assert.equal(overlayConversation("c", conversation, [...queue({ kind: "deleteConversation", id: "c" })])?.deletedAt, 100);
  assert.equal(overlayConversation("c", { ...conversation, deletedAt: 5 }, queue({ kind: "restoreConversation", id: "c" }))?.deletedAt, undefined);
  assert.equal(overlayConversation("c", null, queue(rename("Trip"))), null);
  assert.equal(overlayConversation("c", conversation, queue(create)), conversation);
});

test("Unsent writes show in personas and settings", () => {
  assert.equal(overlayPersona("p", persona, queue(edit({ temperature: 1 })))?.temperature, 1);
  assert.equal(overlayPersona("p", { ...persona, temperature: 1 }, queue(edit({ temperature: null })))?.temperature, undefined);
  assert.equal(overlayPersona("p", persona, queue({ kind: "deletePersona", id: "p" })), null);
  const entries = queue({ kind: "setPreference", key: "k", base: 1, value: 2 });
  assert.equal(overlayPreference("k", 1, entries), 2);
  assert.equal(overlayPreference("k", 1, parked(entries, 1)), 1);
});

function window(...ids: string[]): Envelope<Message>[] {
  return ids.map((id, index) => {
    const value: Message = { id, conversationID: "c", role: "user", content: id, state: "complete", createdAt: index, ...(index > 0 ? { parentID: ids[index - 1] ?? "" } : {}) };
    return { id, collection: "messages", version: 1, position: 1, changedAt: 1, value };
  });
}

test("Unsent messages follow the window, or begin a branch where they were written", () => {
  const ids = (entries: Entry[], ...present: string[]) => {
    const { kept, pending } = overlayMessages(window(...present), "c", entries);
    return [...present.slice(0, kept), ...pending.map((each) => each.message.id)];
  };
  assert.deepEqual(ids(queue(send("m1", { id: null }), send("m2", { replyTo: "m1" }))), ["m1", "m2"]);
  assert.deepEqual(ids(queue(send("m2", { id: "r1" }), send("m3", { replyTo: "m2" })), "m1", "r1"), ["m1", "r1", "m2", "m3"]);
  assert.deepEqual(ids(queue(send("m1b", { id: null })), "m1", "r1"), ["m1b"]);
  assert.deepEqual(ids(queue(send("m2b", { id: "r1" })), "m1", "r1", "m2", "r2"), ["m1", "r1", "m2b"]);
  assert.deepEqual(ids(queue(send("m1", { id: null })), "m1", "r1"), ["m1", "r1"], "a message that has arrived is not shown twice");
  assert.deepEqual(ids(queue(send("m2", { replyTo: "m1" })), "m1", "r1"), ["m1", "r1", "m2"], "its reply has arrived");
  assert.deepEqual(ids(queue(send("m9", { id: "unknown" })), "m1"), ["m1", "m9"]);
});
