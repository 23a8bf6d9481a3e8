import { Client } from "../api/client";
import type { Replica } from "../lib/replica";
import type { SealedStorage } from "../lib/SealedStorage";
import { Cell } from "./Cell";
import { overlayConversation, overlayPersona, overlayPreference } from "./sync/overlay";
import { conversationOf, type Entry, personaOf } from "./sync/outbox";
import type { Conversation, Envelope, ID, JSONValue, Message, Persona, Preference, Provider } from "./types";
import type { AppState, ConversationItem, ConversationList, Notice, OutboxItem, PersonaItem, Preferences } from "./views";

/** What every setting is until the user changes it. */
export const defaultPreferences: Preferences = {
  "appearance.scheme": "system",
  "appearance.reduceMotion": false,
  "composer.enterSends": true,
  "lock.idleMinutes": 15,
  "model.default": null,
  "links.loadImages": false,
  "persona.default": null,
};

const locked: AppState = {
  phase: "loading", connection: "online", lockReason: "opened", serverVersion: null, vault: null, retryAt: null, hasLocalCopy: false,
  sync: { isCatchingUp: false, waiting: 0, parked: 0, lastSyncedAt: null }, oldWrites: 0, hasUpdate: false,
};

/** The plaintext that an unlocked page holds. Emptied as a whole when it locks. */
export class Core {
  readonly client = new Client();
  readonly app = new Cell<AppState>(locked);
  readonly conversations = new Cell<ConversationList>({ items: [], isLoading: true });
  readonly deleted = new Cell<ConversationItem[]>([]);
  readonly personas = new Cell<PersonaItem[]>([]);
  readonly providers = new Cell<Provider[]>([]);
  readonly preferences = new Cell<Preferences>(defaultPreferences);
  readonly notices = new Cell<Notice[]>([]);
  readonly outbox = new Cell<OutboxItem[]>([]);

  replica: Replica | null = null;
  storage: SealedStorage | null = null;
  entries: Entry[] = [];

  readonly conversationRecords = new Map<ID, Envelope<Conversation>>();
  readonly personaRecords = new Map<ID, Envelope<Persona>>();
  readonly providerRecords = new Map<ID, Envelope<Provider>>();
  readonly preferenceRecords = new Map<string, Envelope<Preference>>();
  /** Conversations in which a reply is arriving. */
  readonly streaming = new Set<ID>();
  /** Replies whose text comes by a stream of its own. */
  readonly followed = new Set<ID>();
  private readonly items = new Map<ID, { record: Envelope<Conversation> | undefined; item: ConversationItem }>();

  /** Emptied with everything else: what pages that are loaded later keep. */
  readonly onWipe = new Set<() => void>();
  /** Called with the conversations whose messages or record changed. */
  onTouched: (ids: ReadonlySet<ID>) => void = () => undefined;

  /** Changes what the whole app follows; what is already so draws nothing again. */
  patch(change: Partial<AppState>): void {
    const state = this.app.get();
    if ((Object.keys(change) as (keyof AppState)[]).some((key) => change[key] !== state[key])) {
      this.app.set({ ...state, ...change });
    }
  }

  /** The same for the figures of the sync. */
  patchSync(change: Partial<AppState["sync"]>): void {
    const { sync } = this.app.get();
    if ((Object.keys(change) as (keyof AppState["sync"])[]).some((key) => change[key] !== sync[key])) {
      this.patch({ sync: { ...sync, ...change } });
    }
  }

  /** Forgets everything readable. */
  wipe(): void {
    this.entries = [];
    for (const records of [this.conversationRecords, this.personaRecords, this.providerRecords, this.preferenceRecords]) {
      records.clear();
    }
    this.streaming.clear();
    this.followed.clear();
    this.items.clear();
    this.conversations.set({ items: [], isLoading: true });
    this.deleted.set([]);
    this.personas.set([]);
    this.providers.set([]);
    this.notices.set([]);
    this.outbox.set([]);
    this.replica = null;
    this.storage = null;
    this.onWipe.forEach((wipe) => wipe());
  }

  /** Takes records into memory; says which conversations they touch. */
  take(envelopes: readonly Envelope<unknown>[]): Set<ID> {
    const touched = new Set<ID>();
    for (const envelope of envelopes) {
      switch (envelope.collection) {
        case "conversations":
          this.keep(this.conversationRecords, envelope as Envelope<Conversation>, envelope.id);
          touched.add(envelope.id);
          break;
        case "personas":
          this.keep(this.personaRecords, envelope as Envelope<Persona>, envelope.id);
          break;
        case "providers":
          this.keep(this.providerRecords, envelope as Envelope<Provider>, envelope.id);
          break;
        case "preferences":
          this.keepPreference(envelope as Envelope<Preference>);
          break;
        case "messages": {
          // A reply that is followed shows its text by itself; what the feed says of it meanwhile changes nothing on show.
          const message = envelope.value as Partial<Message> | undefined;
          if (message?.conversationID !== undefined && !(message.state === "streaming" && this.followed.has(envelope.id))) {
            touched.add(message.conversationID);
          }
        }
      }
    }
    return touched;
  }

  private keep<T>(records: Map<string, Envelope<T>>, envelope: Envelope<T>, key: string): void {
    if ((records.get(key)?.version ?? -1) > envelope.version) {
      return;
    }
    if (envelope.deleted === true || envelope.value === undefined) {
      records.delete(key);
    } else {
      records.set(key, envelope);
    }
  }

  private keepPreference(envelope: Envelope<Preference>): void {
    if (envelope.value !== undefined) {
      this.keep(this.preferenceRecords, envelope, envelope.value.key);
      return;
    }
    for (const [key, record] of this.preferenceRecords) {
      if (record.id === envelope.id) {
        this.preferenceRecords.delete(key);
      }
    }
  }

  /** Computes the lists anew from the records and what is unsent. */
  publish(): void {
    const unsent = new Set(this.entries.map(({ operation }) => conversationOf(operation)).filter((id): id is ID => id !== null));
    const items = [...new Set([...this.conversationRecords.keys(), ...unsent])].flatMap((id) => {
      // Rows of the list that did not change stay the same objects, so that only the others are drawn again.
      const record = this.conversationRecords.get(id);
      const known = this.items.get(id);
      const item = known !== undefined && known.record === record && known.item.isStreaming === this.streaming.has(id) && !known.item.isWaiting && !unsent.has(id)
        ? known.item
        : this.conversationItem(id);
      if (item === null) {
        this.items.delete(id);
        return [];
      }
      this.items.set(id, { record, item });
      return [item];
    });
    const byTime = (a: ConversationItem, b: ConversationItem) => b.updatedAt - a.updatedAt || (a.id < b.id ? 1 : -1);
    this.conversations.set({
      items: items.filter((item) => item.deletedAt === undefined).sort((a, b) => Number(b.isPinned) - Number(a.isPinned) || byTime(a, b)),
      isLoading: this.app.get().sync.isCatchingUp && items.length === 0,
    });
    this.deleted.set(items.filter((item) => item.deletedAt !== undefined).sort((a, b) => (b.deletedAt ?? 0) - (a.deletedAt ?? 0)));
    const personaIDs = new Set([...this.personaRecords.keys(), ...this.entries.map(({ operation }) => personaOf(operation)).filter((id): id is ID => id !== null)]);
    this.personas.set([...personaIDs].flatMap((id) => {
      const persona = overlayPersona(id, this.personaRecords.get(id)?.value ?? null, this.entries);
      return persona === null ? [] : [{ ...persona, isWaiting: this.entries.some(({ operation }) => personaOf(operation) === id) }];
    }).sort((a, b) => Number(b.isBuiltIn) - Number(a.isBuiltIn) || (a.id < b.id ? -1 : 1)));
    this.providers.set([...this.providerRecords.values()].flatMap(({ value }) => (value === undefined ? [] : [value])).sort((a, b) => a.createdAt - b.createdAt));
    this.preferences.set(this.mergedPreferences());
    this.outbox.set(this.entries.map((entry) => this.outboxItem(entry)));
    this.patchSync({
      waiting: this.entries.filter(({ state }) => state === "waiting").length,
      parked: this.entries.filter(({ state }) => state === "parked").length,
    });
  }

  /** A conversation with what is unsent on top. */
  conversationItem(id: ID): ConversationItem | null {
    const value = overlayConversation(id, this.conversationRecords.get(id)?.value ?? null, this.entries);
    return value === null ? null : {
      id,
      title: value.title,
      otherTitles: value.otherTitles,
      isPinned: value.isPinned,
      createdAt: value.createdAt,
      updatedAt: value.updatedAt,
      isWaiting: this.entries.some(({ operation }) => conversationOf(operation) === id),
      isStreaming: this.streaming.has(id),
      ...(value.personaID === undefined ? {} : { personaID: value.personaID }),
      ...(value.model === undefined ? {} : { model: value.model }),
      ...(value.deletedAt === undefined ? {} : { deletedAt: value.deletedAt }),
    };
  }

  /** Replaces the notices and keeps them, sealed, until they are dismissed. */
  setNotices(notices: Notice[]): void {
    this.notices.set(notices);
    void this.storage?.set("notices", notices as unknown as JSONValue);
  }

  /** The value of a setting as the user sees it; `null` for none. */
  seenPreference(key: string): JSONValue {
    return overlayPreference(key, this.storedPreference(key), this.entries);
  }

  /** The stored value of a setting; `null` for none. */
  storedPreference(key: string): JSONValue {
    return this.preferenceRecords.get(key)?.value?.value ?? null;
  }

  private mergedPreferences(): Preferences {
    const merged: Record<string, JSONValue> = {};
    for (const [key, fallback] of Object.entries(defaultPreferences) as [string, JSONValue][]) {
      merged[key] = this.seenPreference(key) ?? fallback;
    }
    return merged as unknown as Preferences;
  }

  private outboxItem({ n, operation, state, error, createdAt }: Entry): OutboxItem {
    const text = operation.kind === "sendMessage" ? operation.content
      : operation.kind === "createConversation" ? operation.title ?? "New conversation"
        : operation.kind === "changeConversation" ? operation.change.title ?? ""
          : operation.kind === "createPersona" ? operation.value.name
            : operation.kind === "setPreference" ? operation.key : "";
    return { id: String(n), kind: operation.kind, conversationID: conversationOf(operation), text, state, error, createdAt };
  }
}

/** The one core of the page. */
export const core = new Core();
