import type {
  ID, ImportSummary, ModelReference, PersonaInput, Preferences, ProviderInput, ProviderTest, RecoveryKit, SearchResult,
  Session, SystemInfo, VaultInfo,
} from "./types";

/** Everything a user can do. Promises reject with `ApiError`; what says "queued" works offline too and is sent later. */
export interface Actions {
  /** Asks the server again whether it is there (from `unreachableFirstRun` or offline). */
  reconnect(): Promise<void>;

  // Vault and session
  /** Creates the vault. The phase stays `firstRun` until `confirmRecovery` accepts or `postponeRecovery` is called. */
  setUp(passphrase: string): Promise<RecoveryKit>;
  /** Checks what the user typed back (group index → text). Resolves to the indexes that are wrong; empty means confirmed. */
  confirmRecovery(answers: Record<number, string>): Promise<number[]>;
  /** Enters the app with the kit unconfirmed; `vault.recoveryConfirmed` stays false. */
  postponeRecovery(): Promise<void>;
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

export const actions = {} as Actions;
