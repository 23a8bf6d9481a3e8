import type {
  AppState, ConversationItem, ConversationList, ConversationView, ID, JSONValue, ModelListing, Notice, OutboxItem,
  PersonaItem, Preferences, Provider, StreamView,
} from "./types";

declare const later: never;

/** Where the app is: phase, connection, sync, vault. */
export function useApp(): AppState { return later; }
/** Seconds until the idle lock, `null` while not ready; ticks once a second for the last minute, every 15 s before. */
export function useIdleCountdown(): number | null { return later; }
export function useConversations(): ConversationList { return later; }
/** Conversations that can still be restored, latest deletion first. */
export function useDeletedConversations(): ConversationItem[] { return later; }
/** The end of the branch on show of one conversation; `null` for none (a new chat). Loads on mount, keeps up with changes. */
export function useConversation(id: ID | null): ConversationView & { loadOlder(): void } { void id; return later; }
/** The arriving text of a reply. Only the message that streams should call it. */
export function useStream(replyID: ID): StreamView { void replyID; return later; }
export function usePersonas(): PersonaItem[] { return later; }
export function useProviders(): Provider[] { return later; }
/** Models of all providers; asks the server on mount and when `refresh` is called. */
export function useModels(): ModelListing & { isLoading: boolean; refresh(): void } { return later; }
/** The user's settings with defaults filled in. */
export function usePreferences(): Preferences { return later; }
export function useNotices(): Notice[] { return later; }
export function useOutbox(): OutboxItem[] { return later; }
/** The unsent text of a composer, kept sealed in this browser; `key` is a conversation's id or "new". */
export function useDraft(key: string): [string, (text: string) => void] { void key; return later; }
/** A setting of this browser alone (widths, folded panels), kept sealed. */
export function useLocalSetting<T extends JSONValue>(name: string, initial: T): [T, (value: T) => void] { void name; void initial; return later; }
