import { afterUTF8Offset, utf8Length } from "../lib/bytes";
import type { Envelope, Message, ToolUse, TurnNotice } from "../state/types";

/** A reply as far as it has arrived. Offsets are bytes of UTF-8, as the server counts. */
export interface ReplyState {
  content: string;
  contentBytes: number;
  reasoning: string;
  reasoningBytes: number;
  uses: readonly ToolUse[];
  notices: TurnNotice[];
  /** The finished message; nothing follows it. */
  end: Envelope<Message> | null;
}

/** What the server sends about a reply. */
export type ReplyEvent =
  | { type: "text" | "reasoning"; text: string; at: number }
  | { type: "tools"; uses: ToolUse[] }
  | { type: "notice"; notice: TurnNotice }
  | { type: "end"; message: Envelope<Message> };

/** Where to begin: what is already known of the message. */
export function beginReply(message: Pick<Message, "content" | "reasoning" | "toolUses">): ReplyState {
  const reasoning = message.reasoning ?? "";
  return {
    content: message.content,
    contentBytes: utf8Length(message.content),
    reasoning,
    reasoningBytes: utf8Length(reasoning),
    uses: message.toolUses ?? [],
    notices: [],
    end: null,
  };
}

/** The id of the last event that led here: the server goes on exactly after it. */
export function cursorOf(state: ReplyState): string {
  return `${state.contentBytes}.${state.reasoningBytes}`;
}

/** The part of `text`, beginning at `at`, that lies beyond `have` bytes; `null` when bytes between are missing. */
function beyond(text: string, at: number, have: number): string | null {
  if (at > have) {
    return null;
  }
  return at === have ? text : afterUTF8Offset(text, have - at);
}

/**
 * The state after an event. What arrives twice is ignored by its offset. `gap` says that bytes are missing: the stream must
 * be taken up again at `cursorOf(state)`.
 */
export function reduceReply(state: ReplyState, event: ReplyEvent): { state: ReplyState; gap: boolean } {
  if (state.end !== null) {
    return { state, gap: false };
  }
  switch (event.type) {
    case "text":
    case "reasoning": {
      const isText = event.type === "text";
      const rest = beyond(event.text, event.at, isText ? state.contentBytes : state.reasoningBytes);
      if (rest === null) {
        return { state, gap: true };
      }
      if (rest === "") {
        return { state, gap: false };
      }
      const next = isText
        ? { ...state, content: state.content + rest, contentBytes: state.contentBytes + utf8Length(rest) }
        : { ...state, reasoning: state.reasoning + rest, reasoningBytes: state.reasoningBytes + utf8Length(rest) };
      return { state: next, gap: false };
    }
    case "tools":
      return { state: { ...state, uses: event.uses }, gap: false };
    case "notice": {
      const isKnown = state.notices.some((each) => each.code === event.notice.code);
      return { state: isKnown ? state : { ...state, notices: [...state.notices, event.notice] }, gap: false };
    }
    case "end": {
      const value = event.message.value;
      const end = { ...state, end: event.message };
      return { state: value === undefined ? end : { ...end, ...beginReply(value), notices: state.notices, end: event.message }, gap: false };
    }
  }
}

/** Reads one server-sent event of a reply; `null` for what this version does not know. */
export function parseReplyEvent(type: string, data: string): ReplyEvent | null {
  let body: Record<string, unknown>;
  try {
    body = JSON.parse(data) as Record<string, unknown>;
  } catch {
    return null; // a cut event; the next one shows the gap
  }
  switch (type) {
    case "text":
    case "reasoning":
      return typeof body["text"] === "string" && typeof body["at"] === "number" ? { type, text: body["text"], at: body["at"] } : null;
    case "tools":
      return Array.isArray(body["items"]) ? { type, uses: body["items"] as ToolUse[] } : null;
    case "notice":
      if (body["code"] === "contextTrimmed" && typeof body["omittedMessages"] === "number") {
        return { type, notice: { code: "contextTrimmed", omittedMessages: body["omittedMessages"] } };
      }
      if (body["code"] === "toolsMissing" && Array.isArray(body["servers"])) {
        return { type, notice: { code: "toolsMissing", servers: body["servers"].map(String) } };
      }
      return body["code"] === "tinyModel" ? { type, notice: { code: "tinyModel" } } : null;
    case "end":
      return typeof body["id"] === "string" ? { type, message: body as unknown as Envelope<Message> } : null;
    default:
      return null;
  }
}
