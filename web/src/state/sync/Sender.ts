import { ApiError, asApiError } from "../../api/ApiError";
import { makeID } from "../../lib/ids";
import type { Replica } from "../../lib/replica";
import type { Core } from "../core";
import type { Conversation, Envelope, Persona } from "../types";
import type { Notice } from "../views";
import { mergeConversation, mergePersona, mergePreference } from "./conflicts";
import { add, bridgeOver, type Entry, nextReadyExcept, type Operation, resolveReply, retargetPersona } from "./outbox";
import { withLock } from "./withLock";

const mergeAttempts = 5;
/** A write that makes the server fail as often as this is set aside, so that it does not hold back the others. */
const failuresBeforeParking = 4;

type WithoutMeta<T> = T extends unknown ? Omit<T, "id" | "at"> : never;

/** What the sender asks of the rest. */
export interface Feed {
  take(envelopes: readonly Envelope<unknown>[]): Promise<void>;
  succeeded(): void;
  failed(error: ApiError): void;
  onReply(reply: Envelope<unknown>): void;
  announce(kind: "queue"): void;
}

/** Keeps the outbox on disk and sends it: in order, with conflicts merged, and what the server refuses set aside. */
export class Sender {
  private sending: Promise<void> | null = null;
  private sent: number | null = null;
  private writing: Promise<void> = Promise.resolve();
  private readonly serverFailures = new Map<number, number>();

  constructor(private readonly core: Core, private readonly feed: Feed, private readonly signal: AbortSignal) {}

  /** Puts a write on disk, shows it, and sends it when the server is there. */
  async enqueue(operation: Operation): Promise<void> {
    await this.inOrder(async (replica) => {
      const { core } = this;
      const entry: Entry = { n: await replica.nextPlace(), operation, createdAt: Date.now(), state: "waiting", error: null };
      const { entries, removed, stored } = add(core.entries, entry, this.sent);
      await replica.putQueued(stored.n, stored);
      await replica.deleteQueued(removed);
      core.entries = entries;
      this.changedEntries();
    });
    void this.flush();
  }

  /** Changes an unsent write, or gives it up. */
  setEntry(n: number, change: Partial<Entry> | null): Promise<void> {
    return this.inOrder(async (replica) => {
      const { core } = this;
      const entry = core.entries.find((each) => each.n === n);
      if (entry === undefined) {
        return;
      }
      if (change === null) {
        const bridged = bridgeOver(core.entries, entry.operation);
        for (const each of bridged) {
          await replica.putQueued(each.n, each);
        }
        await replica.deleteQueued([n]);
        core.entries = core.entries.filter((each) => each.n !== n).map((each) => bridged.find((other) => other.n === each.n) ?? each);
      } else {
        const changed = { ...entry, ...change };
        await replica.putQueued(n, changed);
        core.entries = core.entries.map((each) => (each.n === n ? changed : each));
      }
      this.changedEntries();
    });
  }

  /** Reads the outbox as all tabs see it. */
  readQueue(): Promise<void> {
    return this.inOrder(async (replica) => {
      const { entries } = await replica.readQueue<Entry>();
      this.core.entries = entries.map(({ value }) => value);
      this.core.publish();
      this.touchAll();
    });
  }

  /** Steps that read and change the outbox, one after the other. */
  private inOrder(step: (replica: Replica) => Promise<void>): Promise<void> {
    const done = this.writing.then(() => {
      const { replica } = this.core;
      if (replica === null || this.signal.aborted) {
        throw new ApiError({ code: "locked", message: "Cherry was locked before this was kept.", hint: "Unlock and try again." });
      }
      return step(replica);
    });
    this.writing = done.catch(() => undefined); // reported to who asked; the next step goes on
    return done;
  }

  private changedEntries(): void {
    this.core.publish();
    this.touchAll();
    this.feed.announce("queue");
  }

  private touchAll(): void {
    this.core.onTouched(new Set([...this.core.conversationRecords.keys(), ...this.core.conversations.get().items.map(({ id }) => id)]));
  }

  /** Sends what waits, in order, until nothing is ready or the server is away. One tab sends at a time. */
  flush(): Promise<void> {
    if (this.core.entries.length === 0) {
      return Promise.resolve();
    }
    this.sending ??= withLock("cherry outbox", () => this.sendAll(), this.signal).finally(() => {
      this.sending = null;
      this.sent = null;
    });
    return this.sending;
  }

  private async sendAll(): Promise<void> {
    if (this.core.replica === null || this.signal.aborted) {
      return;
    }
    await this.readQueue();
    for (;;) {
      const entry = nextReadyExcept(this.core.entries, this.held());
      if (entry === null || this.signal.aborted) {
        return;
      }
      this.sent = entry.n;
      try {
        await this.send(entry);
        await this.setEntry(entry.n, null);
        this.feed.succeeded();
      } catch (thrown) {
        const error = asApiError(thrown);
        if (error.code === "locked" || error.needsUnlock || (error.isTransient && !this.failsTooOften(entry.n, error))) {
          this.feed.failed(error);
          return;
        }
        const shown = { code: error.code, message: error.message, ...(error.hint === undefined ? {} : { hint: error.hint }) };
        await this.setEntry(entry.n, { state: "parked", error: shown });
      }
    }
  }

  /** Writes that have to wait: a message that follows a reply which is still arriving. */
  private held(): Set<number> {
    const { entries, followed } = this.core;
    return new Set(entries.filter(({ operation }) =>
      operation.kind === "sendMessage" && "id" in operation.parent && operation.parent.id !== null && followed.has(operation.parent.id)).map(({ n }) => n));
  }

  /** Whether the server itself failed over this write again and again. A full disk or a busy server is not the write's fault. */
  private failsTooOften(n: number, error: ApiError): boolean {
    if (error.status < 500 || error.status === 503 || error.status === 507) {
      return false;
    }
    const failures = (this.serverFailures.get(n) ?? 0) + 1;
    this.serverFailures.set(n, failures);
    return failures >= failuresBeforeParking;
  }

  private async send({ n, operation }: Entry): Promise<void> {
    const { client } = this.core;
    switch (operation.kind) {
      case "createConversation": {
        const { kind, ...body } = operation;
        void kind;
        return this.feed.take([await existing(client.createConversation(body))]);
      }
      case "sendMessage": {
        const parentID = "id" in operation.parent ? operation.parent.id : null;
        const turn = await client.startTurn(operation.conversationID, { kind: "send", messageID: operation.messageID, parentID, content: operation.content });
        for (const changed of resolveReply(this.core.entries, operation.messageID, turn.reply.id)) {
          await this.setEntry(changed.n, changed);
        }
        await this.feed.take([...(turn.user === undefined ? [] : [turn.user]), turn.reply, turn.conversation]);
        return this.feed.onReply(turn.reply);
      }
      case "changeConversation":
        return this.changeConversation(operation);
      case "deleteConversation":
        return ignoring("notFound", client.deleteConversation(operation.id));
      case "restoreConversation":
        return this.feed.take([await client.restoreConversation(operation.id)]);
      case "createPersona": {
        const { id, name, hue, instructions, model, temperature } = operation.value;
        return this.feed.take([await existing(client.createPersona(defined({ id, name, hue, instructions, model, temperature })))]);
      }
      case "changePersona":
        return this.changePersona(n, operation);
      case "deletePersona":
        return ignoring("notFound", client.deletePersona(operation.id));
      case "setPreference":
        return this.setPreference(operation);
    }
  }

  private async changeConversation(operation: Extract<Operation, { kind: "changeConversation" }>): Promise<void> {
    const { client, conversationRecords } = this.core;
    for (let attempt = 1; ; attempt += 1) {
      const current = conversationRecords.get(operation.id) ?? await client.conversation(operation.id);
      if (current.value === undefined) {
        return;
      }
      const { patch, keptTitle } = mergeConversation(operation, current.value);
      if (keptTitle !== null) {
        this.note({ kind: "titleKept", conversationID: operation.id, mine: keptTitle, theirs: current.value.title });
      }
      if (Object.keys(patch).length === 0) {
        return;
      }
      try {
        return await this.feed.take([await client.patchConversation(operation.id, { baseVersion: current.version, ...patch })]);
      } catch (error) {
        await this.takeConflict<Conversation>(error, attempt);
      }
    }
  }

  private async changePersona(n: number, operation: Extract<Operation, { kind: "changePersona" }>): Promise<void> {
    const { client, personaRecords } = this.core;
    for (let attempt = 1; ; attempt += 1) {
      const current = personaRecords.get(operation.id);
      if (current?.value === undefined) {
        throw new ApiError({ code: "notFound", status: 404, message: "This persona was deleted on another device." });
      }
      const merge = mergePersona(operation, current.value, makeID(), Date.now());
      if ("copy" in merge) {
        const { id, name, hue, instructions, model, temperature } = merge.copy;
        await this.feed.take([await client.createPersona(defined({ id, name, hue, instructions, model, temperature }))]);
        for (const changed of retargetPersona(this.core.entries, n, operation.id, id)) {
          await this.setEntry(changed.n, changed);
        }
        return this.note({ kind: "personaCopied", personaID: operation.id, copyID: id, name });
      }
      if (Object.keys(merge.patch).length === 0) {
        return;
      }
      try {
        return await this.feed.take([await client.patchPersona(operation.id, { baseVersion: current.version, ...merge.patch })]);
      } catch (error) {
        await this.takeConflict<Persona>(error, attempt);
      }
    }
  }

  private async setPreference(operation: Extract<Operation, { kind: "setPreference" }>): Promise<void> {
    const { client, preferenceRecords } = this.core;
    for (let attempt = 1; ; attempt += 1) {
      const current = preferenceRecords.get(operation.key);
      const theirs = current?.value?.value ?? null;
      switch (mergePreference(operation, theirs)) {
        case "done":
          return;
        case "lost":
          return this.note({ kind: "preferenceConflict", key: operation.key, mine: operation.value, theirs });
        case "write":
      }
      if (operation.value === null) {
        await ignoring("notFound", client.deletePreference(operation.key));
        preferenceRecords.delete(operation.key);
        return;
      }
      try {
        return await this.feed.take([await client.putPreference(operation.key, operation.value, current?.version ?? 0)]);
      } catch (error) {
        await this.takeConflict(error, attempt);
      }
    }
  }

  /** After a conflict: takes the record as the server has it, so that the merge is tried on that. */
  private async takeConflict<T>(error: unknown, attempt: number): Promise<void> {
    if (!(error instanceof ApiError) || error.code !== "conflict" || error.current === undefined || attempt >= mergeAttempts) {
      throw error;
    }
    await this.feed.take([error.current as Envelope<T>]);
  }

  /** Tells the user about something that was decided for them. */
  note(notice: WithoutMeta<Notice>): void {
    this.core.setNotices([...this.core.notices.get(), { ...notice, id: makeID(), at: Date.now() } as Notice]);
  }
}

function defined(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined && value !== null));
}

async function ignoring(code: string, promise: Promise<unknown>): Promise<void> {
  try {
    await promise;
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== code) {
      throw error;
    }
  }
}

/** The record that is already there, when the same one is created again after its answer was lost. */
async function existing<T>(promise: Promise<Envelope<T>>): Promise<Envelope<T>> {
  try {
    return await promise;
  } catch (error) {
    if (error instanceof ApiError && error.code === "conflict" && error.current !== undefined) {
      return error.current as Envelope<T>;
    }
    throw error;
  }
}
