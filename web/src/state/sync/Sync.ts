import { type ApiError, asApiError } from "../../api/ApiError";
import { openEvents, type EventStream } from "../../api/events";
import type { Core } from "../core";
import type { Envelope } from "../types";
import type { Entry, Operation } from "./outbox";
import { Sender } from "./Sender";
import { withLock } from "./withLock";

const pageSize = 500;
const pullDelay = 120;
/** While a reply arrives, its text comes by its own stream; the feed is only asked now and then. */
const pullDelayWhileStreaming = 400;
/** How exactly the time of the last sync is told: each change draws the frame again. */
const syncedInterval = 15_000;
const retryDelays = [1_000, 2_000, 5_000, 15_000, 30_000];

/** Keeps this browser's copy and the server in step: pulls the change feed, sends the outbox. */
export class Sync {
  private events: EventStream | null = null;
  private pulling: Promise<void> | null = null;
  private isWanted = false;
  private pullTimer: ReturnType<typeof setTimeout> | undefined;
  private pullDue = Infinity;
  private retryTimer: ReturnType<typeof setTimeout> | undefined;
  private failures = 0;
  private isStopped = false;
  private readonly ending = new AbortController();
  private readonly sender: Sender;

  /** Called when the server says that it locked. */
  onLock: () => void = () => undefined;
  /** Called with each reply that began. */
  onReply: (reply: Envelope<unknown>) => void = () => undefined;
  /** Called before the server is tried again after it was away. */
  beforeReconnect: () => Promise<void> = async () => undefined;
  /** Asked when the server wants an unlock: whether the page has nothing to answer with, and so was told to lock. */
  isDoorClosed: () => boolean = () => true;
  /** Called when other tabs should look: at the outbox, or at the server's changes. */
  announce: (kind: "queue" | "change") => void = () => undefined;

  constructor(private readonly core: Core) {
    this.sender = new Sender(core, this, this.ending.signal);
  }

  start(): void {
    // A browser opens few connections to one server: of all tabs, one listens and tells the others.
    void withLock("cherry events", () => this.listen(), this.ending.signal);
    this.nudge();
    void this.flush();
  }

  private listen(): Promise<void> {
    this.events = openEvents({
      address: () => "/api/v1/events",
      types: ["change", "lock"],
      event: (type) => (type === "lock" ? this.onLock() : this.changed()),
      open: (isOpen) => (isOpen ? this.changed() : undefined),
    });
    return new Promise((resolve) => this.ending.signal.addEventListener("abort", () => resolve()));
  }

  private changed(): void {
    this.nudge();
    this.announce("change");
  }

  stop(): void {
    this.isStopped = true;
    this.ending.abort();
    this.events?.close();
    clearTimeout(this.pullTimer);
    clearTimeout(this.retryTimer);
  }

  /** Something changed on the server: asks for it soon, once for many changes. */
  nudge(): void {
    const delay = this.core.followed.size > 0 ? pullDelayWhileStreaming : pullDelay;
    if (this.isStopped || Date.now() + delay >= this.pullDue) {
      return;
    }
    clearTimeout(this.pullTimer);
    this.pullDue = Date.now() + delay;
    this.pullTimer = setTimeout(() => {
      this.pullDue = Infinity;
      void this.pull();
    }, delay);
  }

  /** What another tab announced. */
  async heard(kind: "queue" | "change"): Promise<void> {
    if (kind === "change") {
      this.nudge();
      return;
    }
    await this.sender.readQueue();
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
    if (envelopes.some(({ collection }) => collection !== "messages")) {
      this.core.publish();
    }
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
    const wasCatchingUp = core.app.get().sync.isCatchingUp;
    this.setCatchingUp(false);
    if (wasCatchingUp) {
      core.publish();
    }
    void this.flush();
  }

  private setCatchingUp(isCatchingUp: boolean): void {
    const { lastSyncedAt } = this.core.app.get().sync;
    const isOld = Date.now() - (lastSyncedAt ?? 0) > syncedInterval;
    this.core.patchSync(isCatchingUp || !isOld ? { isCatchingUp } : { isCatchingUp, lastSyncedAt: Date.now() });
  }

  /** The server answered. */
  succeeded(): void {
    this.failures = 0;
    this.core.patch({ connection: "online" });
  }

  /** The server could not be asked: tries again later. */
  failed(error: ApiError): void {
    if (this.isStopped || (error.needsUnlock && this.isDoorClosed())) {
      return; // the client already reported a closed session
    }
    this.setCatchingUp(false);
    if (error.isTransient || error.needsUnlock) {
      this.core.patch({ connection: error.status === 0 ? "offline" : "online" });
      clearTimeout(this.retryTimer);
      this.retryTimer = setTimeout(() => {
        void this.beforeReconnect().then(() => this.pull()).then(() => this.flush());
      }, retryDelays[Math.min(this.failures, retryDelays.length - 1)]);
      this.failures += 1;
    }
  }

  /** Puts a write on disk, shows it, and sends it when the server is there. */
  enqueue(operation: Operation): Promise<void> {
    return this.sender.enqueue(operation);
  }

  /** Changes an unsent write, or gives it up. */
  setEntry(n: number, change: Partial<Entry> | null): Promise<void> {
    return this.sender.setEntry(n, change);
  }

  /** Sends what waits. */
  flush(): Promise<void> {
    return this.sender.flush();
  }
}
