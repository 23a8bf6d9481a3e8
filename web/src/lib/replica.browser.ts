import type { Envelope, Message, Persona } from "../state/types";
import { check, run, same, test } from "../tests/harness";
import { createDataKey, deriveKeys, makeKDF, openDataKey } from "./crypto";
import { makeID } from "./ids";
import { Replica } from "./replica";
import { eraseStorage, readHeader, SealedStorage, writeHeader } from "./SealedStorage";

const kdf = makeKDF();
const { localKEK } = await deriveKeys("a passphrase for tests", kdf);
const wrapped = await createDataKey(localKEK);
const keys = await openDataKey(wrapped, localKEK);
const otherKeys = await openDataKey(await createDataKey(localKEK), localKEK);

let names = 0;
async function withReplica<T>(body: (replica: Replica, name: string) => Promise<T>): Promise<T> {
  names += 1;
  const name = `test-${names}`;
  const replica = await Replica.open(keys, name);
  try {
    return await body(replica, name);
  } finally {
    replica.close();
    await Replica.destroy(name);
  }
}

function message(id: string, parentID: string | undefined, content: string, createdAt: number, version = 1): Envelope<Message> {
  const value: Message = {
    id, conversationID: "conversation", role: "user", content, state: "complete", createdAt, ...(parentID === undefined ? {} : { parentID }),
  };
  return { id, collection: "messages", version, position: createdAt, changedAt: createdAt, value };
}

function persona(id: string, name: string, version: number): Envelope<Persona> {
  const value: Persona = { id, name, hue: "teal", instructions: "", isBuiltIn: false, createdAt: 1, updatedAt: 1 };
  return { id, collection: "personas", version, position: version, changedAt: 1, value };
}

/** Every byte of every row, read past the app. */
async function rawDump(name: string): Promise<string> {
  const database = await new Promise<IDBDatabase>((resolve, reject) => {
    const request = indexedDB.open(name);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  let dump = "";
  for (const table of Array.from(database.objectStoreNames)) {
    const rows = await new Promise<unknown[]>((resolve) => {
      const request = database.transaction(table).objectStore(table).getAll();
      request.onsuccess = () => resolve(request.result);
    });
    dump += JSON.stringify(rows, (_key, value: unknown) => (value instanceof Uint8Array ? Array.from(value, (byte) => String.fromCharCode(byte)).join("") : value));
  }
  database.close();
  return dump;
}

test("A record that was written comes back; an older version never replaces a newer one", () => withReplica(async (replica) => {
  await replica.apply([persona("p", "second", 2)]);
  await replica.apply([persona("p", "first", 1)]);
  same((await replica.get<Persona>("personas", "p"))?.value?.name, "second");
  await replica.apply([{ id: "p", collection: "personas", version: 3, position: 3, changedAt: 3, deleted: true }]);
  same(await replica.get("personas", "p"), null);
}));

test("Nothing readable is in the database: no content, no title, no id", () => withReplica(async (replica, name) => {
  const id = makeID();
  await replica.apply([persona(id, "CANARYNAME", 1), message(makeID(), undefined, "CANARYTEXT", 1)]);
  await replica.putQueued(1, { text: "CANARYQUEUE" });
  await replica.writeMeta("cursor", { text: "CANARYMETA" });
  const dump = await rawDump(name);
  check(dump.length > 400, "the dump is empty");
  for (const canary of ["CANARY", id, "persona", "message", "conversation", "cursor"]) {
    check(!dump.replaceAll(/"records"|"queue"|"meta"/g, "").includes(canary), `${canary} is readable`);
  }
}));

test("A row that was moved to another place or rolled to another version does not open", () => withReplica(async (replica, name) => {
  await replica.apply([persona("a", "one", 1), persona("b", "two", 1)]);
  const database = await new Promise<IDBDatabase>((resolve) => {
    const request = indexedDB.open(name);
    request.onsuccess = () => resolve(request.result);
  });
  await new Promise<void>((resolve) => {
    const transaction = database.transaction("records", "readwrite");
    const store = transaction.objectStore("records");
    const request = store.getAll();
    request.onsuccess = () => {
      const [first, second] = request.result as { id: string; v: number; data: Uint8Array }[];
      if (first !== undefined && second !== undefined) {
        store.put({ ...first, data: second.data });
        store.put({ ...second, v: 7 });
      }
    };
    transaction.oncomplete = () => resolve();
  });
  database.close();
  same(await replica.all("personas"), []);
}));

test("A window of a branch, its older part and its siblings", () => withReplica(async (replica) => {
  const all = Array.from({ length: 10 }, (_, at) => message(`m${at}`, at === 0 ? undefined : `m${at - 1}`, `text ${at}`, at + 1));
  await replica.apply([...all, message("m7b", "m6", "another", 50), message("m0b", undefined, "another first", 60), message("m8b", "m7b", "below", 70)]);
  const end = await replica.path("conversation", "m9", 4);
  same([end.items.map((each) => each.id), end.hasOlder, end.isWhole], [["m6", "m7", "m8", "m9"], true, true]);
  same([...end.siblings], [["m7", ["m7", "m7b"]], ["m7b", ["m7", "m7b"]]]);
  const older = await replica.path("conversation", "m9", 4, "m6");
  same([older.items.map((each) => each.id), older.hasOlder], [["m2", "m3", "m4", "m5"], true]);
  const oldest = await replica.path("conversation", "m9", 4, "m2");
  same([oldest.items.map((each) => each.id), oldest.hasOlder, oldest.isWhole], [["m0", "m1"], false, true]);
  same(oldest.siblings.get("m0"), ["m0", "m0b"]);
  same(await replica.leafBelow("m7b"), "m8b");
  same(await replica.leafBelow("m6"), "m8b", "the newest version wins");
  same(await replica.windowEnd("m3", "m9", 2), "m5");
  same(await replica.windowEnd("m9", "m9", 2), "m9");
  same(await replica.windowEnd("m7b", "m9", 2), null);
}));

test("A branch of which a message is missing says so", () => withReplica(async (replica) => {
  await replica.apply([message("m1", "m0", "one", 1), message("m2", "m1", "two", 2)]);
  const path = await replica.path("conversation", "m2", 60);
  same([path.items.map((each) => each.id), path.isWhole, path.hasOlder], [["m1", "m2"], false, false]);
}));

test("A conversation that is gone takes its messages along", () => withReplica(async (replica) => {
  await replica.apply([message("m1", undefined, "x".repeat(900_000), 1), message("m2", "m1", "two", 2)]);
  await replica.apply([{ id: "conversation", collection: "conversations", version: 2, position: 5, changedAt: 5, deleted: true }]);
  same(await replica.count(), 0);
}));

test("A large record is cut in pieces and comes back whole, also when it shrinks", () => withReplica(async (replica, name) => {
  const text = Array.from({ length: 120_000 }, (_, at) => `${at} `).join("");
  await replica.apply([message("big", undefined, text, 1, 1)]);
  check((await replica.get<Message>("messages", "big"))?.value?.content === text, "the content differs");
  await replica.apply([message("big", undefined, text.slice(0, 300_000), 1, 2)]);
  check((await replica.get<Message>("messages", "big"))?.value?.content === text.slice(0, 300_000), "the shorter content differs");
  await replica.apply([message("big", undefined, "small", 1, 3)]);
  same((await replica.get<Message>("messages", "big"))?.value?.content, "small");
  check((await rawDump(name)).length < 5_000, "pieces were left behind");
}));

test("The queue keeps its order and its key; an older key's writes are taken over", () => withReplica(async (replica, name) => {
  await replica.putQueued(2, "two");
  await replica.putQueued(1, "one");
  replica.close();
  const newer = await Replica.open(otherKeys, name);
  same(await newer.readQueue(), { entries: [], foreign: 2 });
  same(await newer.adoptQueue(keys), 2);
  same(await newer.readQueue(), { entries: [{ n: 1, value: "one" }, { n: 2, value: "two" }], foreign: 0 });
  await newer.deleteQueued([1]);
  same((await newer.readQueue()).entries.length, 1);
  newer.close();
}));

test("A place in the queue is given once, also to two tabs and after the queue was emptied", () => withReplica(async (replica, name) => {
  const tab = await Replica.open(keys, name);
  const places = await Promise.all([replica.nextPlace(), tab.nextPlace(), replica.nextPlace()]);
  same(places.sort(), [1, 2, 3]);
  await replica.putQueued(3, "three");
  await replica.deleteQueued([3]);
  await tab.clearRecords();
  same(await tab.nextPlace(), 4);
  tab.close();
}));

test("A damaged unsent write does not keep the others from opening", () => withReplica(async (replica, name) => {
  await replica.putQueued(1, "one");
  await replica.putQueued(2, "two");
  const database = await new Promise<IDBDatabase>((resolve) => {
    const request = indexedDB.open(name);
    request.onsuccess = () => resolve(request.result);
  });
  await new Promise<void>((resolve) => {
    const transaction = database.transaction("queue", "readwrite");
    transaction.objectStore("queue").put({ n: 1, key: keys.id, data: new Uint8Array(40) });
    transaction.oncomplete = () => resolve();
  });
  database.close();
  same(await replica.readQueue(), { entries: [{ n: 2, value: "two" }], foreign: 0 });
}));

test("The end of a conversation of 10,000 messages opens quickly", () => withReplica(async (replica) => {
  const content = "A sentence of a plain message that has a usual length. ".repeat(8);
  for (let start = 0; start < 10_000; start += 1_000) {
    await replica.apply(Array.from({ length: 1_000 }, (_, offset) => {
      const at = start + offset;
      return message(`m${at}`, at === 0 ? undefined : `m${at - 1}`, content, at + 1);
    }));
  }
  const times: number[] = [];
  for (let run = 0; run < 3; run += 1) {
    const begin = performance.now();
    const path = await replica.path("conversation", "m9999", 60);
    times.push(performance.now() - begin);
    same([path.items.length, path.hasOlder], [60, true]);
  }
  const slowest = Math.max(...times);
  check(slowest < 300, `it took ${slowest.toFixed(0)} ms`);
  return `${times.map((time) => time.toFixed(0)).join(", ")} ms`;
}));

test("SealedStorage keeps values over a reload, unreadable; with another key they are gone", async () => {
  eraseStorage();
  const storage = await SealedStorage.open(keys);
  await storage.set("draft:CANARYCONVERSATION", "CANARYDRAFT");
  await Promise.all([storage.set("width", 1), storage.set("width", 2)]);
  await storage.set("gone", true);
  await storage.remove("gone");
  const raw = JSON.stringify({ ...localStorage });
  check(!raw.includes("CANARY") && !raw.includes("width"), "something is readable");
  const again = await SealedStorage.open(keys);
  same([again.get("draft:CANARYCONVERSATION"), again.get("width"), again.get("gone")], ["CANARYDRAFT", 2, undefined]);
  const other = await SealedStorage.open(otherKeys);
  same([other.get("width"), localStorage.length], [undefined, 0]);
});

test("The header is readable while locked and leaves with everything else", async () => {
  same(readHeader(), null);
  writeHeader({ version: 1, kdf, dataKey: wrapped });
  same(readHeader(), { version: 1, kdf, dataKey: wrapped });
  localStorage.setItem("cherry.header", "{broken");
  same(readHeader(), null);
  localStorage.setItem("other", "stays");
  eraseStorage();
  same({ ...localStorage }, { other: "stays" });
  localStorage.clear();
});

await run();
