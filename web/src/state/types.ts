/** UUID in lower case. */
export type ID = string;
/** Milliseconds since 1970. */
export type Timestamp = number;

/** A record as the server sends it. A tombstone has `deleted` and no value. */
export interface Envelope<T> {
  id: ID;
  collection: Collection;
  version: number;
  position: number;
  changedAt: Timestamp;
  value?: T;
  deleted?: true;
}

export type Collection = "conversations" | "messages" | "personas" | "preferences" | "providers";

// Records, as Sources/CherryCore/Records encodes them.

export interface ModelReference {
  providerID: ID;
  model: string;
}

export interface Conversation {
  id: ID;
  title: string;
  titleSource: "fallback" | "model" | "user";
  /** Titles that lost a conflict between two devices and were kept, newest last. */
  otherTitles: string[];
  personaID?: ID;
  model?: ModelReference;
  activeLeaf?: ID;
  isPinned: boolean;
  createdAt: Timestamp;
  updatedAt: Timestamp;
  deletedAt?: Timestamp;
}

export type MessageState = "streaming" | "complete" | "stopped" | "failed" | "interrupted";

export interface MessageFailure {
  code: string;
  message: string;
  hint?: string;
}

export interface MessageMetrics {
  promptTokens?: number;
  completionTokens?: number;
  isEstimated: boolean;
  firstTokenMilliseconds?: number;
  totalMilliseconds?: number;
  omittedMessages: number;
}

/** `asked`: the user is to say whether it may run. */
export type ToolUseState = "asked" | "running" | "done" | "failed" | "refused" | "cancelled";

/** One call of a tool within a reply. */
export interface ToolUse {
  id: string;
  tool: string;
  serverID?: ID;
  /** What the user calls the server. */
  server: string;
  /** JSON text, as the model wrote it. */
  arguments: string;
  state: ToolUseState;
  /** Why the user is asked: by a rule, or because words of others have come into the turn. */
  reason?: "permission" | "untrusted";
  /** What came back, shortened: somebody else's words. */
  result?: string;
  failure?: MessageFailure;
  /** Where in the reply's text it was made, in bytes of UTF-8. */
  textOffset: number;
}

/** `always` and `never` are kept as rules. */
export type ToolDecision = "once" | "always" | "refuse" | "never";

export interface Message {
  id: ID;
  conversationID: ID;
  parentID?: ID;
  role: "user" | "assistant";
  /** Markdown. */
  content: string;
  reasoning?: string;
  state: MessageState;
  failure?: MessageFailure;
  personaID?: ID;
  model?: ModelReference;
  metrics?: MessageMetrics;
  toolUses?: ToolUse[];
  createdAt: Timestamp;
}

export type Hue = "cherry" | "indigo" | "teal" | "amber" | "violet" | "moss" | "slate" | "rose";

export interface Persona {
  id: ID;
  name: string;
  hue: Hue;
  instructions: string;
  model?: ModelReference;
  temperature?: number;
  isBuiltIn: boolean;
  createdAt: Timestamp;
  updatedAt: Timestamp;
}

export type JSONValue = null | boolean | number | string | JSONValue[] | { [key: string]: JSONValue };

export interface Preference {
  id: ID;
  key: string;
  value: JSONValue;
  updatedAt: Timestamp;
}

/** Which translator speaks to a provider. */
export type ProviderKind = "openai" | "openai-responses" | "anthropic" | "gemini" | "mistral" | "ollama" | "azure" | "bedrock";

export interface Provider {
  id: ID;
  name: string;
  kind: ProviderKind;
  baseURL: string;
  defaultModel?: string;
  contextLength?: number;
  isEnabled: boolean;
  /** Whether its address may be one of this machine or of a private network. */
  allowsPrivateAddresses: boolean;
  createdAt: Timestamp;
  updatedAt: Timestamp;
  /** Whether a key is stored; the key itself is never sent. */
  hasKey: boolean;
}

// What the server says about itself.

export interface KDFParameters {
  algorithm: "pbkdf2-sha256";
  iterations: number;
  /** base64url of 16 bytes. */
  salt: string;
}

export type VaultState = "uninitialized" | "sealed" | "unlocked";

export interface ServerStatus {
  version: string;
  vault: VaultState;
  kdf?: KDFParameters;
  session: boolean;
  retryAfter?: number;
  now: Timestamp;
  /** What this page may tell of its own failures; only with a session. */
  telemetry?: { errors: boolean; release: string; environment: string };
}

export interface KeySlot {
  id: ID;
  kind: "passphrase" | "recovery" | "machine";
  createdAt: Timestamp;
}

export interface VaultInfo {
  state: VaultState;
  unlockedAt?: Timestamp;
  idleLockAt?: Timestamp;
  recoveryConfirmed: boolean;
  slots: KeySlot[];
  keys: { id: number; active: boolean; records: number; seals: number }[];
  rotation?: { running: boolean; remaining: number };
}

export interface Session {
  id: ID;
  name: string;
  createdAt: Timestamp;
  lastSeenAt: Timestamp;
  expiresAt: Timestamp;
  current: boolean;
}

export interface ModelItem {
  providerID: ID;
  providerName: string;
  model: string;
  isLocal: boolean;
  isTiny: boolean;
  contextLength?: number;
  /** What it can do, where the server knows. */
  capabilities?: ModelCapability[];
}

export type ModelCapability = "tools" | "images" | "files" | "audio" | "reasoning" | "structuredOutput" | "embeddings";

export interface ModelListing {
  items: ModelItem[];
  default: ModelReference | null;
  unreachable: { providerID: ID; error: MessageFailure }[];
}

export interface ProviderTest {
  ok: boolean;
  latencyMilliseconds: number;
  models: string[];
  error?: MessageFailure;
}

export interface SearchHit {
  messageID: ID;
  conversationID: ID;
  title: string;
  role: "user" | "assistant";
  createdAt: Timestamp;
  snippet: string;
  /** Start and length of each match, in UTF-16 units of `snippet`. */
  ranges: [number, number][];
}

export interface SearchResult {
  items: SearchHit[];
  /** The server is still reading old messages: more may be found in a moment. */
  indexing: boolean;
  milliseconds: number;
  /** Found in this browser's copy, because the server could not be reached. */
  isLocal: boolean;
}

export interface ImportSummary {
  imported: { conversations: number; messages: number; personas: number; preferences: number };
  skipped: number;
}

export interface SystemInfo {
  version: string;
  startedAt: Timestamp;
  vault: VaultState;
  role: string;
  store: {
    engine: string;
    bytes: number;
    records: number;
    integrity: { state: "unchecked" | "checking" | "sound" | "tampered"; detail?: string };
  };
  memoryBytes: number;
  localModel: {
    state: "missing" | "stopped" | "starting" | "ready" | "failed";
    model?: string;
    detail?: string;
    hint?: string;
  };
  streams: number;
  feedPosition: number;
}

export type TurnNotice = { code: "contextTrimmed"; omittedMessages: number } | { code: "tinyModel" } | { code: "toolsMissing"; servers: string[] };

// What the visible app sees.

/** Exits: `loading` → any; `firstRun` → `ready`; `locked` → `ready`, `firstRun`; `ready` → `locked`, `firstRun` (log-out, erase); `unreachableFirstRun` → any. */
export type Phase = "loading" | "firstRun" | "locked" | "ready" | "unreachableFirstRun";
export type Connection = "online" | "offline";
/** Why the app is locked: just opened, by the user, nobody at the keyboard, the server sealed itself or restarted, the session ended, another tab. */
export type LockReason = "opened" | "user" | "idle" | "server" | "expired" | "elsewhere";

export interface AppState {
  phase: Phase;
  connection: Connection;
  lockReason: LockReason;
  /** The server's version, once it has answered. */
  serverVersion: string | null;
  /** Set while ready and online; refreshed by `refreshVault()`. */
  vault: VaultInfo | null;
  /** Attempts to unlock are refused until then. */
  retryAt: Timestamp | null;
  /** Whether this browser has a sealed copy that unlocking without a server can open. */
  hasLocalCopy: boolean;
  sync: {
    /** The copy in this browser is being filled; lists may be incomplete. */
    isCatchingUp: boolean;
    /** Writes that wait for the server, and writes that it refused. */
    waiting: number;
    parked: number;
    lastSyncedAt: Timestamp | null;
  };
  /** Unsent writes sealed under a passphrase that was since changed elsewhere; `openOldWrites` or `discardOldWrites`. */
  oldWrites: number;
  /** A newer version of the app is ready; `applyUpdate()` reloads. */
  hasUpdate: boolean;
}

export interface ConversationItem {
  id: ID;
  title: string;
  otherTitles: string[];
  personaID?: ID;
  model?: ModelReference;
  isPinned: boolean;
  createdAt: Timestamp;
  updatedAt: Timestamp;
  deletedAt?: Timestamp;
  /** Has a write that waits for the server. */
  isWaiting: boolean;
  /** A reply is arriving. */
  isStreaming: boolean;
}

export interface ConversationList {
  /** Pinned first, then the newest; deleted ones left out. */
  items: ConversationItem[];
  isLoading: boolean;
}

export interface MessageItem {
  id: ID;
  message: Message;
  /** All versions of this message in order of creation, itself included; more than one means branches. */
  siblings: ID[];
  /** Its place in `siblings`. */
  index: number;
  /** `waiting`: not yet sent; `parked`: the server refused it, see `error`. */
  pending: "waiting" | "parked" | null;
  error: { code: string; message: string; hint?: string } | null;
  /** What should be known about this reply. */
  notices: TurnNotice[];
}

export interface ConversationView {
  /** `partial`: offline, and the copy in this browser lacks part of it. */
  status: "loading" | "ready" | "partial" | "missing" | "failed";
  conversation: ConversationItem | null;
  /** The end of the branch on show, oldest first. Identity of an item changes only when it changes. */
  messages: MessageItem[];
  hasOlder: boolean;
  isLoadingOlder: boolean;
  leaf: ID | null;
  /** The reply that is arriving, if any: `useStream` has its text. */
  streamingID: ID | null;
  error: { code: string; message: string; hint?: string } | null;
}

/** The text of a reply that is arriving; changes at most once per animation frame. */
export interface StreamView {
  content: string;
  reasoning: string;
  uses: readonly ToolUse[];
  notices: TurnNotice[];
  /** `lost`: the connection broke and is being taken up again. */
  state: "connecting" | "streaming" | "lost" | "ended";
  /** When the first text arrived here. */
  firstTextAt: Timestamp | null;
}

export interface PersonaItem extends Persona {
  isWaiting: boolean;
}

export interface Preferences {
  "appearance.scheme": "system" | "light" | "dark";
  "appearance.reduceMotion": boolean;
  "composer.enterSends": boolean;
  "lock.idleMinutes": number;
  "model.default": ModelReference | null;
  "links.loadImages": boolean;
  "persona.default": ID | null;
}

/** Something that the app did or could not do on its own, kept until dismissed. */
export type Notice = { id: string; at: Timestamp } & (
  | { kind: "preferenceConflict"; key: string; mine: JSONValue; theirs: JSONValue }
  | { kind: "personaCopied"; personaID: ID; copyID: ID; name: string }
  | { kind: "titleKept"; conversationID: ID; mine: string; theirs: string }
  | { kind: "copyRebuilt" }
);

/** One write that waits for the server, or that it refused. */
export interface OutboxItem {
  id: string;
  kind:
    | "createConversation" | "sendMessage" | "changeConversation" | "deleteConversation" | "restoreConversation"
    | "createPersona" | "changePersona" | "deletePersona" | "setPreference";
  conversationID: ID | null;
  /** What the user wrote, for messages, titles and names. */
  text: string;
  state: "waiting" | "parked";
  error: { code: string; message: string; hint?: string } | null;
  createdAt: Timestamp;
}

export interface PersonaInput {
  name: string;
  hue: Hue;
  instructions: string;
  model?: ModelReference | null;
  temperature?: number | null;
}

export interface ProviderInput {
  name: string;
  kind: ProviderKind;
  baseURL: string;
  allowsPrivateAddresses?: boolean;
  defaultModel?: string | null;
  contextLength?: number | null;
  /** Write-only. Absent leaves the stored key; an empty text removes it. */
  apiKey?: string;
  isEnabled?: boolean;
}

export interface RecoveryKit {
  /** Nine groups of four joined by hyphens. */
  code: string;
  /** Which groups (0…8) to ask back in `confirmRecovery`. */
  ask: [number, number];
}
