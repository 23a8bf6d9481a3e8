import type { ToolUse } from "../state/types";
import { afterUTF8Offset } from "./bytes";

/** A stretch of a reply: text, or the calls that were made after it. */
export type ReplyPart = { kind: "text"; text: string } | { kind: "uses"; uses: ToolUse[] };

/** A reply's text and calls in the order in which they came. A call stands after the bytes of text that it followed. */
export function partsOf(content: string, uses: readonly ToolUse[]): ReplyPart[] {
  const parts: ReplyPart[] = [];
  let rest = content;
  let at = 0;
  for (const use of [...uses].sort((a, b) => a.textOffset - b.textOffset)) {
    const after = use.textOffset <= at ? rest : afterUTF8Offset(rest, use.textOffset - at);
    const text = rest.slice(0, rest.length - after.length);
    if (text !== "") {
      parts.push({ kind: "text", text });
    }
    const last = parts[parts.length - 1];
    if (last?.kind === "uses") {
      last.uses.push(use);
    } else {
      parts.push({ kind: "uses", uses: [use] });
    }
    [rest, at] = [after, Math.max(at, use.textOffset)];
  }
  return rest === "" && parts.length > 0 ? parts : [...parts, { kind: "text", text: rest }];
}

/** Arguments or a result as people read them: JSON with line breaks, anything else as it is. */
export function readable(text: string): string {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? JSON.stringify(value, null, 2) : text;
  } catch {
    return text;
  }
}
