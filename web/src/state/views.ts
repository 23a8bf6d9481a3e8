// What the visible app sees and what it hands over.

import type { Hue, ID, JSONValue, Message, ModelReference, Persona, ProviderKind, Timestamp, ToolUse, TurnNotice, VaultInfo } from "./types";

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
