import Dexie from "dexie";
import type { Collection, Envelope, ID, Message } from "../state/types";
import { type DataKeys, opaque, openJSON, seal, sealJSON, open as openSealed } from "./crypto";
import { concat, textOf, utf8 } from "./bytes";

/** A record at rest: names that say nothing, a version, ciphertext. */
interface Row {
  /** HMAC of collection and id. */
  id: string;
  /** HMAC of the collection; for messages of their conversation. */
  group: string;
  /** For messages: the `id` of the parent's row, or for a first message an HMAC of the conversation. */
  up?: string;
  v: number;
  data: Uint8Array;
  /** How many further pieces are in the table of chunks. */
  more?: number;
}

interface ChunkRow {
  id: string;
  data: Uint8Array;
}

interface QueueRow {
  /** Its place in the order. */
  n: number;
  /** The public id of the key that seals it. */
  key: string;
  data: Uint8Array;
}

/** A window on one branch, oldest first. */
export interface ReplicaPath {
  items: Envelope<Message>[];
  hasOlder: boolean;
  /** `false` when the copy lacks a message of the branch. */
  isWhole: boolean;
  /** Ids of all versions, for messages that have more than one, in order of creation. */
  siblings: Map<ID, ID[]>;
}

/** The name of the database. */
export const replicaName = "cherry";
/** Larger ciphertexts are cut: browsers fail on large single values. */
const chunkSize = 256 * 1024;
const batchSize = 400;

/**
 * This browser's copy of the records: a Dexie database that holds ciphertext and opaque names.
 *
 * What its rows show to someone without the key: how many records there are, their versions and sizes, and which messages follow which.
 */
export class Replica {
  private readonly records;
  private readonly chunks;
  private readonly meta;
  private readonly queue;
  private readonly names = new Map<string, Promise<string>>();

  private constructor(private readonly database: Dexie, readonly keys: DataKeys) {
    this.records = database.table<Row, string>("records");
    this.chunks = database.table<ChunkRow, string>("chunks");
    this.meta = database.table<Row, string>("meta");
    this.queue = database.table<QueueRow, number>("queue");
  }

  /** Opens the copy, making an empty one if there is none. */
  static async open(keys: DataKeys, name: string = replicaName): Promise<Replica> {
    const database = new Dexie(name);
    database.version(1).stores({ records: "id,group,up", chunks: "id", meta: "id", queue: "n" });
    database.on("versionchange", () => database.close());
    await database.open();
    return new Replica(database, keys);
  }

  /** Deletes the copy. */
  static async destroy(name: string = replicaName): Promise<void> {
    await Dexie.delete(name);
  }

  close(): void {
    this.names.clear();
    this.database.close();
  }

  /** An opaque name, remembered because the same few are asked again and again. */
  private name(...parts: string[]): Promise<string> {
    const key = parts.join("/");
    let name = this.names.get(key);
    if (name === undefined) {
      if (this.names.size > 20_000) {
        this.names.clear();
      }
      name = opaque(this.keys, ...parts);
      this.names.set(key, name);
    }
    return name;
  }

  private rowID(collection: Collection, id: ID): Promise<string> {
    return this.name(collection, id);
  }

  private groupOf(envelope: Envelope<unknown>): Promise<string> {
    return envelope.collection === "messages"
      ? this.name("messages of", (envelope.value as Message).conversationID)
      : this.name("all", envelope.collection);
  }

  private upOf(message: Message): Promise<string> {
    return message.parentID === undefined ? this.name("first of", message.conversationID) : this.rowID("messages", message.parentID);
  }

  private async encode(envelope: Envelope<unknown>): Promise<{ row: Row; chunks: ChunkRow[] }> {
    const id = await this.rowID(envelope.collection, envelope.id);
    const sealed = await sealJSON(this.keys, "records", id, envelope.version, envelope);
    const row: Row = { id, group: await this.groupOf(envelope), v: envelope.version, data: sealed };
    if (envelope.collection === "messages") {
      row.up = await this.upOf(envelope.value as Message);
    }
    const chunks: ChunkRow[] = [];
    if (sealed.length > chunkSize) {
      row.data = sealed.slice(0, chunkSize);
      for (let at = chunkSize; at < sealed.length; at += chunkSize) {
        chunks.push({ id: `${id}.${String(chunks.length).padStart(6, "0")}`, data: sealed.slice(at, at + chunkSize) });
      }
      row.more = chunks.length;
    }
    return { row, chunks };
  }

  /** Opens a row; `null` when it does not open: the server has it, so a damaged copy is as good as none. */
  private async decode<T>(row: Row): Promise<Envelope<T> | null> {
    try {
      const parts = row.more === undefined ? [] : await this.chunks.where("id").startsWith(`${row.id}.`).toArray();
      const sealed = parts.length === 0 ? row.data : concat(row.data, ...parts.map((part) => part.data));
      return await openJSON<Envelope<T>>(this.keys, "records", row.id, row.v, sealed);
    } catch {
      return null;
    }
  }

  private async decodeAll<T>(rows: Row[]): Promise<Envelope<T>[]> {
    const opened: Envelope<T>[] = [];
    for (let at = 0; at < rows.length; at += batchSize) {
      const batch = await Promise.all(rows.slice(at, at + batchSize).map((row) => this.decode<T>(row)));
      opened.push(...batch.filter((each): each is Envelope<T> => each !== null));
    }
    return opened;
  }

  /** Writes records as the server has them. Older versions never replace newer ones; a tombstone removes its record. */
  async apply(envelopes: readonly Envelope<unknown>[]): Promise<void> {
    const newest = new Map(envelopes.map((each) => [`${each.collection}/${each.id}`, each]));
    const gone: string[] = [];
    const groups: string[] = [];
    const encoded: { row: Row; chunks: ChunkRow[] }[] = [];
    await Promise.all(Array.from(newest.values(), async (envelope) => {
      if (envelope.deleted === true || envelope.value === undefined) {
        gone.push(await this.rowID(envelope.collection, envelope.id));
        if (envelope.collection === "conversations") {
          groups.push(await this.name("messages of", envelope.id));
        }
      } else {
        encoded.push(await this.encode(envelope));
      }
    }));
    await this.database.transaction("rw", [this.records, this.chunks], () =>
      this.records.where("group").anyOf(groups).primaryKeys()
        .then((orphans) => this.removeRows([...gone, ...orphans]))
        .then(() => this.records.where("id").anyOf(encoded.map(({ row }) => row.id)).toArray())
        .then((present) => {
          const known = new Map(present.map((row) => [row.id, row]));
          const fresh = encoded.filter(({ row }) => (known.get(row.id)?.v ?? -1) <= row.v);
          const cut = fresh.filter(({ row }) => known.get(row.id)?.more !== undefined).map(({ row }) => row.id);
          return this.removeChunks(cut)
            .then(() => this.records.bulkPut(fresh.map(({ row }) => row)))
            .then(() => this.chunks.bulkPut(fresh.flatMap(({ chunks }) => chunks)));
        }));
  }

  private removeChunks(ids: readonly string[]): Promise<unknown> {
    return Promise.all(ids.map((id) => this.chunks.where("id").startsWith(`${id}.`).delete()));
  }

  private removeRows(ids: readonly string[]): Promise<unknown> {
    if (ids.length === 0) {
      return Promise.resolve();
    }
    return this.records.where("id").anyOf(ids).toArray()
      .then((rows) => this.removeChunks(rows.filter((row) => row.more !== undefined).map((row) => row.id)))
      .then(() => this.records.bulkDelete(ids));
  }

  async get<T>(collection: Collection, id: ID): Promise<Envelope<T> | null> {
    const row = await this.records.get(await this.rowID(collection, id));
    return row === undefined ? null : this.decode<T>(row);
  }

  /** All records of a collection other than messages. */
  async all<T>(collection: Exclude<Collection, "messages">): Promise<Envelope<T>[]> {
    return this.decodeAll<T>(await this.records.where("group").equals(await this.name("all", collection)).toArray());
  }

  /** All messages of one conversation, in no order. */
  async messagesOf(conversationID: ID): Promise<Envelope<Message>[]> {
    return this.decodeAll<Message>(await this.records.where("group").equals(await this.name("messages of", conversationID)).toArray());
  }

  /**
   * The last `limit` messages of the branch that ends in `leaf`, or of those before `before`.
   *
   * Its cost follows the window, not the conversation: rows name their parent's row, so nothing else is read or opened.
   */
  async path(conversationID: ID, leaf: ID, limit: number, before?: ID): Promise<ReplicaPath> {
    const root = await this.name("first of", conversationID);
    const start = await this.rowID("messages", before ?? leaf);
    const rows: Row[] = [];
    let next: string = start;
    await this.database.transaction("r", [this.records], () => {
      const step = (): PromiseLike<void> | undefined => this.records.get(next).then((row) => {
        if (row === undefined) {
          return undefined;
        }
        if (before === undefined || row.id !== start) {
          rows.push(row);
        }
        next = row.up ?? root;
        return next !== root && rows.length < limit ? step() : undefined;
      });
      return step();
    });
    const isWhole = next === root || rows.length >= limit;
    const [items, siblings] = await Promise.all([this.decodeAll<Message>(rows.reverse()), this.siblingsOf(rows)]);
    return { items, hasOlder: next !== root && isWhole, isWhole: isWhole && items.length === rows.length, siblings };
  }

  private async siblingsOf(rows: Row[]): Promise<Map<ID, ID[]>> {
    const ups = [...new Set(rows.map((row) => row.up ?? ""))];
    // Only names are read first; branches are rare, so few rows are opened.
    const counts = await this.database.transaction("r", [this.records], () =>
      Promise.all(ups.map((up) => this.records.where("up").equals(up).count())));
    const siblings = new Map<ID, ID[]>();
    for (const up of ups.filter((_, index) => (counts[index] ?? 0) > 1)) {
      const opened = await this.decodeAll<Message>(await this.records.where("up").equals(up).toArray());
      const ids = opened.sort(byCreation).map((each) => each.id);
      ids.forEach((id) => siblings.set(id, ids));
    }
    return siblings;
  }

  /** The end of the branch below a message, following the newest version at each fork. */
  async leafBelow(id: ID): Promise<ID> {
    let current = await this.rowID("messages", id);
    for (;;) {
      const children: Row[] = await this.records.where("up").equals(current).toArray();
      if (children.length === 0) {
        const row = await this.records.get(current);
        return (row === undefined ? null : await this.decode<Message>(row))?.id ?? id;
      }
      if (children.length === 1) {
        current = children[0]?.id ?? current;
      } else {
        const newest = (await this.decodeAll<Message>(children)).sort(byCreation).at(-1);
        if (newest === undefined) {
          return id;
        }
        current = await this.rowID("messages", newest.id);
      }
    }
  }

  /** Whether a message lies on the branch that ends in `leaf`, and if so which message ends a window that shows some of what follows it. */
  async windowEnd(id: ID, leaf: ID, following: number): Promise<ID | null> {
    const target = await this.rowID("messages", id);
    const recent: string[] = [];
    let next: string | undefined = await this.rowID("messages", leaf);
    let end: string | null = null;
    await this.database.transaction("r", [this.records], () => {
      const step = (): PromiseLike<void> | undefined => next === undefined ? undefined : this.records.get(next).then((row) => {
        if (row === undefined) {
          return undefined;
        }
        recent.push(row.id);
        if (recent.length > following + 1) {
          recent.shift();
        }
        if (row.id === target) {
          end = recent[0] ?? null;
          return undefined;
        }
        next = row.up;
        return step();
      });
      return step();
    });
    const row = end === null ? undefined : await this.records.get(end);
    return row === undefined ? null : (await this.decode<Message>(row))?.id ?? null;
  }

  /** A small sealed value of the copy itself, such as the cursor. */
  async readMeta<T>(name: string): Promise<T | null> {
    const id = await this.name("meta", name);
    const row = await this.meta.get(id);
    if (row === undefined) {
      return null;
    }
    try {
      return await openJSON<T>(this.keys, "meta", id, 1, row.data);
    } catch {
      return null; // as good as missing: the copy is rebuilt
    }
  }

  async writeMeta(name: string, value: unknown): Promise<void> {
    const id = await this.name("meta", name);
    await this.meta.put({ id, group: "", v: 1, data: await sealJSON(this.keys, "meta", id, 1, value) });
  }

  /** The unsent writes in order, and how many of them another key seals. One that is damaged is left out. */
  async readQueue<T>(): Promise<{ entries: { n: number; value: T }[]; foreign: number }> {
    const rows = await this.queue.orderBy("n").toArray();
    const own = rows.filter((row) => row.key === this.keys.id);
    const entries = await Promise.all(own.map(async (row) => {
      try {
        return [{ n: row.n, value: await this.openQueued<T>(this.keys, row) }];
      } catch {
        return []; // cannot be opened by anyone any more, and must not keep the rest from opening
      }
    }));
    return { entries: entries.flat(), foreign: rows.length - own.length };
  }

  /** A place at the end of the queue that no write has or had, in whichever tab. */
  async nextPlace(): Promise<number> {
    const id = await this.name("meta", "places");
    return this.database.transaction("rw", [this.meta, this.queue], () =>
      this.meta.get(id).then((row) => this.queue.orderBy("n").reverse().limit(1).primaryKeys().then((last) => {
        const place = Math.max(row?.v ?? 0, last[0] ?? 0) + 1;
        return this.meta.put({ id, group: "", v: place, data: new Uint8Array(0) }).then(() => place);
      })));
  }

  private async openQueued<T>(keys: DataKeys, row: QueueRow): Promise<T> {
    return JSON.parse(textOf(await openSealed(keys, "queue", String(row.n), 1, row.data))) as T;
  }

  /** Adds or replaces an unsent write; `n` is its place in the order. Resolves when it is on disk. */
  async putQueued(n: number, value: unknown): Promise<void> {
    await this.queue.put({ n, key: this.keys.id, data: await seal(this.keys, "queue", String(n), 1, utf8(JSON.stringify(value))) });
  }

  async deleteQueued(ns: readonly number[]): Promise<void> {
    await this.queue.bulkDelete(ns);
  }

  /** Takes over unsent writes that an older key seals; resolves to how many. Throws when one does not open. */
  async adoptQueue(old: DataKeys): Promise<number> {
    const rows = (await this.queue.orderBy("n").toArray()).filter((row) => row.key === old.id);
    for (const row of rows) {
      await this.putQueued(row.n, await this.openQueued<unknown>(old, row));
    }
    return rows.length;
  }

  /** Drops unsent writes that another key seals. */
  async dropForeignQueue(): Promise<void> {
    const rows = await this.queue.toArray();
    await this.queue.bulkDelete(rows.filter((row) => row.key !== this.keys.id).map((row) => row.n));
  }

  /** Removes all records and what belongs to them, not the unsent writes and their places. */
  async clearRecords(): Promise<void> {
    const id = await this.name("meta", "places");
    await this.database.transaction("rw", [this.records, this.chunks, this.meta], () =>
      this.meta.get(id).then((places) => Promise.all([this.records.clear(), this.chunks.clear(), this.meta.clear()])
        .then(() => (places === undefined ? undefined : this.meta.put(places)))));
  }

  /** How many records there are. */
  count(): Promise<number> {
    return this.records.count();
  }
}

/** Older first; ids break ties, as they sort by time too. */
export function byCreation(a: Envelope<Message>, b: Envelope<Message>): number {
  return (a.value?.createdAt ?? 0) - (b.value?.createdAt ?? 0) || (a.id < b.id ? -1 : 1);
}
