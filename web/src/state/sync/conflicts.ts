import type { Conversation, ID, JSONValue, Persona } from "../types";
import type { ConversationChange, Operation, PersonaChange } from "./outbox";

/** Whether two JSON values are the same, whatever the order of their keys. Absent and `null` are the same. */
export function isSame(a: unknown, b: unknown): boolean {
  if (a === b || ((a ?? null) === null && (b ?? null) === null)) {
    return true;
  }
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null || Array.isArray(a) !== Array.isArray(b)) {
    return false;
  }
  const [left, right] = [a as Record<string, unknown>, b as Record<string, unknown>];
  return [...new Set([...Object.keys(left), ...Object.keys(right)])].every((key) => isSame(left[key], right[key]));
}

/** What to ask of the server so that a change of this device and the newest record are both kept. */
export interface ConversationMerge {
  /** The fields to send; empty when nothing is left to change. */
  patch: Record<string, unknown>;
  /** The title of this device, when it was kept beside another device's. */
  keptTitle: string | null;
}

/** Merges a change into the record as the server has it. Only a title can conflict; for the rest the last write stands. */
export function mergeConversation(operation: Extract<Operation, { kind: "changeConversation" }>, current: Conversation): ConversationMerge {
  const { title, dropTitle, ...rest } = operation.change;
  const patch: Record<string, unknown> = {};
  for (const [field, value] of Object.entries(rest as Omit<ConversationChange, "title" | "dropTitle">)) {
    if (!isSame(value, current[field as keyof Conversation])) {
      patch[field] = value;
    }
  }
  let otherTitles = current.otherTitles;
  let keptTitle: string | null = null;
  if (dropTitle !== undefined) {
    otherTitles = otherTitles.filter((each) => each !== dropTitle);
  }
  if (title !== undefined && title !== current.title) {
    const isMineToSet = current.title === operation.base.title || current.titleSource !== "user";
    if (isMineToSet) {
      patch["title"] = title;
    } else if (!otherTitles.includes(title)) {
      otherTitles = [...otherTitles, title];
      keptTitle = title;
    }
  }
  if (!isSame(otherTitles, current.otherTitles)) {
    patch["otherTitles"] = otherTitles;
  }
  return { patch, keptTitle };
}

/** How a change of a persona goes on: as a change of the record, or as a copy beside it. */
export type PersonaMerge = { patch: PersonaChange } | { copy: Persona };

/** Merges a change into the persona as the server has it. When both changed one field differently, this device's persona becomes a copy. */
export function mergePersona(
  operation: Extract<Operation, { kind: "changePersona" }>, current: Persona, copyID: ID, now: number,
): PersonaMerge {
  const fields = Object.keys(operation.change) as (keyof PersonaChange)[];
  const isTorn = fields.some((field) =>
    !isSame(current[field], operation.base[field]) && !isSame(current[field], operation.change[field]));
  if (!isTorn) {
    const changed = fields.filter((field) => !isSame(current[field], operation.change[field]));
    return { patch: Object.fromEntries(changed.map((field) => [field, operation.change[field]])) };
  }
  const mine = applyPersonaChange(operation.base, operation.change);
  return { copy: { ...mine, id: copyID, name: `${mine.name} (copy from this device)`, isBuiltIn: false, createdAt: now, updatedAt: now } };
}

/** A persona with a change; `null` clears a field. */
export function applyPersonaChange(persona: Persona, change: PersonaChange): Persona {
  const { model, temperature, ...rest } = change;
  const changed: Persona = { ...persona, ...rest };
  if (model !== undefined) {
    delete changed.model;
    Object.assign(changed, model === null ? {} : { model });
  }
  if (temperature !== undefined) {
    delete changed.temperature;
    Object.assign(changed, temperature === null ? {} : { temperature });
  }
  return changed;
}

/** How a setting goes on: written, already so, or lost to another device's value. */
export type PreferenceMerge = "write" | "done" | "lost";

/** Merges a setting into what the server has (`null` for nothing): the server's value wins when another device changed it meanwhile. */
export function mergePreference(operation: Extract<Operation, { kind: "setPreference" }>, current: JSONValue): PreferenceMerge {
  if (isSame(current, operation.value)) {
    return "done";
  }
  return isSame(current, operation.base) ? "write" : "lost";
}
