import { ApiError } from "../api/ApiError";
import type { FileAnswer } from "../api/client";
import { builtInPersonas, makeID } from "../lib/ids";
import { app } from "./App";
import { searchCopy } from "./searchCopy";
import { core } from "./core";
import { type ConversationChange, type Parent, parentOfNext } from "./sync/outbox";
import { overlayConversation } from "./sync/overlay";
import type {
  Conversation, ID, ImportSummary, JSONValue, Message, ModelReference, Persona, ProviderTest, SearchResult, Session, SystemInfo, ToolDecision,
  VaultInfo,
} from "./types";
import type { PersonaInput, Preferences, ProviderInput, RecoveryKit } from "./views";

/** Everything a user can do. Promises reject with `ApiError`; what says "queued" works offline too and is sent later. */
export interface Actions {
  /** Asks the server again whether it is there (from `unreachableFirstRun` or offline). */
  reconnect(): Promise<void>;

  // Vault and session
  /** Creates the vault. The phase stays `firstRun` until `finishSetUp` is called. */
  setUp(passphrase: string): Promise<RecoveryKit>;
  /** Checks what the user typed back (group index → text). Resolves to the indexes that are wrong; empty means confirmed. */
  confirmRecovery(answers: Record<number, string>): Promise<number[]>;
  /** Enters the app after the first run. With an unconfirmed kit `vault.recoveryConfirmed` stays false. */
  finishSetUp(): Promise<void>;
  unlock(passphrase: string): Promise<void>;
  /** Sets a new passphrase by the recovery code and unlocks. */
  recover(code: string, newPassphrase: string): Promise<void>;
  /** Seals the server for every device and forgets the keys here. */
  lock(): Promise<void>;
  /** Ends this session and removes every trace from this browser. */
  logout(): Promise<void>;
  changePassphrase(current: string, next: string): Promise<void>;
  /** Makes a new kit; the old one stops working. Then `confirmRecovery`. */
  newRecoveryKit(passphrase: string): Promise<RecoveryKit>;
  sessions(): Promise<Session[]>;
  revokeSession(id: ID): Promise<void>;
  refreshVault(): Promise<VaultInfo>;
  addMachineSlot(passphrase: string): Promise<void>;
  removeSlot(id: ID, passphrase: string): Promise<void>;
  rotateKeys(passphrase: string): Promise<void>;
  /** Checks every record. Resolves to the number of sound records; rejects with `tampered` naming the record. */
  verifyStore(): Promise<number>;
  /** Unsent writes sealed under an older passphrase: opens them with it and queues them; resolves to how many. */
  openOldWrites(oldPassphrase: string): Promise<number>;
  discardOldWrites(): Promise<void>;

  // Conversations (queued unless said otherwise)
  /** Resolves to its id at once. */
  createConversation(options?: { title?: string; personaID?: ID; model?: ModelReference }): Promise<ID>;
  renameConversation(id: ID, title: string): Promise<void>;
  /** Marks it deleted; `undo` brings it back (the server keeps it for ten minutes). */
  deleteConversation(id: ID): Promise<{ undo(): Promise<void> }>;
  restoreConversation(id: ID): Promise<void>;
  pin(id: ID, isPinned: boolean): Promise<void>;
  setConversationPersona(id: ID, personaID: ID | null): Promise<void>;
  setConversationModel(id: ID, model: ModelReference | null): Promise<void>;
  /** Removes one kept title, or makes it the title. */
  dropOtherTitle(id: ID, title: string): Promise<void>;

  // Messages
  /** Queued. Follows the branch on show; resolves to the message's id. */
  send(conversationID: ID, content: string): Promise<ID>;
  /** Queued. Sends `content` as a new version of a user's message. */
  editAndSend(conversationID: ID, messageID: ID, content: string): Promise<ID>;
  /** Needs the server. A new reply beside the old one; `model` overrides for this reply. */
  regenerate(conversationID: ID, replyID: ID, options?: { model?: ModelReference; personaID?: ID }): Promise<void>;
  /** A failed, stopped or interrupted reply again (as a new version), or a refused message again. */
  retry(conversationID: ID, messageID: ID): Promise<void>;
  stop(replyID: ID): Promise<void>;
  /** Says whether a tool that asks may run. */
  decideToolUse(messageID: ID, useID: string, decision: ToolDecision): Promise<void>;
  /** Queued. Shows the branch that holds `messageID`, to its latest end. */
  switchBranch(conversationID: ID, messageID: ID): Promise<void>;
  /** Loads the page around a message that search found, on its branch. */
  showMessage(conversationID: ID, messageID: ID): Promise<void>;
  search(query: string, options?: { limit?: number; signal?: AbortSignal }): Promise<SearchResult>;

  // Personas (queued, except reset)
  createPersona(input: PersonaInput): Promise<ID>;
  updatePersona(id: ID, change: Partial<PersonaInput>): Promise<void>;
  deletePersona(id: ID): Promise<void>;
  resetPersona(id: ID): Promise<void>;

  // Providers (need the server)
  createProvider(input: ProviderInput): Promise<ID>;
  updateProvider(id: ID, change: Partial<ProviderInput>): Promise<void>;
  deleteProvider(id: ID): Promise<void>;
  testProvider(id: ID): Promise<ProviderTest>;

  /** Queued. `null` where the type allows it removes the setting. */
  setPreference<K extends keyof Preferences>(key: K, value: Preferences[K]): Promise<void>;

  // Data (need the server). Exports are handed to the browser as a download; they resolve to the file's name.
  exportAll(format: "json" | "markdown", passphrase: string): Promise<string>;
  exportConversation(id: ID, format: "json" | "markdown"): Promise<string>;
  importAll(file: File): Promise<ImportSummary>;
  /** Destroys everything on the server and in this browser. */
  eraseEverything(passphrase: string): Promise<void>;
  system(): Promise<SystemInfo>;

  // Outbox, notices, updates
  retryWrite(id: string): Promise<void>;
  discardWrite(id: string): Promise<void>;
  dismissNotice(id: string): Promise<void>;
  /** A preference that lost a conflict: sets the value from this device after all. */
  applyNotice(id: string): Promise<void>;
  applyUpdate(): void;
}

/** A conversation's record and a message's, or an error that says which is missing. */
function recordOf(id: ID): Conversation {
  const value = overlayConversation(id, core.conversationRecords.get(id)?.value ?? null, core.entries);
  if (value === null) {
    throw new ApiError({ code: "notFound", status: 404, message: "There is no such conversation." });
  }
  return value;
}

function change(id: ID, fields: ConversationChange): Promise<void> {
  return app.sync.enqueue({ kind: "changeConversation", id, base: { title: recordOf(id).title }, change: fields });
}

function needMessage(conversationID: ID, messageID: ID): Message {
  const message = app.conversation(conversationID).find(messageID);
  if (message === null) {
    throw new ApiError({ code: "notFound", status: 404, message: "This message is not on show any more." });
  }
  return message;
}

async function enqueueMessage(conversationID: ID, parent: Parent, content: string): Promise<ID> {
  const messageID = makeID();
  await app.conversation(conversationID).show(null);
  await app.sync.enqueue({ kind: "sendMessage", conversationID, messageID, parent, content });
  return messageID;
}

function download({ name, data }: FileAnswer): string {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(data);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  return name;
}

function providerBody(input: Partial<ProviderInput>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined));
}

export const actions: Actions = {
  reconnect: () => app.reconnect(),

  setUp: (passphrase) => app.session.setUp(passphrase),
  confirmRecovery: (answers) => app.session.confirmRecovery(answers),
  finishSetUp: async () => app.session.finishSetUp(),
  unlock: (passphrase) => app.session.unlock(passphrase),
  recover: (code, passphrase) => app.session.recover(code, passphrase),
  async lock() {
    // First here: the page forgets its keys whether or not the server hears of it, and nothing readable arrives after.
    app.lock("user");
    await core.client.lock().catch(() => undefined);
  },
  async logout() {
    await core.client.logout().catch(() => undefined);
    await app.forget();
    await app.session.begin();
  },
  changePassphrase: (current, next) => app.session.changePassphrase(current, next),
  newRecoveryKit: (passphrase) => app.session.newRecoveryKit(passphrase),
  sessions: () => core.client.sessions(),
  revokeSession: (id) => core.client.revokeSession(id),
  refreshVault: () => app.refreshVault(),
  async addMachineSlot(passphrase) {
    await core.client.addMachineSlot((await app.session.derive(passphrase)).login);
    await app.refreshVault();
  },
  async removeSlot(id, passphrase) {
    await core.client.removeSlot(id, (await app.session.derive(passphrase)).login);
    await app.refreshVault();
  },
  async rotateKeys(passphrase) {
    await core.client.rotate((await app.session.derive(passphrase)).login);
    await app.refreshVault();
  },
  verifyStore: async () => (await core.client.verify()).records,
  openOldWrites: (passphrase) => app.session.openOldWrites(passphrase),
  discardOldWrites: () => app.session.discardOldWrites(),

  async createConversation(options = {}) {
    const id = makeID();
    const personaID = options.personaID ?? core.preferences.get()["persona.default"] ?? builtInPersonas.cherry;
    await app.sync.enqueue({ kind: "createConversation", id, ...options, personaID });
    return id;
  },
  renameConversation: (id, title) => change(id, { title }),
  async deleteConversation(id) {
    await app.sync.enqueue({ kind: "deleteConversation", id });
    return { undo: () => actions.restoreConversation(id) };
  },
  restoreConversation: (id) => app.sync.enqueue({ kind: "restoreConversation", id }),
  pin: (id, isPinned) => change(id, { isPinned }),
  setConversationPersona: (id, personaID) => change(id, { personaID }),
  setConversationModel: (id, model) => change(id, { model }),
  dropOtherTitle: (id, title) => change(id, { dropTitle: title }),

  send: (conversationID, content) => enqueueMessage(
    conversationID,
    parentOfNext(core.entries, conversationID, core.conversationRecords.get(conversationID)?.value?.activeLeaf ?? null),
    content,
  ),
  editAndSend: (conversationID, messageID, content) =>
    enqueueMessage(conversationID, { id: needMessage(conversationID, messageID).parentID ?? null }, content),
  async regenerate(conversationID, replyID, options = {}) {
    const reply = needMessage(conversationID, replyID);
    const parentID = reply.role === "assistant" ? reply.parentID ?? "" : reply.id;
    const turn = await core.client.startTurn(conversationID, { kind: "regenerate", parentID, ...options });
    await app.conversation(conversationID).show(null);
    await app.sync.take([turn.reply, turn.conversation]);
    app.follow(turn.reply);
  },
  async retry(conversationID, messageID) {
    const parked = core.entries.find(({ operation, state }) => state === "parked" && operation.kind === "sendMessage" && operation.messageID === messageID);
    await (parked === undefined ? actions.regenerate(conversationID, messageID) : actions.retryWrite(String(parked.n)));
  },
  stop: (replyID) => core.client.stop(replyID),
  decideToolUse: (messageID, useID, decision) => core.client.decideToolUse(messageID, useID, decision),
  async switchBranch(conversationID, messageID) {
    const model = app.conversation(conversationID);
    const leaf = await model.leafBelow(messageID);
    await change(conversationID, { activeLeaf: leaf });
    await model.show(null);
  },
  async showMessage(conversationID, messageID) {
    const model = app.conversation(conversationID);
    await model.refresh();
    if (model.find(messageID) === null) {
      await model.show(await model.leafBelow(messageID));
      await model.widen();
    }
  },
  async search(query, { limit = 20, signal } = {}) {
    try {
      return { ...(await core.client.search(query, limit, signal)), isLocal: false };
    } catch (error) {
      if (error instanceof ApiError && error.status === 0 && error.code !== "cancelled" && core.replica !== null) {
        return searchCopy(core.replica, core.conversations.get().items, query, limit, signal);
      }
      throw error;
    }
  },

  async createPersona(input) {
    const now = Date.now();
    const { model, temperature, ...rest } = input;
    const value: Persona = {
      id: makeID(), ...rest, isBuiltIn: false, createdAt: now, updatedAt: now,
      ...(model === undefined || model === null ? {} : { model }),
      ...(temperature === undefined || temperature === null ? {} : { temperature }),
    };
    await app.sync.enqueue({ kind: "createPersona", value });
    return value.id;
  },
  async updatePersona(id, fields) {
    const base = core.personas.get().find((each) => each.id === id);
    if (base !== undefined) {
      const { isWaiting, ...persona } = base;
      void isWaiting;
      await app.sync.enqueue({ kind: "changePersona", id, base: persona, change: fields });
    }
  },
  deletePersona: (id) => app.sync.enqueue({ kind: "deletePersona", id }),
  resetPersona: async (id) => app.sync.take([await core.client.resetPersona(id)]),

  async createProvider(input) {
    const record = await core.client.createProvider(providerBody(input));
    await app.sync.take([record]);
    void app.refreshModels();
    return record.id;
  },
  async updateProvider(id, input) {
    const baseVersion = core.providerRecords.get(id)?.version ?? 0;
    await app.sync.take([await core.client.patchProvider(id, { baseVersion, ...providerBody(input) })]);
    void app.refreshModels();
  },
  async deleteProvider(id) {
    await core.client.deleteProvider(id);
    core.providerRecords.delete(id);
    core.publish();
    app.sync.nudge();
    void app.refreshModels();
  },
  testProvider: (id) => core.client.testProvider(id),

  setPreference: (key, value) => app.sync.enqueue({
    kind: "setPreference", key, base: core.seenPreference(key), value: value as JSONValue,
  }),

  exportAll: async (format, passphrase) => download(await core.client.exportAll(format, (await app.session.derive(passphrase)).login)),
  exportConversation: async (id, format) => download(await core.client.exportConversation(id, format)),
  async importAll(file) {
    const summary = await core.client.importAll(file);
    await app.sync.pull();
    return summary;
  },
  async eraseEverything(passphrase) {
    await core.client.erase((await app.session.derive(passphrase)).login);
    await app.forget();
    await app.session.begin();
  },
  system: () => core.client.system(),

  async retryWrite(id) {
    await app.sync.setEntry(Number(id), { state: "waiting", error: null });
    await app.sync.flush();
  },
  discardWrite: (id) => app.sync.setEntry(Number(id), null),
  dismissNotice: async (id) => core.setNotices(core.notices.get().filter((notice) => notice.id !== id)),
  async applyNotice(id) {
    const notice = core.notices.get().find((each) => each.id === id);
    if (notice?.kind === "preferenceConflict") {
      await app.sync.enqueue({ kind: "setPreference", key: notice.key, base: core.seenPreference(notice.key), value: notice.mine });
    }
    await actions.dismissNotice(id);
  },
  applyUpdate: () => app.applyUpdate(),
};
