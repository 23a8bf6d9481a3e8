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
