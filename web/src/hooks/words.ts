import type { ModelCapability, OutboxItem } from "../state";

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

const capabilities: Record<ModelCapability, string> = {
  tools: "tools", images: "images", files: "files", audio: "sound", reasoning: "reasoning", structuredOutput: "structured answers", embeddings: "embeddings",
};

/** What a model can do. */
export function sayCapability(capability: ModelCapability): string {
  return capabilities[capability] ?? capability;
}

const outcomes: Record<string, string> = { complete: "Complete", stopped: "Stopped" };

const failures: Record<string, string> = {
  unreachable: "not reached", timedOut: "too slow", unauthorized: "key refused", rateLimited: "asked too often", refused: "refused", unknownModel: "no such model",
  overloaded: "provider error", garbled: "unreadable answer", cutOff: "broke off", contextTooLong: "too long for the model", localModelMissing: "no local model",
  localModelFailed: "local model failed", unsupported: "not offered there", invalid: "not understood", denied: "not allowed", sealed: "locked",
};

/** How an exchange ended: in words, or by the code of its error. */
export function sayOutcome(outcome: string): string {
  return outcomes[outcome] ?? `Failed: ${failures[outcome] ?? outcome.replaceAll(/([a-z])([A-Z])/g, "$1 $2").toLowerCase()}`;
}
