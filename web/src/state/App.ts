import { asApiError } from "../api/ApiError";
import { Cell } from "./Cell";
import { ConversationModel } from "./ConversationModel";
import { core } from "./core";
import { Session } from "./Session";
import { Streams } from "./streams";
import { Sync } from "./sync/Sync";
import type { Envelope, ID, Message, ModelListing, VaultInfo } from "./types";
import type { LockReason } from "./views";

const presenceInterval = 60_000;
const activityEvents = ["pointerdown", "keydown", "wheel", "touchstart"] as const;

/** How often other tabs hear that somebody is here. */
const activityInterval = 5_000;

/** What tabs tell each other; nothing readable is among it. */
type TabMessage = { kind: "lock" | "logout" | "active" | "queue" | "change" };

interface TrustedTypePolicy { createScriptURL(url: string): string }
interface TrustedTypeFactory { createPolicy(name: string, rules: { createScriptURL(url: string): string }): TrustedTypePolicy }

/** Holds the parts of the unlocked page together and follows the person at the keyboard. */
export class App {
  readonly session = new Session(core);
  readonly models = new Cell<ModelListing & { isLoading: boolean }>({ items: [], default: null, unreachable: [], isLoading: true });
  /** Seconds until this page locks. */
  readonly countdown = new Cell<number | null>(null);
  sync = new Sync(core);
  private streams = this.makeStreams();
  private readonly conversations = new Map<ID, ConversationModel>();
  private readonly tabs = typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel("cherry");
  private lastActivity = Date.now();
  private lastTold = 0;
  private modelsUnderWay: Promise<void> | null = null;
  private lastPresence = Date.now();
  private endReporting: () => Promise<void> = () => Promise.resolve();

  constructor() {
    core.onTouched = (ids) => this.conversations.forEach((model, id) => {
      if (ids.has(id) && model.view.isFollowed) {
        void model.refresh();
      }
    });
    core.client.onClosed = (error) => {
      // Until the login of an offline unlock has arrived, a closed door says nothing new.
      if (!this.session.isLogInPending) {
        core.patch({ connection: "online" }); // who refuses can be reached
        this.lock(error.code === "sealed" ? "server" : "expired");
      }
    };
    core.client.onReachable = (isReachable) => {
      if (!isReachable) {
        core.patch({ connection: "offline" });
      }
    };
    this.session.onOpened = () => this.opened();
    this.session.onClosing = () => this.closing();
  }

  /** Starts the app; called once. */
  start(): void {
    void this.session.begin();
    activityEvents.forEach((type) => addEventListener(type, () => this.active(), { passive: true, capture: true }));
    setInterval(() => this.tick(), 1_000);
    // A page that comes back from sleep or from the background may be overdue.
    addEventListener("pageshow", () => this.tick());
    document.addEventListener("visibilitychange", () => this.tick());
    addEventListener("online", () => void this.reconnect());
    addEventListener("offline", () => core.patch({ connection: "offline" }));
    this.tabs?.addEventListener("message", ({ data }: MessageEvent<TabMessage>) => this.heard(data.kind));
    void this.installWorker();
  }

  private tell(kind: TabMessage["kind"]): void {
    const message: TabMessage = { kind };
    this.tabs?.postMessage(message);
  }

  private heard(kind: TabMessage["kind"]): void {
    switch (kind) {
      case "active":
        this.lastActivity = Date.now();
        break;
      case "queue":
      case "change":
        if (core.app.get().phase === "ready") {
          void this.sync.heard(kind).catch(() => undefined); // locked meanwhile
        }
        break;
      case "lock":
      case "logout":
        this.session.close("elsewhere");
        if (kind === "logout") {
          core.patch({ hasLocalCopy: false });
        }
    }
  }

  /** Somebody is at the keyboard: no tab locks. */
  private active(): void {
    this.lastActivity = Date.now();
    if (this.lastActivity - this.lastTold > activityInterval) {
      this.lastTold = this.lastActivity;
      this.tell("active");
    }
  }

  private makeStreams(): Streams {
    return new Streams(core, async (end: Envelope<Message>) => {
      await this.sync.take([end]);
      this.sync.nudge();
      void this.sync.flush(); // what follows this reply waited for its end
    });
  }

  private opened(): void {
    this.sync = new Sync(core);
    this.streams = this.makeStreams();
    this.sync.onLock = () => this.lock("server");
    this.sync.announce = (kind) => this.tell(kind);
    this.sync.beforeReconnect = () => this.session.logInAgain().catch(() => undefined); // refused: the pull will say so
    this.sync.isDoorClosed = () => !this.session.isLogInPending;
    this.sync.onReply = (reply) => {
      const message = reply.value as Message;
      this.streams.follow(message);
      core.publish();
    };
    this.lastActivity = Date.now();
    this.sync.start();
    void this.refreshVault().catch(() => undefined); // the status line shows what is known
    void navigator.storage?.persist?.();
    void this.beginReporting().catch(() => undefined); // without it the page only tells nothing of its failures
  }

  /** Tells the server of this page's failures, if it wants to know. */
  private async beginReporting(): Promise<void> {
    const { replica } = core;
    const { telemetry } = await core.client.status();
    if (telemetry?.errors !== true || replica === null) {
      return;
    }
    const { startReporting } = await import("../lib/sentry");
    const end = await startReporting(core.client, replica);
    if (core.replica === replica) {
      this.endReporting = end;
    } else {
      void end(); // locked meanwhile
    }
  }

  private closing(): void {
    void this.endReporting();
    this.endReporting = () => Promise.resolve();
    this.sync.stop();
    this.streams.closeAll();
    core.client.cancelAll();
    this.conversations.clear();
    this.models.set({ items: [], default: null, unreachable: [], isLoading: true });
    this.countdown.set(null);
  }

  /** The model of one conversation, made at its first use. */
  conversation(id: ID): ConversationModel {
    let model = this.conversations.get(id);
    if (model === undefined) {
      model = new ConversationModel(id, core, this.streams);
      this.conversations.set(id, model);
      const made = model;
      queueMicrotask(() => void made.refresh()); // not while a component is being drawn
    }
    return model;
  }

  stream(id: ID): ReturnType<Streams["view"]> {
    return this.streams.view(id);
  }

  follow(reply: Envelope<Message>): void {
    this.sync.onReply(reply);
  }

  async refreshVault(): Promise<VaultInfo> {
    const vault = await core.client.vault();
    core.patch({ vault });
    return vault;
  }

  /** Asks which models there are, unless an answer is under way: for several that begin to follow at once. */
  joinModels(): Promise<void> {
    return this.modelsUnderWay ?? this.refreshModels();
  }

  refreshModels(): Promise<void> {
    const loading = this.loadModels().finally(() => {
      if (this.modelsUnderWay === loading) {
        this.modelsUnderWay = null;
      }
    });
    this.modelsUnderWay = loading;
    return loading;
  }

  private async loadModels(): Promise<void> {
    this.models.update((models) => ({ ...models, isLoading: true }));
    try {
      this.models.set({ ...(await core.client.models()), isLoading: false });
    } catch (error) {
      void asApiError(error);
      this.models.update((models) => ({ ...models, isLoading: false }));
    }
  }

  async reconnect(): Promise<void> {
    if (core.app.get().phase === "ready") {
      await this.session.logInAgain().catch(() => undefined); // refused: the pull will say so
      await this.sync.retry();
    } else {
      await this.session.begin();
    }
  }

  /** Forgets everything here; other tabs follow. */
  lock(reason: LockReason): void {
    if (core.replica === null) {
      return;
    }
    this.session.close(reason);
    this.tell("lock");
    if (reason === "idle") {
      void this.endSession();
    }
  }

  /** After nobody was here for long, the cookie that is left must open nothing. The server may stay unlocked for other devices. */
  private async endSession(): Promise<void> {
    try {
      const current = (await core.client.sessions()).find((session) => session.current);
      if (current !== undefined) {
        await core.client.revokeSession(current.id, true);
      }
    } catch {
      // Out of reach or locked by itself: its own time-outs end the session.
    }
  }

  async forget(): Promise<void> {
    this.session.close("user");
    this.tell("logout");
    await this.session.forgetBrowser();
  }

  private tick(): void {
    if (core.app.get().phase !== "ready") {
      return;
    }
    const left = core.preferences.get()["lock.idleMinutes"] * 60 - Math.floor((Date.now() - this.lastActivity) / 1000);
    if (left <= 0) {
      this.lock("idle");
      return;
    }
    this.countdown.set(left <= 60 ? left : Math.ceil(left / 15) * 15);
    // While somebody is here, the server is told so: reading and typing make no requests of their own.
    const now = Date.now();
    if (now - this.lastPresence > presenceInterval && now - this.lastActivity < presenceInterval && core.app.get().connection === "online") {
      this.lastPresence = now;
      void this.refreshVault().catch(() => undefined); // the next pull reports a server that is away
    }
  }

  private async installWorker(): Promise<void> {
    if (!("serviceWorker" in navigator)) {
      return;
    }
    const types = (window as unknown as { trustedTypes?: TrustedTypeFactory }).trustedTypes;
    const policy = types?.createPolicy("cherry", {
      createScriptURL: (url) => {
        if (url !== "/sw.js") {
          throw new TypeError("Only the app's own worker may be loaded.");
        }
        return url;
      },
    });
    try {
      const registration = await navigator.serviceWorker.register((policy?.createScriptURL("/sw.js") ?? "/sw.js") as string, { updateViaCache: "none" });
      const announce = () => {
        if (registration.waiting !== null && navigator.serviceWorker.controller !== null) {
          core.patch({ hasUpdate: true });
        }
      };
      announce();
      registration.addEventListener("updatefound", () => registration.installing?.addEventListener("statechange", announce));
    } catch {
      // Without it the app works as before, only not without the server.
    }
  }

  applyUpdate(): void {
    void navigator.serviceWorker.getRegistration().then((registration) => {
      navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: true });
      registration?.waiting?.postMessage("activate");
    });
  }
}

/** The one app of the page. */
export const app = new App();
