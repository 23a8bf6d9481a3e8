import type { Conversation, ID, JSONValue, ModelReference, Persona } from "../types";

/** What a message follows: a known message (or none), or the reply to a message that is itself still unsent. */
export type Parent = { id: ID | null } | { replyTo: ID };

/** The fields of a conversation that a user can change; `null` clears. */
export interface ConversationChange {
  title?: string;
  isPinned?: boolean;
  personaID?: ID | null;
  model?: ModelReference | null;
  activeLeaf?: ID;
  /** A kept title that is no longer wanted. */
  dropTitle?: string;
}

/** The fields of a persona that a user can change; `null` clears. */
export interface PersonaChange {
  name?: string;
  hue?: Persona["hue"];
  instructions?: string;
  model?: ModelReference | null;
  temperature?: number | null;
}

/** One write of the user's, with what it was based on. */
export type Operation =
  | { kind: "createConversation"; id: ID; title?: string; personaID?: ID; model?: ModelReference }
  | { kind: "sendMessage"; conversationID: ID; messageID: ID; parent: Parent; content: string }
  | { kind: "changeConversation"; id: ID; base: Pick<Conversation, "title">; change: ConversationChange }
  | { kind: "deleteConversation"; id: ID }
  | { kind: "restoreConversation"; id: ID }
  | { kind: "createPersona"; value: Persona }
  | { kind: "changePersona"; id: ID; base: Persona; change: PersonaChange }
  | { kind: "deletePersona"; id: ID }
  | { kind: "setPreference"; key: string; base: JSONValue; value: JSONValue };

/** A failure as it is shown and kept. */
export interface WriteError {
  code: string;
  message: string;
  hint?: string;
}

/** An operation in the outbox. `n` is its place and its name. Exits: `waiting` → sent and removed, `parked`; `parked` → `waiting`, removed. */
export interface Entry {
  n: number;
  operation: Operation;
  createdAt: number;
  state: "waiting" | "parked";
  /** Why it was parked, or what last kept it waiting. */
  error: WriteError | null;
}

/** The conversation that an operation is about. */
export function conversationOf(operation: Operation): ID | null {
  switch (operation.kind) {
    case "sendMessage":
      return operation.conversationID;
    case "createConversation":
    case "changeConversation":
    case "deleteConversation":
    case "restoreConversation":
      return operation.id;
    default:
      return null;
  }
}

/** The persona that an operation is about. */
export function personaOf(operation: Operation): ID | null {
  switch (operation.kind) {
    case "createPersona":
      return operation.value.id;
    case "changePersona":
    case "deletePersona":
      return operation.id;
    default:
      return null;
  }
}

/** What a write that has to wait holds back: everything about the same thing. */
function laneOf(operation: Operation): string {
  return conversationOf(operation) ?? personaOf(operation) ?? (operation.kind === "setPreference" ? `preference ${operation.key}` : "");
}

/** The id that does not exist for the server before the operation has arrived. */
function createdBy(operation: Operation): ID | null {
  switch (operation.kind) {
    case "createConversation":
      return operation.id;
    case "sendMessage":
      return operation.messageID;
    case "createPersona":
      return operation.value.id;
    default:
      return null;
  }
}

/** The ids that must exist before the operation can arrive. */
function neededBy(operation: Operation): (ID | null | undefined)[] {
  switch (operation.kind) {
    case "createConversation":
      return [operation.personaID];
    case "sendMessage":
      return [operation.conversationID, "id" in operation.parent ? operation.parent.id : operation.parent.replyTo];
    case "changeConversation":
      return [operation.id, operation.change.personaID, operation.change.activeLeaf];
    case "deleteConversation":
    case "restoreConversation":
    case "changePersona":
    case "deletePersona":
      return [operation.id];
    default:
      return [];
  }
}

/**
 * The next write to send: the first that refers to nothing unsent. Since they are tried in order, only a refused write can hold
 * others back: those that refer to what it would have created.
 */
export function nextReady(entries: readonly Entry[]): Entry | null {
  const missing = new Set<ID>();
  for (const entry of entries) {
    const isBlocked = neededBy(entry.operation).some((id) => id !== null && id !== undefined && missing.has(id));
    if (entry.state === "waiting" && !isBlocked) {
      return entry;
    }
    const created = createdBy(entry.operation);
    if (created !== null) {
      missing.add(created);
    }
  }
  return null;
}

/** Like `nextReady`, passing over the lanes of entries that have to wait for something outside, such as a reply that is still arriving. */
export function nextReadyExcept(entries: readonly Entry[], held: ReadonlySet<number>): Entry | null {
  const lanes = new Set(entries.filter((entry) => held.has(entry.n)).map((entry) => laneOf(entry.operation)));
  return nextReady(entries.filter((entry) => !lanes.has(laneOf(entry.operation))));
}

/**
 * Adds a write. A setting that still waits is replaced by its newer value, keeping what it was based on, unless it is being `sent`
 * right now. Says what to store and what to remove.
 */
export function add(entries: readonly Entry[], entry: Entry, sent: number | null = null): { entries: Entry[]; removed: number[]; stored: Entry } {
  const { operation } = entry;
  if (operation.kind !== "setPreference") {
    return { entries: [...entries, entry], removed: [], stored: entry };
  }
  const older = entries.find((each) => each.state === "waiting" && each.n !== sent && each.operation.kind === "setPreference" && each.operation.key === operation.key);
  const base = older?.operation.kind === "setPreference" ? older.operation.base : operation.base;
  const stored = { ...entry, operation: { ...operation, base } };
  return { entries: [...entries.filter((each) => each !== older), stored], removed: older === undefined ? [] : [older.n], stored };
}

/** After a message was sent: what followed its future reply follows the reply that now has an id. Returns the entries that changed. */
export function resolveReply(entries: readonly Entry[], messageID: ID, replyID: ID): Entry[] {
  return entries.flatMap((entry) => {
    const { operation } = entry;
    return operation.kind === "sendMessage" && "replyTo" in operation.parent && operation.parent.replyTo === messageID
      ? [{ ...entry, operation: { ...operation, parent: { id: replyID } } }]
      : [];
  });
}

/** After an unsent message was given up: what followed its future reply follows what the message followed. Returns the entries that changed. */
export function bridgeOver(entries: readonly Entry[], givenUp: Operation): Entry[] {
  if (givenUp.kind !== "sendMessage") {
    return [];
  }
  return entries.flatMap((entry) => {
    const { operation } = entry;
    return operation.kind === "sendMessage" && "replyTo" in operation.parent && operation.parent.replyTo === givenUp.messageID
      ? [{ ...entry, operation: { ...operation, parent: givenUp.parent } }]
      : [];
  });
}

/** After a persona was copied because of a conflict: later changes go to the copy. Returns the entries that changed. */
export function retargetPersona(entries: readonly Entry[], after: number, from: ID, to: ID): Entry[] {
  return entries.flatMap((entry) => {
    const { operation } = entry;
    return entry.n > after && (operation.kind === "changePersona" || operation.kind === "deletePersona") && operation.id === from
      ? [{ ...entry, operation: { ...operation, id: to } }]
      : [];
  });
}

/** The message that the conversation's next message follows, seen with what is unsent. */
export function parentOfNext(entries: readonly Entry[], conversationID: ID, activeLeaf: ID | null): Parent {
  let parent: Parent = { id: activeLeaf };
  for (const { operation } of entries) {
    if (operation.kind === "sendMessage" && operation.conversationID === conversationID) {
      parent = { replyTo: operation.messageID };
    } else if (operation.kind === "changeConversation" && operation.id === conversationID && operation.change.activeLeaf !== undefined) {
      parent = { id: operation.change.activeLeaf };
    }
  }
  return parent;
}
