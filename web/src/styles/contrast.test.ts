import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const css = readFileSync("src/styles/tokens.css", "utf8");

function tokensOf(selector: string): Map<string, string> {
  const from = css.indexOf(`${selector} {`);
  assert.ok(from >= 0, `${selector} is in tokens.css`);
  const body = css.slice(from, css.indexOf("}", from));
  return new Map([...body.matchAll(/--([a-z0-9-]+):\s*(#[0-9a-f]{6})/g)].map((found) => [found[1] ?? "", found[2] ?? ""]));
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const value = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [light = 0, dark = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

const hues = ["cherry", "indigo", "teal", "amber", "violet", "moss", "slate", "rose"].map((name) => `hue-${name}`);
const codes = ["keyword", "string", "number", "title", "comment", "type", "added", "removed"].map((name) => `code-${name}`);
const surfaces = ["surface-0", "surface-1", "surface-2"];
const soft = ["accent-soft", "danger-soft", "warning-soft", "good-soft"];
/** What is written or drawn, on what, and the ratio that WCAG 2.2 AA asks for. */
const pairs: [string[], string[], number][] = [
  [["text", "muted"], [...surfaces, "surface-3", ...soft], 4.5],
  [["accent-text", "danger-text", "warning", "good"], [...surfaces, "surface-3", ...soft], 4.5],
  [hues, [...surfaces, "surface-3"], 4.5],
  [codes, surfaces, 4.5],
  [["on-accent"], ["accent", "accent-hover"], 4.5],
  [["on-danger"], ["danger", "danger-hover"], 4.5],
  [["control", "accent", "accent-text", "danger"], surfaces, 3],
  // The mark is a logotype, but its darker half should still stand out from the ground.
  [["mark-light"], ["surface-0", "surface-1"], 3],
];

for (const [name, selector] of [["light", ":root"], ["dark", ":root[data-scheme=\"dark\"]"]] as const) {
  test(`Every pair of the ${name} scheme has the contrast it needs`, () => {
    const tokens = tokensOf(selector);
    for (const [fronts, grounds, least] of pairs) {
      for (const front of fronts) {
        for (const ground of grounds) {
          const [one, other] = [tokens.get(front), tokens.get(ground)];
          assert.ok(one !== undefined && other !== undefined, `--${front} and --${ground} are defined`);
          const ratio = contrast(one, other);
          assert.ok(ratio >= least, `--${front} on --${ground}: ${ratio.toFixed(2)}, needs ${least}`);
        }
      }
    }
  });
}

test("Both schemes define the same colours", () => {
  assert.deepEqual([...tokensOf(":root").keys()].sort(), [...tokensOf(":root[data-scheme=\"dark\"]").keys()].sort());
});
