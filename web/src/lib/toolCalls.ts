import type { ToolCall } from "../state/types";
import { afterUTF8Offset } from "./bytes";

/** A stretch of a reply: text, or the calls that were made after it. */
export type ReplyPart = { kind: "text"; text: string } | { kind: "calls"; calls: ToolCall[] };

/** A reply's text and calls in the order in which they came. A call stands after the bytes of text that it followed. */
export function partsOf(content: string, calls: readonly ToolCall[]): ReplyPart[] {
  const parts: ReplyPart[] = [];
  let rest = content;
  let at = 0;
  for (const call of [...calls].sort((a, b) => a.at - b.at)) {
    const after = call.at <= at ? rest : afterUTF8Offset(rest, call.at - at);
    const text = rest.slice(0, rest.length - after.length);
    if (text !== "") {
      parts.push({ kind: "text", text });
    }
    const last = parts[parts.length - 1];
    if (last?.kind === "calls") {
      last.calls.push(call);
    } else {
      parts.push({ kind: "calls", calls: [call] });
    }
    [rest, at] = [after, Math.max(at, call.at)];
  }
  return rest === "" && parts.length > 0 ? parts : [...parts, { kind: "text", text: rest }];
}

/** Calls with one that is new or has changed. */
export function withCall(calls: readonly ToolCall[], call: ToolCall): ToolCall[] {
  return calls.some(({ id }) => id === call.id) ? calls.map((each) => (each.id === call.id ? call : each)) : [...calls, call];
}

/** Arguments or a result as people read them: JSON with line breaks, anything else as it is. */
export function readable(text: string): { text: string; isJSON: boolean } {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? { text: JSON.stringify(value, null, 2), isJSON: true } : { text, isJSON: false };
  } catch {
    return { text, isJSON: false };
  }
}
