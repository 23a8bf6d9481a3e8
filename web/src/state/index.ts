/** The one door between the visible app and everything behind it: hooks to read, `actions` to write. */
export * from "./types";
export * from "./views";
export { ApiError } from "../api/ApiError";
export { actions } from "./actions";
export type { Actions } from "./actions";
export {
  useApp, useConversation, useConversations, useDeletedConversations, useDraft, useIdleCountdown, useLocalSetting,
  useModels, useNotices, useOutbox, usePersonas, usePreferences, useProviders, useStream,
} from "./hooks";
import { app } from "./App";

/** Starts the app; called once, before the first render. */
export function start(): void {
  app.start();
}
