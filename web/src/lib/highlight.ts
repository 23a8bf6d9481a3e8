/** A piece of a line of code and the kind of thing it is (`keyword`, `string`, …), `null` for plain. */
export interface CodeSpan {
  text: string;
  kind: string | null;
}

/** Opaque: where the grammar stands after a line. */
export type GrammarState = object | undefined;

/** Colours code line by line. */
export interface Highlighter {
  /** Whether it knows a language, by name or alias. */
  knows(language: string): boolean;
  /** Reads one line in the state that the line before left. */
  readLine(language: string, line: string, state: GrammarState): { spans: CodeSpan[]; state: GrammarState };
}

/** Longer lines stay plain: grammars may take long over them. */
const longestLine = 2000;
/** Longer code stays plain. */
const mostLines = 5000;

/** Lines of code that were coloured, and what is needed to go on from any of them. */
export interface HighlightedCode {
  language: string;
  lines: readonly string[];
  spans: readonly (readonly CodeSpan[])[];
  states: readonly GrammarState[];
}

/** Colours code; with `previous`, only from the first line that differs. Lines that did not change keep their spans. */
export function highlightCode(highlighter: Highlighter, language: string, code: string, previous: HighlightedCode | null): HighlightedCode {
  const lines = code.split("\n");
  const isPlain = !highlighter.knows(language) || lines.length > mostLines;
  let same = 0;
  if (previous !== null && previous.language === language) {
    while (same < lines.length && same < previous.lines.length && lines[same] === previous.lines[same]) {
      same += 1;
    }
  } else {
    previous = null;
  }
  const spans = previous?.spans.slice(0, same) ?? [];
  const states = previous?.states.slice(0, same) ?? [];
  for (let at = same; at < lines.length; at += 1) {
    const line = lines[at] ?? "";
    const before = states[at - 1];
    if (isPlain || line.length > longestLine) {
      spans.push([{ text: line, kind: null }]);
      states.push(before);
      continue;
    }
    // The line end belongs to the line: grammars end comments and strings with it.
    const read = highlighter.readLine(language, `${line}\n`, before);
    spans.push(withoutLineEnd(read.spans));
    states.push(read.state);
  }
  return { language, lines, spans, states };
}

function withoutLineEnd(spans: CodeSpan[]): CodeSpan[] {
  const last = spans[spans.length - 1];
  if (last === undefined || !last.text.endsWith("\n")) {
    return spans;
  }
  const rest = spans.slice(0, -1);
  return last.text === "\n" ? rest : [...rest, { text: last.text.slice(0, -1), kind: last.kind }];
}

let loading: Promise<Highlighter> | null = null;
let loaded: Highlighter | null = null;

/** The highlighter, if it has been loaded. */
export function highlighterNow(): Highlighter | null {
  return loaded;
}

/** Loads the grammars, once, when the first code block is seen. */
export function loadHighlighter(): Promise<Highlighter> {
  loading ??= import("./highlightEngine").then((module) => {
    loaded = module.highlighter;
    return loaded;
  }).catch((error: unknown) => {
    loading = null;
    throw error;
  });
  return loading;
}
