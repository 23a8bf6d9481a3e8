import { ApiError, asApiError } from "../../api/ApiError";
import { openEvents, type EventStream } from "../../api/events";
import { makeID } from "../../lib/ids";
import type { Core } from "../core";
import type { Conversation, Envelope, Notice, Persona } from "../types";
import { mergeConversation, mergePersona, mergePreference } from "./conflicts";
import { add, type Entry, nextReady, type Operation, resolveReply, retargetPersona } from "./outbox";

const pageSize = 500;
const pullDelay = 120;
const retryDelays = [1_000, 2_000, 5_000, 15_000, 30_000];
const mergeAttempts = 5;

type WithoutMeta<T> = T extends unknown ? Omit<T, "id" | "at"> : never;

/** Keeps this browser's copy and the server in step: pulls the change feed, sends the outbox. */
export class Sync {
  private events: EventStream | null = null;
  private pulling: Promise<void> | null = null;
  private sending: Promise<void> | null = null;
  private isWanted = false;
  private pullTimer: ReturnType<typeof setTimeout> | undefined;
  private retryTimer: ReturnType<typeof setTimeout> | undefined;
  private failures = 0;
  private isStopped = false;

  /** Called when the server says that it locked. */
  onLock: () => void = () => undefined;
  /** Called with each reply that began. */
  onReply: (reply: Envelope<unknown>) => void = () => undefined;
  /** Called before the server is tried again after it was away. */
  beforeReconnect: () => Promise<void> = async () => undefined;

  constructor(private readonly core: Core) {}

  start(): void {
    this.events = openEvents({
      address: () => "/api/v1/events",
      types: ["change", "lock"],
      event: (type) => (type === "lock" ? this.onLock() : this.nudge()),
      open: (isOpen) => (isOpen ? this.nudge() : undefined),
    });
    this.nudge();
    void this.flush();
  }

  stop(): void {
    this.isStopped = true;
    this.events?.close();
    clearTimeout(this.pullTimer);
    clearTimeout(this.retryTimer);
  }

  /** Something changed on the server: asks for it soon, once for many changes. */
  nudge(): void {
    clearTimeout(this.pullTimer);
    this.pullTimer = setTimeout(() => void this.pull(), pullDelay);
  }

  /** Tries the server again now. */
  async retry(): Promise<void> {
    clearTimeout(this.retryTimer);
    this.failures = 0;
    this.events?.restart();
    await this.pull();
    await this.flush();
  }

  /** Takes records as the server has them, into memory and into the sealed copy. */
  async take(envelopes: readonly Envelope<unknown>[]): Promise<void> {
    const touched = this.core.take(envelopes);
    await this.core.replica?.apply(envelopes);
    this.core.publish();
    this.core.onTouched(touched);
  }

  /** Pulls until nothing is new. */
  pull(): Promise<void> {
    if (this.pulling !== null) {
      this.isWanted = true;
      return this.pulling;
    }
    this.pulling = this.pullAll().catch((error: unknown) => this.failed(asApiError(error))).finally(() => {
      this.pulling = null;
      if (this.isWanted) {
        this.isWanted = false;
        this.nudge();
      }
    });
    return this.pulling;
  }

  private async pullAll(): Promise<void> {
    const { core } = this;
    let since = (await core.replica?.readMeta<number>("cursor")) ?? 0;
    this.setCatchingUp(since === 0);
    for (;;) {
      if (this.isStopped || core.replica === null) {
        return;
      }
      const page = await core.client.changes(since, pageSize);
      if (page.isStale && since !== 0) {
        await core.replica.clearRecords();
        for (const records of [core.conversationRecords, core.personaRecords, core.providerRecords, core.preferenceRecords]) {
          records.clear();
        }
        since = 0;
        continue;
      }
      await this.take(page.items);
      since = page.next;
      await core.replica?.writeMeta("cursor", since);
      if (!page.hasMore) {
        break;
      }
    }
    this.succeeded();
    this.setCatchingUp(false);
    core.publish();
  }

  private setCatchingUp(isCatchingUp: boolean): void {
    this.core.app.update((state) => ({ ...state, sync: { ...state.sync, isCatchingUp, ...(isCatchingUp ? {} : { lastSyncedAt: Date.now() }) } }));
  }

  private succeeded(): void {
    this.failures = 0;
    this.core.patch({ connection: "online" });
  }

  private failed(error: ApiError): void {
    if (this.isStopped || error.needsUnlock) {
      return; // the client already reported a closed session
    }
    this.setCatchingUp(false);
    if (error.isTransient) {
      this.core.patch({ connection: error.status === 0 ? "offline" : "online" });
      clearTimeout(this.retryTimer);
      this.retryTimer = setTimeout(() => {
        void this.beforeReconnect().then(() => this.pull()).then(() => this.flush());
      }, retryDelays[Math.min(this.failures, retryDelays.length - 1)]);
      this.failures += 1;
    }
  }

  // The outbox

  /** Puts a write on disk, shows it, and sends it when the server is there. */
  async enqueue(operation: Operation): Promise<void> {
    const { core } = this;
    const last = Math.max(0, ...core.entries.map(({ n }) => n));
    const { entries, removed, stored } = add(core.entries, { n: last + 1, operation, createdAt: Date.now(), state: "waiting", error: null });
    await core.replica?.putQueued(stored.n, stored);
    await core.replica?.deleteQueued(removed);
    core.entries = entries;
    this.changedEntries();
    void this.flush();
  }

  async setEntry(n: number, change: Partial<Entry> | null): Promise<void> {
    const { core } = this;
    if (change === null) {
      core.entries = core.entries.filter((entry) => entry.n !== n);
      await core.replica?.deleteQueued([n]);
    } else {
      core.entries = core.entries.map((entry) => (entry.n === n ? { ...entry, ...change } : entry));
      await core.replica?.putQueued(n, core.entries.find((entry) => entry.n === n));
    }
    this.changedEntries();
  }

  private changedEntries(): void {
    this.core.publish();
    this.core.onTouched(new Set([...this.core.conversationRecords.keys(), ...this.core.conversations.get().items.map(({ id }) => id)]));
  }

  /** Sends what waits, in order, until nothing is ready or the server is away. */
  flush(): Promise<void> {
    this.sending ??= this.sendAll().finally(() => {
      this.sending = null;
    });
    return this.sending;
  }

  private async sendAll(): Promise<void> {
    for (;;) {
      const entry = nextReady(this.core.entries);
      if (entry === null || this.isStopped || this.core.replica === null) {
        return;
      }
      try {
        await this.send(entry);
        await this.setEntry(entry.n, null);
        this.succeeded();
      } catch (thrown) {
        const error = asApiError(thrown);
        const shown = { code: error.code, message: error.message, ...(error.hint === undefined ? {} : { hint: error.hint }) };
        if (error.isTransient || error.needsUnlock) {
          this.failed(error);
          return;
        }
        await this.setEntry(entry.n, { state: "parked", error: shown });
      }
    }
  }

  private async send({ n, operation }: Entry): Promise<void> {
    const { client } = this.core;
    switch (operation.kind) {
      case "createConversation": {
        const { kind, ...body } = operation;
        void kind;
        return this.take([await client.createConversation(body)]);
      }
      case "sendMessage": {
        const parentID = "id" in operation.parent ? operation.parent.id : null;
        const turn = await client.startTurn(operation.conversationID, { kind: "send", messageID: operation.messageID, parentID, content: operation.content });
        for (const changed of resolveReply(this.core.entries, operation.messageID, turn.reply.id)) {
          await this.setEntry(changed.n, changed);
        }
        await this.take([...(turn.user === undefined ? [] : [turn.user]), turn.reply, turn.conversation]);
        return this.onReply(turn.reply);
      }
      case "changeConversation":
        return this.changeConversation(operation);
      case "deleteConversation":
        return ignoring("notFound", client.deleteConversation(operation.id));
      case "restoreConversation":
        return this.take([await client.restoreConversation(operation.id)]);
      case "createPersona": {
        const { id, name, hue, instructions, model, temperature } = operation.value;
        return this.take([await client.createPersona(defined({ id, name, hue, instructions, model, temperature }))]);
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
        return await this.take([await client.patchConversation(operation.id, { baseVersion: current.version, ...patch })]);
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
        await this.take([await client.createPersona(defined({ id, name, hue, instructions, model, temperature }))]);
        for (const changed of retargetPersona(this.core.entries, n, operation.id, id)) {
          await this.setEntry(changed.n, changed);
        }
        return this.note({ kind: "personaCopied", personaID: operation.id, copyID: id, name });
      }
      if (Object.keys(merge.patch).length === 0) {
        return;
      }
      try {
        return await this.take([await client.patchPersona(operation.id, { baseVersion: current.version, ...merge.patch })]);
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
        return await this.take([await client.putPreference(operation.key, operation.value, current?.version ?? 0)]);
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
    await this.take([error.current as Envelope<T>]);
  }

  /** Tells the user about something that was decided for them. */
  note(notice: WithoutMeta<Notice>): void {
    this.core.notices.update((notices) => [...notices, { ...notice, id: makeID(), at: Date.now() } as Notice]);
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
