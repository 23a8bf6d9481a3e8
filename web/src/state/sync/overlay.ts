import type { Conversation, Envelope, ID, JSONValue, Message, Persona } from "../types";
import { applyPersonaChange } from "./conflicts";
import { conversationOf, type Entry, personaOf } from "./outbox";

/** A conversation as the user sees it: the record with the unsent writes on top. `null` when it is in neither. */
export function overlayConversation(id: ID, record: Conversation | null, entries: readonly Entry[]): Conversation | null {
  return entries.filter(({ operation }) => conversationOf(operation) === id).reduce<Conversation | null>((value, { operation, createdAt }) => {
    if (operation.kind === "createConversation") {
      return value ?? {
        id,
        title: operation.title ?? "New conversation",
        titleSource: operation.title === undefined ? "fallback" : "user",
        otherTitles: [],
        isPinned: false,
        createdAt,
        updatedAt: createdAt,
        ...(operation.personaID === undefined ? {} : { personaID: operation.personaID }),
        ...(operation.model === undefined ? {} : { model: operation.model }),
      };
    }
    if (value === null) {
      return null;
    }
    switch (operation.kind) {
      case "sendMessage":
        return { ...value, activeLeaf: operation.messageID, updatedAt: Math.max(value.updatedAt, createdAt) };
      case "changeConversation": {
        const { personaID, model, dropTitle, ...rest } = operation.change;
        const changed: Conversation = { ...value, ...rest };
        if (rest.title !== undefined) {
          changed.titleSource = "user";
        }
        if (dropTitle !== undefined) {
          changed.otherTitles = value.otherTitles.filter((each) => each !== dropTitle);
        }
        if (personaID !== undefined) {
          delete changed.personaID;
          Object.assign(changed, personaID === null ? {} : { personaID });
        }
        if (model !== undefined) {
          delete changed.model;
          Object.assign(changed, model === null ? {} : { model });
        }
        return changed;
      }
      case "deleteConversation":
        return { ...value, deletedAt: createdAt };
      case "restoreConversation": {
        const restored = { ...value };
        delete restored.deletedAt;
        return restored;
      }
      default:
        return value;
    }
  }, record);
}

/** A persona as the user sees it; `null` when it is deleted or in neither. */
export function overlayPersona(id: ID, record: Persona | null, entries: readonly Entry[]): Persona | null {
  return entries.filter(({ operation }) => personaOf(operation) === id).reduce<Persona | null>((value, { operation }) => {
    switch (operation.kind) {
      case "createPersona":
        return value ?? operation.value;
      case "changePersona":
        return value === null ? null : applyPersonaChange(value, operation.change);
      case "deletePersona":
        return null;
      default:
        return value;
    }
  }, record);
}

/** A setting as the user sees it; `null` for none. Parked writes do not count: the server refused them. */
export function overlayPreference(key: string, value: JSONValue, entries: readonly Entry[]): JSONValue {
  return entries.reduce<JSONValue>((current, { operation, state }) =>
    (operation.kind === "setPreference" && operation.key === key && state === "waiting" ? operation.value : current), value);
}

/** An unsent message as the user sees it. */
export interface PendingMessage {
  entry: Entry;
  message: Message;
}

/**
 * Puts the unsent messages of a conversation after the window on its branch. A message that follows an earlier one (an edit) begins
 * a new branch there: what came after it is hidden.
 */
export function overlayMessages(
  window: readonly Envelope<Message>[], conversationID: ID, entries: readonly Entry[],
): { kept: number; pending: PendingMessage[] } {
  let kept = window.length;
  let pending: PendingMessage[] = [];
  for (const entry of entries) {
    const { operation } = entry;
    if (operation.kind !== "sendMessage" || operation.conversationID !== conversationID || window.some((each) => each.id === operation.messageID)) {
      continue;
    }
    const after = "id" in operation.parent ? operation.parent.id : operation.parent.replyTo;
    const pendingIndex = pending.findIndex((each) => each.message.id === after);
    const windowIndex = window.findIndex((each) => each.id === after);
    if (pendingIndex >= 0) {
      pending = pending.slice(0, pendingIndex + 1);
    } else if (after === null) {
      [kept, pending] = [0, []];
    } else if (windowIndex >= 0) {
      // The reply to a message that was just sent may already be here.
      const isAfterReply = "replyTo" in operation.parent && window[windowIndex + 1]?.value?.parentID === after;
      [kept, pending] = [windowIndex + (isAfterReply ? 2 : 1), []];
    }
    pending.push({
      entry,
      message: {
        id: operation.messageID,
        conversationID,
        role: "user",
        content: operation.content,
        state: "complete",
        createdAt: entry.createdAt,
        ...(after === null ? {} : { parentID: after }),
      },
    });
  }
  return { kept, pending };
}
