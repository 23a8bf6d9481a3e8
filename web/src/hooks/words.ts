import type { OutboxItem } from "../state";

const settings: Record<string, string> = {
  "appearance.scheme": "the colours", "appearance.reduceMotion": "how much moves", "composer.enterSends": "which key sends", "lock.idleMinutes": "the idle lock",
  "model.default": "the default model", "persona.default": "the default persona",
};

/** What a setting is about, in the middle of a sentence. */
export function saySetting(key: string): string {
  return settings[key] ?? "a setting";
}

const changes: Record<OutboxItem["kind"], string> = {
  createConversation: "A new conversation", sendMessage: "A message", changeConversation: "A change of a conversation", deleteConversation: "The deletion of a conversation",
  restoreConversation: "The return of a conversation", createPersona: "A new persona", changePersona: "A change of a persona", deletePersona: "The deletion of a persona",
  setPreference: "A setting",
};

/** A write that waits: what the user wrote, or what it does. */
export function sayWrite({ kind, text }: Pick<OutboxItem, "kind" | "text">): string {
  return kind === "setPreference" ? `A setting: ${saySetting(text)}` : text === "" ? changes[kind] : text;
}
