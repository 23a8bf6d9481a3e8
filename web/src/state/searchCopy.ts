import type { Replica } from "../lib/replica";
import type { Message, SearchHit, SearchResult } from "./types";
import type { ConversationItem } from "./views";

const around = 80;

/** Lower case without accents, one UTF-16 unit for each of the text, so that places in one are places in the other. */
export function folded(text: string): string {
  return Array.from({ length: text.length }, (_, at) => {
    const unit = text.charAt(at).normalize("NFD").charAt(0).toLowerCase();
    return unit.length === 1 ? unit : text.charAt(at);
  }).join("");
}

/** A piece of a text around the first place where a word stands, with all places of all words; `null` unless every word occurs. */
export function excerpt(text: string, words: readonly string[]): Pick<SearchHit, "snippet" | "ranges"> | null {
  const plain = folded(text);
  const first = words.map((word) => plain.indexOf(word));
  if (words.length === 0 || first.includes(-1)) {
    return null;
  }
  const start = Math.max(0, Math.min(...first) - around);
  const end = Math.min(text.length, Math.min(...first) + 2 * around);
  const [head, tail] = [start > 0 ? "\u2026" : "", end < text.length ? "\u2026" : ""];
  const part = plain.slice(start, end);
  const ranges: [number, number][] = [];
  for (const word of words) {
    for (let at = part.indexOf(word); at >= 0; at = part.indexOf(word, at + word.length)) {
      ranges.push([at + head.length, word.length]);
    }
  }
  return { snippet: head + text.slice(start, end) + tail, ranges: ranges.sort((a, b) => a[0] - b[0]) };
}

/** Looks for all words of a query in this browser's copy, the newest conversations first: for when the server cannot be reached. */
export async function searchCopy(
  replica: Replica, conversations: readonly ConversationItem[], query: string, limit: number, signal?: AbortSignal,
): Promise<SearchResult> {
  const begin = performance.now();
  const words = folded(query).split(/\s+/).filter((word) => word !== "");
  const items: SearchHit[] = [];
  for (const { id, title } of conversations) {
    if (items.length >= limit || signal?.aborted === true) {
      break;
    }
    const messages = (await replica.messagesOf(id)).flatMap(({ value }) => (value === undefined ? [] : [value]));
    items.push(...messages.sort((a, b) => b.createdAt - a.createdAt).flatMap((message) => hit(message, title, words)));
  }
  return { items: items.slice(0, limit), indexing: false, milliseconds: Math.round(performance.now() - begin), isLocal: true };
}

function hit(message: Message, title: string, words: readonly string[]): SearchHit[] {
  const found = excerpt(message.content, words);
  return found === null ? [] : [{
    messageID: message.id, conversationID: message.conversationID, title, role: message.role, createdAt: message.createdAt, ...found,
  }];
}
