import engine from "highlight.js/lib/highlight";
import bash from "highlight.js/lib/languages/bash";
import cpp from "highlight.js/lib/languages/cpp";
import cs from "highlight.js/lib/languages/cs";
import css from "highlight.js/lib/languages/css";
import diff from "highlight.js/lib/languages/diff";
import dockerfile from "highlight.js/lib/languages/dockerfile";
import go from "highlight.js/lib/languages/go";
import ini from "highlight.js/lib/languages/ini";
import java from "highlight.js/lib/languages/java";
import javascript from "highlight.js/lib/languages/javascript";
import json from "highlight.js/lib/languages/json";
import kotlin from "highlight.js/lib/languages/kotlin";
import makefile from "highlight.js/lib/languages/makefile";
import php from "highlight.js/lib/languages/php";
import python from "highlight.js/lib/languages/python";
import ruby from "highlight.js/lib/languages/ruby";
import rust from "highlight.js/lib/languages/rust";
import sql from "highlight.js/lib/languages/sql";
import swift from "highlight.js/lib/languages/swift";
import typescript from "highlight.js/lib/languages/typescript";
import xml from "highlight.js/lib/languages/xml";
import yaml from "highlight.js/lib/languages/yaml";
import type { CodeSpan, GrammarState, Highlighter } from "./highlight";

const languages = {
  bash, cpp, cs, css, diff, dockerfile, go, ini, java, javascript, json, kotlin, makefile, php, python, ruby, rust, sql, swift,
  typescript, xml, yaml,
};

engine.configure({ hideUpgradeWarningAcceptNoSupportOrSecurityUpdates: true });
for (const [name, language] of Object.entries(languages)) {
  engine.registerLanguage(name, language);
}

const characters: Record<string, string> = { "&amp;": "&", "&lt;": "<", "&gt;": ">" };

/**
 * Takes the engine's answer apart into plain spans, so that no markup reaches the page.
 *
 * The answer consists of `<span class="…">`, `</span>` and text with three characters escaped; anything else is kept as text.
 */
export function spansOf(answer: string): CodeSpan[] {
  const spans: CodeSpan[] = [];
  const open: (string | null)[] = [];
  for (const part of answer.split(/(<span class="[^"]*">|<\/span>)/)) {
    if (part === "") {
      continue;
    }
    const opening = /^<span class="([^"]*)">$/.exec(part)?.[1];
    if (opening !== undefined) {
      open.push(opening.startsWith("hljs-") ? opening.slice(5) : open[open.length - 1] ?? null);
    } else if (part === "</span>") {
      open.pop();
    } else {
      const text = part.replace(/&(?:amp|lt|gt);/g, (escaped) => characters[escaped] ?? escaped);
      const kind = open[open.length - 1] ?? null;
      const last = spans[spans.length - 1];
      if (last !== undefined && last.kind === kind) {
        last.text += text;
      } else {
        spans.push({ text, kind });
      }
    }
  }
  return spans;
}

/** highlight.js behind the app's own interface. */
export const highlighter: Highlighter = {
  knows(language) {
    return engine.getLanguage(language) !== undefined;
  },
  readLine(language, line, state: GrammarState) {
    try {
      const result = engine.highlight(language, line, true, state);
      return { spans: spansOf(result.value), state: result.top };
    } catch {
      // A grammar that stumbles costs the colours, not the code.
      return { spans: [{ text: line, kind: null }], state: undefined };
    }
  },
};
