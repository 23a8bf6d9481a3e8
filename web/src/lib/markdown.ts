import { getDefaults, Lexer } from "marked";
import { decodeEntities } from "./entities";

/** Text inside a block. Whatever is not listed here cannot reach the page. */
export type Inline =
  | { kind: "text"; text: string }
  | { kind: "strong" | "emphasis" | "deleted"; children: Inline[] }
  | { kind: "code"; text: string }
  | { kind: "break" }
  | { kind: "link"; href: string; title: string | null; children: Inline[] }
  | { kind: "image"; href: string; alt: string };

export type Alignment = "left" | "center" | "right" | null;

export type Block =
  | { kind: "paragraph"; children: Inline[] }
  | { kind: "heading"; level: 1 | 2 | 3 | 4 | 5 | 6; children: Inline[] }
  | { kind: "code"; language: string; text: string }
  | { kind: "quote"; children: Block[] }
  | { kind: "list"; ordered: boolean; start: number; isLoose: boolean; items: { isChecked: boolean | null; children: Block[] }[] }
  | { kind: "table"; alignments: Alignment[]; header: Inline[][]; rows: Inline[][][] }
  | { kind: "rule" }
  /** Markup that the message contains, as the characters it is made of. */
  | { kind: "source"; text: string };

/** A top-level block with the source it was read from. */
export interface ParsedBlock {
  raw: string;
  block: Block | null;
}

/** A message read as Markdown; give it to `parseMarkdown` with a longer source to read only what is new. */
export interface ParsedMarkdown {
  source: string;
  blocks: readonly ParsedBlock[];
  hasBreaks: boolean;
}

interface Token {
  type: string;
  raw: string;
  text?: string;
  href?: string;
  title?: string | null;
  lang?: string;
  depth?: number;
  ordered?: boolean;
  start?: number | "";
  loose?: boolean;
  task?: boolean;
  checked?: boolean;
  tokens?: Token[];
  items?: Token[];
  align?: Alignment[];
  header?: { tokens: Token[] }[];
  rows?: { tokens: Token[] }[][];
}

/** Deeper nesting is shown as the characters it is made of. */
const deepest = 32;

/** Stands for a tab inside a code block while marked reads, which would turn it into spaces. */
const tabInCode = "\ufdd0";

/** Line ends as `\n`; tabs before text as four spaces (as marked does), tabs in code blocks kept. */
function prepare(source: string): string {
  const normal = source.includes("\r") ? source.replace(/\r\n|\r/g, "\n") : source;
  if (!normal.includes("\t")) {
    return normal;
  }
  let fence = "";
  return normal.split("\n").map((line) => {
    if (fence !== "") {
      const closing = /^[\s>]*(`{3,}|~{3,})\s*$/.exec(line)?.[1];
      if (closing !== undefined && closing.startsWith(fence)) {
        fence = "";
      }
      return line.replaceAll("\t", tabInCode);
    }
    fence = /^[\s>]*(?:(?:[-*+]|\d{1,9}[.)])\s+)?(`{3,}(?=[^`]*$)|~{3,})/.exec(line)?.[1] ?? "";
    return line.replace(/^( *)(\t+)/, (_, spaces: string, tabs: string) => spaces + "    ".repeat(tabs.length));
  }).join("\n");
}

function withTabs(text: string): string {
  return text.includes(tabInCode) ? text.replaceAll(tabInCode, "\t") : text;
}

function textOf(token: Token): string {
  return decodeEntities(token.raw);
}

/** marked escapes five characters in code spans; this takes it back. */
function unescapeCode(text: string): string {
  return text.replace(/&(lt|gt|quot|#39|amp);/g, (_, name: string) => ({ lt: "<", gt: ">", quot: "\"", "#39": "'", amp: "&" }[name] ?? ""));
}

function inlineOf(token: Token, depth: number): Inline[] {
  if (depth > deepest) {
    return [{ kind: "text", text: token.raw }];
  }
  const children = (): Inline[] => inlinesOf(token.tokens ?? [], depth + 1);
  switch (token.type) {
    case "strong":
      return [{ kind: "strong", children: children() }];
    case "em":
      return [{ kind: "emphasis", children: children() }];
    case "del":
      return [{ kind: "deleted", children: children() }];
    case "codespan":
      return [{ kind: "code", text: unescapeCode(token.text ?? "") }];
    case "br":
      return [{ kind: "break" }];
    case "link":
      return [{ kind: "link", href: decodeEntities(token.href ?? ""), title: token.title ? decodeEntities(token.title) : null, children: children() }];
    case "image":
      return [{ kind: "image", href: decodeEntities(token.href ?? ""), alt: decodeEntities(token.text ?? "") }];
    case "escape":
      return [{ kind: "text", text: token.raw.slice(1) }];
    case "html":
      return /^<br\s*\/?>$/i.test(token.raw) ? [{ kind: "break" }] : [{ kind: "text", text: token.raw }];
    case "text":
      return token.tokens ? children() : [{ kind: "text", text: textOf(token) }];
    default:
      return [{ kind: "text", text: token.raw }];
  }
}

function inlinesOf(tokens: Token[], depth: number): Inline[] {
  const result: Inline[] = [];
  for (const inline of tokens.flatMap((token) => inlineOf(token, depth))) {
    const last = result[result.length - 1];
    if (inline.kind === "text" && last?.kind === "text") {
      result[result.length - 1] = { kind: "text", text: last.text + inline.text };
    } else {
      result.push(inline);
    }
  }
  return result;
}

function levelOf(depth: number | undefined): 1 | 2 | 3 | 4 | 5 | 6 {
  switch (depth) {
    case 1: case 2: case 3: case 4: case 5:
      return depth;
    default:
      return 6;
  }
}

function blockOf(token: Token, depth: number): Block | null {
  if (depth > deepest) {
    return { kind: "source", text: withTabs(token.raw) };
  }
  switch (token.type) {
    case "space":
    case "def":
      return null;
    case "heading":
      return { kind: "heading", level: levelOf(token.depth), children: inlinesOf(token.tokens ?? [], depth) };
    case "code":
      return { kind: "code", language: (token.lang ?? "").trim().split(/\s/)[0] ?? "", text: withTabs(token.text ?? "") };
    case "hr":
      return { kind: "rule" };
    case "blockquote":
      return { kind: "quote", children: blocksOf(token.tokens ?? [], depth + 1) };
    case "list":
      return {
        kind: "list",
        ordered: token.ordered === true,
        start: typeof token.start === "number" ? token.start : 1,
        isLoose: token.loose === true,
        items: (token.items ?? []).map((item) => ({
          isChecked: item.task === true ? item.checked === true : null,
          children: blocksOf(item.tokens ?? [], depth + 1),
        })),
      };
    case "table":
      return {
        kind: "table",
        alignments: token.align ?? [],
        header: (token.header ?? []).map((cell) => inlinesOf(cell.tokens, depth)),
        rows: (token.rows ?? []).map((row) => row.map((cell) => inlinesOf(cell.tokens, depth))),
      };
    case "paragraph":
    case "text":
      return { kind: "paragraph", children: inlinesOf(token.tokens ?? [{ type: "text", raw: token.raw }], depth) };
    default:
      return { kind: "source", text: withTabs(token.raw).replace(/\n+$/, "") };
  }
}

function blocksOf(tokens: Token[], depth: number): Block[] {
  return tokens.map((token) => blockOf(token, depth)).filter((block): block is Block => block !== null);
}

function lex(source: string, hasBreaks: boolean): ParsedBlock[] {
  try {
    const lexer = new Lexer({ ...getDefaults(), gfm: true, breaks: hasBreaks, mangle: false });
    const tokens = lexer.lex(source) as unknown as Token[];
    return tokens.map((token) => ({ raw: token.raw, block: blockOf(token, 0) }));
  } catch {
    // Nesting that overflows the lexer's stack: the reader still gets every character.
    return [{ raw: source, block: { kind: "source", text: withTabs(source) } }];
  }
}

/** Where reading must start again when text is added: at the last block that is not blank. */
function stableCount(blocks: readonly ParsedBlock[]): number {
  let count = blocks.length - 1;
  while (count > 0 && blocks[count]?.block === null) {
    count -= 1;
  }
  return Math.max(count, 0);
}

/**
 * Reads a message as Markdown.
 *
 * With `previous`, blocks that did not change keep their identity, and when `source` only grew, only its last block is read
 * again. `isFinal` reads all of it once more, so that link definitions at the end reach what stands above them.
 */
export function parseMarkdown(
  source: string,
  options: { hasBreaks?: boolean; previous?: ParsedMarkdown | null; isFinal?: boolean } = {},
): ParsedMarkdown {
  const hasBreaks = options.hasBreaks ?? false;
  const normal = prepare(source);
  const previous = options.previous ?? null;
  if (previous?.source === normal && previous.hasBreaks === hasBreaks && options.isFinal !== true) {
    return previous;
  }
  let kept: readonly ParsedBlock[] = [];
  let offset = 0;
  if (previous !== null && options.isFinal !== true && previous.hasBreaks === hasBreaks && normal.startsWith(previous.source)) {
    kept = previous.blocks.slice(0, stableCount(previous.blocks));
    offset = kept.reduce((sum, each) => sum + each.raw.length, 0);
    if (kept.map((each) => each.raw).join("") !== normal.slice(0, offset)) {
      // The lexer changed what it read (tabs, say): offsets cannot be trusted.
      kept = [];
      offset = 0;
    }
  }
  const rest = normal.slice(offset);
  // marked knows an open code block by the end of its last line, and while a message streams that is still to come.
  const fresh = lex(rest === "" || rest.endsWith("\n") ? rest : `${rest}\n`, hasBreaks);
  const blocks = [...kept, ...fresh].map((each, index) => {
    const before = previous?.blocks[index];
    return before !== undefined && (before === each || (before.raw === each.raw && JSON.stringify(before.block) === JSON.stringify(each.block))) ? before : each;
  });
  return { source: normal, blocks, hasBreaks };
}

/** The words of a message without its markup, for labels and announcements. */
export function plainText(source: string, longest = 200): string {
  const words = (inlines: Inline[]): string => inlines.map((each) => {
    switch (each.kind) {
      case "text": case "code": return each.text;
      case "break": return " ";
      case "image": return each.alt;
      default: return words(each.children);
    }
  }).join("");
  const text = (block: Block): string => {
    switch (block.kind) {
      case "paragraph": case "heading": return words(block.children);
      case "code": case "source": return block.text;
      case "quote": return block.children.map(text).join(" ");
      case "list": return block.items.map((item) => item.children.map(text).join(" ")).join(" ");
      case "table": return [block.header, ...block.rows].map((row) => row.map(words).join(" ")).join(" ");
      case "rule": return "";
    }
  };
  const whole = parseMarkdown(source.slice(0, longest * 4)).blocks.map((each) => (each.block ? text(each.block) : "")).join(" ").replace(/\s+/g, " ").trim();
  return whole.length > longest ? `${whole.slice(0, longest - 1)}…` : whole;
}
