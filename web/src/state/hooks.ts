import { useCallback, useEffect, useMemo, useState } from "react";
import { app } from "./App";
import { Cell, useCell } from "./Cell";
import { core } from "./core";
import type { ID, JSONValue, ModelListing, Provider } from "./types";
import type {
  AppState, ConversationItem, ConversationList, ConversationView, Notice, OutboxItem, PersonaItem, Preferences, StreamView,
} from "./views";

const noConversation = new Cell<ConversationView>({
  status: "ready", conversation: null, messages: [], hasOlder: false, isLoadingOlder: false, leaf: null, streamingID: null, error: null,
});

/** Where the app is: phase, connection, sync, vault. */
export function useApp(): AppState {
  return useCell(core.app);
}

/** Seconds until the idle lock, `null` while not ready; ticks once a second for the last minute, every 15 s before. */
export function useIdleCountdown(): number | null {
  return useCell(app.countdown);
}

export function useConversations(): ConversationList {
  return useCell(core.conversations);
}

/** Conversations that can still be restored, latest deletion first. */
export function useDeletedConversations(): ConversationItem[] {
  return useCell(core.deleted);
}

/** The end of the branch on show of one conversation; `null` for none (a new chat). Loads on mount, keeps up with changes. */
export function useConversation(id: ID | null): ConversationView & { loadOlder(): void } {
  const model = id === null ? null : app.conversation(id);
  const view = useCell(model?.view ?? noConversation);
  useEffect(() => {
    void model?.refresh();
  }, [model]);
  return useMemo(() => ({ ...view, loadOlder: () => model?.loadOlder() }), [view, model]);
}

/** The arriving text of a reply. Only the message that streams should call it. */
export function useStream(replyID: ID): StreamView {
  return useCell(app.stream(replyID));
}

export function usePersonas(): PersonaItem[] {
  return useCell(core.personas);
}

export function useProviders(): Provider[] {
  return useCell(core.providers);
}

/** Models of all providers; asks the server on mount and when `refresh` is called. */
export function useModels(): ModelListing & { isLoading: boolean; refresh(): void } {
  const models = useCell(app.models);
  useEffect(() => {
    void app.joinModels();
  }, []);
  return useMemo(() => ({ ...models, refresh: () => void app.refreshModels() }), [models]);
}

/** The user's settings with defaults filled in. */
export function usePreferences(): Preferences {
  return useCell(core.preferences);
}

export function useNotices(): Notice[] {
  return useCell(core.notices);
}

export function useOutbox(): OutboxItem[] {
  return useCell(core.outbox);
}

/** The unsent text of a composer, kept sealed in this browser; `key` is a conversation's id or "new". */
export function useDraft(key: string): [string, (text: string) => void] {
  const name = `draft ${key}`;
  const read = () => String(core.storage?.get(name) ?? "");
  const [text, setText] = useState(read);
  useEffect(() => {
    setText(read());
    // Only another key means another draft.
  }, [key]);
  const write = useCallback((next: string) => {
    setText(next);
    void (next === "" ? core.storage?.remove(name) : core.storage?.set(name, next));
  }, [name]);
  return [text, write];
}

/** A setting of this browser alone (widths, folded panels), kept sealed. */
export function useLocalSetting<T extends JSONValue>(name: string, initial: T): [T, (value: T) => void] {
  const [value, setValue] = useState<T>(() => (core.storage?.get(`local ${name}`) as T | undefined) ?? initial);
  const write = useCallback((next: T) => {
    setValue(next);
    void core.storage?.set(`local ${name}`, next);
  }, [name]);
  return [value, write];
}
