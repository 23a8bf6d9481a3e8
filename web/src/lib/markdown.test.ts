import assert from "node:assert/strict";
import { test } from "node:test";
import { parseMarkdown, plainText } from "./markdown";
import type { ParsedMarkdown } from "./markdown";

const long = [
  "# Title", "", "A paragraph with *words*", "that goes on.", "", "- one", "- two", "", "  more of two", "- three", "", "| a | b |",
  "|---|---|", "| 1 | 2 |", "", "```go", "func main() {", "\tprintln(\"a\")", "}", "```", "", "> quoted", "> more", "", "Last & least.", "",
].join("\n");

test("A message that arrives character by character ends as if it had been read at once", () => {
  let parsed: ParsedMarkdown | null = null;
  for (let length = 1; length <= long.length; length += 1) {
    parsed = parseMarkdown(long.slice(0, length), { previous: parsed });
  }
  assert.deepEqual(parsed?.blocks.map((each) => each.block).filter((each) => each !== null), parseMarkdown(long).blocks.map((each) => each.block).filter((each) => each !== null));
});

test("Blocks that are done keep their identity while the message grows", () => {
  const before = parseMarkdown("# A\n\nfirst\n\nsecond");
  const after = parseMarkdown("# A\n\nfirst\n\nsecond and more\n\nthird", { previous: before });
  assert.equal(after.blocks[0], before.blocks[0]);
  assert.equal(after.blocks[2], before.blocks[2]);
  assert.notEqual(after.blocks[4], before.blocks[4]);
});

test("The last reading reaches link definitions at the end and keeps what did not change", () => {
  const before = parseMarkdown("plain\n\n[x][1]\n\n");
  const grown = parseMarkdown("plain\n\n[x][1]\n\n[1]: https://example.com\n", { previous: before });
  const final = parseMarkdown(grown.source, { previous: grown, isFinal: true });
  assert.equal(final.blocks[0], before.blocks[0]);
  assert.deepEqual(final.blocks[2]?.block, {
    kind: "paragraph", children: [{ kind: "link", href: "https://example.com", title: null, children: [{ kind: "text", text: "x" }] }],
  });
});

test("A code block that is still being written is a code block at every character", () => {
  const text = "```python\ndef add(a, b):\n    return a + b\n```";
  let parsed: ParsedMarkdown | null = null;
  for (let length = 3; length <= text.length; length += 1) {
    parsed = parseMarkdown(text.slice(0, length), { previous: parsed });
    assert.deepEqual(parsed.blocks.map((each) => each.block?.kind), ["code"], text.slice(0, length));
  }
});

test("Tabs in code survive", () => {
  assert.deepEqual(parseMarkdown("```make\nall:\n\techo\n```").blocks[0]?.block, { kind: "code", language: "make", text: "all:\n\techo" });
});

test("Line breaks count where they should", () => {
  assert.deepEqual(parseMarkdown("a\nb", { hasBreaks: true }).blocks[0]?.block, {
    kind: "paragraph", children: [{ kind: "text", text: "a" }, { kind: "break" }, { kind: "text", text: "b" }],
  });
});

test("Reading a growing message of 200 KB a hundred times costs what its end costs", () => {
  const body = "A paragraph of some forty characters here.\n\n".repeat(4500);
  let parsed = parseMarkdown(body);
  const from = performance.now();
  for (let step = 0; step < 100; step += 1) {
    parsed = parseMarkdown(`${parsed.source} word`, { previous: parsed });
  }
  // 100 whole readings take seconds; the bound is generous for a busy machine.
  assert.ok(performance.now() - from < 1500);
});

test("Plain text leaves the markup out", () => {
  assert.equal(plainText("## A *b*\n\n- c `d`\n- [e](https://f.example)\n\n<b>g</b>"), "A b c d e <b>g</b>");
  assert.equal(plainText("x".repeat(300), 10), `${"x".repeat(9)}…`);
});
