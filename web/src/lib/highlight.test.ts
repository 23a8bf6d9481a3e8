import assert from "node:assert/strict";
import { test } from "node:test";
import { highlightCode } from "./highlight";
import { highlighter, spansOf } from "./highlightEngine";

const code = "// a < b && c\nfunc greet(name: String) -> String {\n\treturn \"hi \\(name)\" /* x\n y */ + 1\n}\n";

test("Spans hold every character of the code", () => {
  for (const language of ["swift", "js", "python", "html", "bash", "json", "cpp", "yaml", "sql", "rust", "go"]) {
    const result = highlightCode(highlighter, language, code, null);
    assert.equal(result.spans.map((line) => line.map((span) => span.text).join("")).join("\n"), code);
  }
});

test("A comment over two lines is coloured on both", () => {
  const result = highlightCode(highlighter, "swift", "a /* x\ny */ b", null);
  assert.equal(result.spans[1]?.[0]?.kind, "comment");
});

test("Lines that did not change keep their spans", () => {
  const before = highlightCode(highlighter, "js", "const a = 1;\nconst b", null);
  const after = highlightCode(highlighter, "js", "const a = 1;\nconst b = 2;\n", before);
  assert.equal(after.spans[0], before.spans[0]);
  assert.equal(after.spans.length, 3);
});

test("The engine's markup is taken apart, whatever the code contains", () => {
  const nasty = "</span><img src=x onerror=alert(1)> &amp; <span class=\"hljs-x\">";
  const result = highlightCode(highlighter, "js", nasty, null);
  assert.equal(result.spans[0]?.map((span) => span.text).join(""), nasty);
  assert.deepEqual(spansOf("a&lt;b<span class=\"hljs-string\">c&amp;</span>"), [{ text: "a<b", kind: null }, { text: "c&", kind: "string" }]);
});

test("An unknown language stays plain", () => {
  assert.deepEqual(highlightCode(highlighter, "klingon", "a\nb", null).spans, [[{ text: "a", kind: null }], [{ text: "b", kind: null }]]);
});
