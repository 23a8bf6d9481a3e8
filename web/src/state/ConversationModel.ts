import { asApiError } from "../api/ApiError";
import { localProviderID } from "../lib/ids";
import { Cell } from "./Cell";
import type { Core } from "./core";
import type { Streams } from "./streams";
import type { Entry } from "./sync/outbox";
import { overlayMessages } from "./sync/overlay";
import type { Envelope, ID, Message, TurnNotice } from "./types";
import type { ConversationView, MessageItem } from "./views";

const pageSize = 60;

const blank: ConversationView = {
  status: "loading", conversation: null, messages: [], hasOlder: false, isLoadingOlder: false, leaf: null, streamingID: null, error: null,
};

/** The branch that the user chose and the server does not know yet. */
function chosenLeaf(entries: readonly Entry[], id: ID): ID | null {
  return entries.reduce<ID | null>((leaf, { operation }) => (operation.kind === "changeConversation" && operation.id === id ? operation.change.activeLeaf ?? leaf : leaf), null);
}

/** What the figures of a reply say about it. */
function noticesOf(message: Message): TurnNotice[] {
  const omittedMessages = message.metrics?.omittedMessages ?? 0;
  return [
    ...(omittedMessages > 0 ? [{ code: "contextTrimmed" as const, omittedMessages }] : []),
    ...(message.model?.providerID === localProviderID && message.state === "complete" ? [{ code: "tinyModel" as const }] : []),
  ];
}

/** A window on the branch on show of one conversation, with what is unsent after it. */
export class ConversationModel {
  readonly view = new Cell<ConversationView>(blank);
  /** Shows the branch that ends here instead of the active one: for what a search found. */
  private shownLeaf: ID | null = null;
  private size = pageSize;
  private window: Envelope<Message>[] = [];
  private siblings = new Map<ID, ID[]>();
  private hasOlder = false;
  private items = new Map<ID, MessageItem>();
  private loading: Promise<void> | null = null;
  private isStale = false;

  constructor(
    readonly id: ID,
    private readonly core: Core,
    private readonly streams: Streams,
  ) {}

  /** Reads the window again; calls in between are joined. */
  refresh(): Promise<void> {
    if (this.loading !== null) {
      this.isStale = true;
      return this.loading;
    }
    this.loading = this.load().catch((thrown: unknown) => {
      const error = asApiError(thrown);
      this.patch({ status: "failed", error: { code: error.code, message: error.message, ...(error.hint === undefined ? {} : { hint: error.hint }) } });
    }).finally(() => {
      this.loading = null;
      if (this.isStale) {
        this.isStale = false;
        void this.refresh();
      }
    });
    return this.loading;
  }

  loadOlder(): void {
    if (this.hasOlder && !this.view.get().isLoadingOlder) {
      this.size += pageSize;
      this.patch({ isLoadingOlder: true });
      void this.refresh();
    }
  }

  /** Shows the branch that ends in `leaf`, from a message some way up. */
  show(leaf: ID | null): Promise<void> {
    this.shownLeaf = leaf;
    this.size = pageSize;
    return this.refresh();
  }

  /** Makes the window large enough to hold a message. */
  widen(): Promise<void> {
    this.size = 20_000;
    return this.refresh();
  }

  private patch(change: Partial<ConversationView>): void {
    this.view.update((view) => ({ ...view, ...change }));
  }

  private async load(): Promise<void> {
    const { core } = this;
    const conversation = core.conversationItem(this.id);
    if (conversation === null) {
      this.patch({ ...blank, status: core.app.get().sync.isCatchingUp ? "loading" : "missing" });
      return;
    }
    const record = core.conversationRecords.get(this.id);
    const leaf = this.shownLeaf ?? chosenLeaf(core.entries, this.id) ?? record?.value?.activeLeaf ?? null;
    let isWhole = true;
    if (leaf === null) {
      [this.window, this.hasOlder, this.siblings] = [[], false, new Map()];
    } else {
      const { connection, sync } = core.app.get();
      // While the copy is being filled, its tables are busy and likely lack this branch: the server answers sooner.
      const local = connection === "online" && sync.isCatchingUp ? undefined : await core.replica?.path(this.id, leaf, this.size);
      if (local !== undefined && local.isWhole) {
        [this.window, this.hasOlder, this.siblings] = [local.items, local.hasOlder, local.siblings];
      } else if (core.app.get().connection === "online") {
        const page = await core.client.messages(this.id, { leaf, limit: Math.min(this.size, 500) });
        void core.replica?.apply(page.items).catch(() => undefined); // the feed brings them again
        [this.window, this.hasOlder, this.siblings] = [page.items, page.hasMore, new Map(Object.entries(page.branches))];
      } else {
        isWhole = false;
        [this.window, this.hasOlder, this.siblings] = [local?.items ?? [], false, local?.siblings ?? new Map<ID, ID[]>()];
      }
    }
    this.render(isWhole ? "ready" : "partial", leaf);
  }

  private render(status: ConversationView["status"], leaf: ID | null): void {
    const { kept, pending } = overlayMessages(this.window, this.id, this.core.entries);
    const items = new Map<ID, MessageItem>();
    const list = this.window.slice(0, kept).flatMap((envelope) => {
      if (envelope.value === undefined) {
        return [];
      }
      const ids = this.siblings.get(envelope.id) ?? [envelope.id];
      return [this.item(items, envelope.value, envelope.version, ids, null, null)];
    });
    for (const { entry, message } of pending) {
      list.push(this.item(items, message, -entry.n, [message.id], entry.state, entry.error));
    }
    this.items = items;
    const last = list[list.length - 1];
    const streamingID = last?.message.state === "streaming" ? last.id : null;
    if (last !== undefined && streamingID !== null) {
      this.streams.follow(last.message);
    }
    this.patch({
      status, conversation: this.core.conversationItem(this.id), messages: list, hasOlder: this.hasOlder && kept === this.window.length,
      isLoadingOlder: false, leaf, streamingID, error: null,
    });
  }

  private readonly versions = new Map<ID, string>();

  private item(
    into: Map<ID, MessageItem>, message: Message, version: number, siblings: ID[], pending: MessageItem["pending"], error: MessageItem["error"],
  ): MessageItem {
    const notices = noticesOf(message);
    const stamp = JSON.stringify([version, siblings, pending, error, notices]);
    const before = this.items.get(message.id);
    const item = before !== undefined && this.versions.get(message.id) === stamp ? before : {
      id: message.id, message, siblings, index: Math.max(0, siblings.indexOf(message.id)), pending, error, notices,
    };
    this.versions.set(message.id, stamp);
    into.set(message.id, item);
    return item;
  }

  /** A message of the window. */
  find(id: ID): Message | null {
    return this.items.get(id)?.message ?? null;
  }

  /** The end of the branch below a message. */
  async leafBelow(id: ID): Promise<ID> {
    return (await this.core.replica?.leafBelow(id)) ?? id;
  }
}
