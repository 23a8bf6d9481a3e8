import { createDataKey, deriveKeys, makeKDF, openDataKey } from "../../lib/crypto";
import { Replica } from "../../lib/replica";
import { SealedStorage } from "../../lib/SealedStorage";
import { check, run, same, test } from "../../tests/harness";
import { Core } from "../core";
import type { Conversation, Envelope, Message, Persona } from "../types";
import { Sync } from "./Sync";

const { localKEK } = await deriveKeys("a passphrase for tests", makeKDF());
const keys = await openDataKey(await createDataKey(localKEK), localKEK);

type Answer = { status: number; body?: unknown };
type Route = (method: string, path: string, body: Record<string, unknown>) => Answer | "away";

/** The server of one test: every request of the app goes to it. */
let route: Route = () => "away";
let requests: string[] = [];
const realFetch = window.fetch.bind(window);
window.fetch = async (input, init) => {
  const path = String(input);
  if (!path.startsWith("/api/")) {
    return realFetch(input, init);
  }
  const method = init?.method ?? "GET";
  requests.push(`${method} ${path}`);
  const answer = route(method, path, JSON.parse(String(init?.body ?? "{}")) as Record<string, unknown>);
  if (answer === "away") {
    throw new TypeError("failed");
  }
  return new Response(answer.body === undefined ? null : JSON.stringify(answer.body), { status: answer.status });
};

let position = 0;
function envelope<T extends { id: string }>(collection: Envelope<T>["collection"], value: T, version: number): Envelope<T> {
  position += 1;
  return { id: value.id, collection, version, position, changedAt: 1, value };
}
const conversation = (fields: Partial<Conversation> = {}): Conversation => ({
  id: "c", title: "Plans", titleSource: "user", otherTitles: [], isPinned: false, createdAt: 1, updatedAt: 1, ...fields,
});
const persona: Persona = { id: "p", name: "Ada", hue: "moss", instructions: "Be kind.", isBuiltIn: false, createdAt: 1, updatedAt: 1 };
const message = (id: string, parentID: string | undefined, role: Message["role"], state: Message["state"] = "complete"): Message => ({
  id, conversationID: "c", role, content: id, state, createdAt: 1, ...(parentID === undefined ? {} : { parentID }),
});
const refuse = (status: number, code: string, current?: unknown): Answer => ({ status, body: { error: { code, message: `It is ${code}.` }, current } });

interface Tab {
  core: Core;
  sync: Sync;
}

async function openTab(name: string): Promise<Tab> {
  const core = new Core();
  core.replica = await Replica.open(keys, name);
  core.storage = await SealedStorage.open(keys);
  core.entries = (await core.replica.readQueue<Core["entries"][number]>()).entries.map(({ value }) => value);
  core.publish();
  return { core, sync: new Sync(core) };
}

function closeTab({ core, sync }: Tab): void {
  sync.stop();
  core.replica?.close();
}

let names = 0;
async function withTab(body: (tab: Tab, name: string) => Promise<void>): Promise<void> {
  names += 1;
  const name = `sender-${names}`;
  requests = [];
  route = () => "away";
  localStorage.clear();
  const tab = await openTab(name);
  try {
    await body(tab, name);
  } finally {
    closeTab(tab);
    await Replica.destroy(name);
  }
}

const sentWrites = () => requests.filter((each) => !each.startsWith("GET"));

test("What is written while the server is away waits on disk and is sent in order when it is back", () => withTab(async (tab, name) => {
  await tab.sync.enqueue({ kind: "createConversation", id: "c" });
  await tab.sync.enqueue({ kind: "sendMessage", conversationID: "c", messageID: "m1", parent: { id: null }, content: "one" });
  await tab.sync.enqueue({ kind: "sendMessage", conversationID: "c", messageID: "m2", parent: { replyTo: "m1" }, content: "two" });
  await tab.sync.flush();
  same([tab.core.app.get().connection, tab.core.app.get().sync.waiting], ["offline", 3]);
  closeTab(tab);

  const parents: unknown[] = [];
  route = (method, path, body) => {
    if (path.endsWith("/turns")) {
      parents.push(body["parentID"]);
      const id = String(body["messageID"]);
      return { status: 202, body: {
        user: envelope("messages", message(id, undefined, "user"), 1),
        reply: envelope("messages", message(`r-${id}`, id, "assistant"), 1),
        conversation: envelope("conversations", conversation({ activeLeaf: `r-${id}` }), parents.length + 1),
      } };
    }
    return method === "POST" ? { status: 201, body: envelope("conversations", conversation(), 1) } : "away";
  };
  requests = [];
  const later = await openTab(name);
  same(later.core.conversations.get().items.map(({ id, isWaiting }) => [id, isWaiting]), [["c", true]]);
  await later.sync.flush();
  same(sentWrites(), ["POST /api/v1/conversations", "POST /api/v1/conversations/c/turns", "POST /api/v1/conversations/c/turns"]);
  same(parents, [null, "r-m1"], "the second message follows the reply to the first");
  same((await later.core.replica?.readQueue())?.entries, []);
  closeTab(later);
}));

test("A message after a reply that is still arriving waits for its end", () => withTab(async ({ core, sync }) => {
  core.followed.add("r1");
  route = (_method, path) => (path.endsWith("/turns") ? { status: 202, body: {
    reply: envelope("messages", message("r2", "m2", "assistant"), 1), conversation: envelope("conversations", conversation(), 1),
  } } : "away");
  await sync.enqueue({ kind: "sendMessage", conversationID: "c", messageID: "m2", parent: { id: "r1" }, content: "two" });
  await sync.flush();
  same(sentWrites(), []);
  core.followed.delete("r1");
  await sync.flush();
  same(sentWrites().length, 1);
}));

test("What the server refuses is set aside with the reason, and the rest goes on", () => withTab(async ({ core, sync }) => {
  route = (method, path) => path.includes("/personas") ? refuse(422, "invalid")
    : method === "PUT" ? { status: 200, body: envelope("preferences", { id: "k", key: "lock.idleMinutes", value: 5, updatedAt: 1 }, 1) } : "away";
  await sync.enqueue({ kind: "createPersona", value: persona });
  await sync.enqueue({ kind: "setPreference", key: "lock.idleMinutes", base: null, value: 5 });
  await sync.flush();
  same(core.outbox.get().map(({ kind, state, error, text }) => [kind, state, error?.code, text]), [["createPersona", "parked", "invalid", "Ada"]]);
  same(core.preferences.get()["lock.idleMinutes"], 5);
  same(core.personas.get().map(({ name }) => name), ["Ada"], "what was written stays on show");
}));

test("A write over which the server itself fails does not hold back the others for ever", () => withTab(async ({ core, sync }) => {
  route = (_method, path) => path.includes("/personas") ? refuse(500, "serverFailure")
    : { status: 200, body: envelope("preferences", { id: "k", key: "lock.idleMinutes", value: 5, updatedAt: 1 }, 1) };
  await sync.enqueue({ kind: "createPersona", value: persona });
  await sync.enqueue({ kind: "setPreference", key: "lock.idleMinutes", base: null, value: 5 });
  for (let attempt = 0; attempt < 5; attempt += 1) {
    await sync.flush();
  }
  same(core.outbox.get().map(({ kind, state }) => [kind, state]), [["createPersona", "parked"]]);
}));

test("Two titles for one conversation are both kept, and the user is told", () => withTab(async ({ core, sync }) => {
  await sync.take([envelope("conversations", conversation(), 1)]);
  const theirs = envelope("conversations", conversation({ title: "Journey" }), 2);
  const bodies: Record<string, unknown>[] = [];
  route = (method, _path, body) => {
    if (method !== "PATCH") {
      return "away";
    }
    bodies.push(body);
    return body["baseVersion"] === 1 ? refuse(409, "conflict", theirs)
      : { status: 200, body: envelope("conversations", conversation({ title: "Journey", otherTitles: ["Trip"] }), 3) };
  };
  await sync.enqueue({ kind: "changeConversation", id: "c", base: { title: "Plans" }, change: { title: "Trip" } });
  await sync.flush();
  same(bodies, [{ baseVersion: 1, title: "Trip" }, { baseVersion: 2, otherTitles: ["Trip"] }]);
  same(core.notices.get().map((notice) => notice.kind === "titleKept" && [notice.mine, notice.theirs]), [["Trip", "Journey"]]);
  const item = core.conversations.get().items[0];
  same([item?.title, item?.otherTitles, core.entries.length], ["Journey", ["Trip"], 0]);
}));

test("Two changes of one persona become two personas", () => withTab(async ({ core, sync }) => {
  await sync.take([envelope("personas", persona, 1)]);
  const theirs = envelope("personas", { ...persona, instructions: "Be brief." }, 2);
  route = (method, _path, body) => method === "PATCH" ? refuse(409, "conflict", theirs)
    : method === "POST" ? { status: 201, body: envelope("personas", { ...persona, ...body } as Persona, 1) } : "away";
  await sync.enqueue({ kind: "changePersona", id: "p", base: persona, change: { instructions: "Be long." } });
  await sync.flush();
  same(core.personas.get().map(({ name, instructions }) => [name, instructions]).sort(), [["Ada (copy from this device)", "Be long."], ["Ada", "Be brief."]]);
  same(core.notices.get().map(({ kind }) => kind), ["personaCopied"]);
}));

test("A setting that another device changed stays theirs; mine is kept in a notice that survives a lock", () => withTab(async ({ core, sync }) => {
  const theirs = envelope("preferences", { id: "k", key: "appearance.scheme", value: "dark", updatedAt: 1 }, 2);
  route = (method) => (method === "PUT" ? refuse(409, "conflict", theirs) : "away");
  await sync.enqueue({ kind: "setPreference", key: "appearance.scheme", base: null, value: "light" });
  await sync.flush();
  same(core.preferences.get()["appearance.scheme"], "dark");
  same(core.notices.get().map((notice) => notice.kind === "preferenceConflict" && [notice.key, notice.mine, notice.theirs]), [["appearance.scheme", "light", "dark"]]);
  await core.storage?.close();
  const again = await SealedStorage.open(keys);
  same((again.get("notices") as unknown[]).length, 1);
}));

test("Writes that come at once keep their places, from two tabs too, and one tab sends them all", () => withTab(async (tab, name) => {
  const other = await openTab(name);
  tab.sync.announce = () => void other.sync.heard("queue").catch(() => undefined);
  other.sync.announce = () => void tab.sync.heard("queue").catch(() => undefined);
  await Promise.all(Array.from({ length: 6 }, (_, index) =>
    (index % 2 === 0 ? tab : other).sync.enqueue({ kind: "deleteConversation", id: `c${index}` })));
  await Promise.all([tab.sync.flush(), other.sync.flush()]);
  same((await tab.core.replica?.readQueue())?.entries.length, 6);
  requests = [];
  route = (method) => (method === "DELETE" ? { status: 204 } : "away");
  await Promise.all([tab.sync.flush(), other.sync.flush()]);
  same(sentWrites().sort(), Array.from({ length: 6 }, (_, index) => `DELETE /api/v1/conversations/c${index}`), "each was sent once");
  await Promise.all([tab.sync.heard("queue"), other.sync.heard("queue")]);
  same([tab.core.entries.length, other.core.entries.length], [0, 0]);
  closeTab(other);
}));

test("What is given up is not sent, and what followed it is not lost", () => withTab(async ({ core, sync }) => {
  route = (_method, _path, body) => body["messageID"] === "m1" ? refuse(422, "invalid") : { status: 202, body: {
    reply: envelope("messages", message("r2", "m2", "assistant"), 1), conversation: envelope("conversations", conversation(), 1),
  } };
  await sync.enqueue({ kind: "sendMessage", conversationID: "c", messageID: "m1", parent: { id: "r0" }, content: "one" });
  await sync.enqueue({ kind: "sendMessage", conversationID: "c", messageID: "m2", parent: { replyTo: "m1" }, content: "two" });
  await sync.flush();
  same(core.outbox.get().map(({ text, state }) => [text, state]), [["one", "parked"], ["two", "waiting"]]);
  const first = core.entries[0];
  check(first !== undefined, "nothing is parked");
  await sync.setEntry(first.n, null);
  same(core.entries.map(({ operation }) => operation.kind === "sendMessage" && operation.parent), [{ id: "r0" }]);
  await sync.flush();
  same(core.entries, []);
}));

test("A copy that the server calls stale is filled anew, without what is unsent", () => withTab(async ({ core, sync }) => {
  await sync.take([envelope("personas", persona, 1)]);
  await core.replica?.writeMeta("cursor", 7);
  await sync.enqueue({ kind: "deleteConversation", id: "c" });
  await sync.flush();
  const fresh = envelope("personas", { ...persona, id: "q", name: "Bea" }, 1);
  route = (method, path) => path.includes("since=7") ? { status: 200, body: { items: [], next: 7, hasMore: false, isStale: true } }
    : path.includes("since=0") ? { status: 200, body: { items: [fresh], next: 9, hasMore: false, isStale: false } }
      : method === "DELETE" ? refuse(503, "busy") : "away";
  await sync.pull();
  same(core.personas.get().map(({ name }) => name), ["Bea"]);
  same([await core.replica?.readMeta("cursor"), core.entries.length, await core.replica?.count()], [9, 1, 1]);
}));

test("Rows of the list that did not change stay the same objects", () => withTab(async ({ core, sync }) => {
  await sync.take([envelope("conversations", conversation({ id: "a" }), 1), envelope("conversations", conversation({ id: "b" }), 1)]);
  const before = core.conversations.get().items;
  await sync.take([envelope("conversations", conversation({ id: "b", title: "New" }), 2)]);
  const after = core.conversations.get().items;
  same([after.length, after.filter((item) => before.includes(item)).map(({ id }) => id)], [2, ["a"]]);
  const list = core.conversations.get();
  await sync.take([envelope("messages", message("m1", undefined, "user"), 1)]);
  check(core.conversations.get() === list, "a message alone drew the list again");
}));

await run();
