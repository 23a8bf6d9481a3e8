import assert from "node:assert/strict";
import { test } from "node:test";
import { sayRemoval } from "./removal";

const target = (providerID: string) => ({ model: { providerID, model: "m" }, weight: 1 });

test("Whoever removes a provider is told what leads nowhere then, what goes on, and what stays", () => {
  const words = sayRemoval("p", {
    hasKey: true,
    aliases: [{ name: "private", targets: [target("p"), target("p")] }, { name: "fast", targets: [target("p"), target("q")] }, { name: "other", targets: [target("q")] }],
    personas: [{ name: "Sophia", model: { providerID: "p", model: "m" } }, { name: "Karen" }],
    defaultModel: { providerID: "p", model: "m" },
  }).join(" ");
  assert.match(words, /its key are destroyed/);
  assert.match(words, /alias “private” then leads nowhere/);
  assert.match(words, /alias “fast” goes on with its other targets/);
  assert.match(words, /persona “Sophia” needs another model/);
  assert.match(words, /default model/);
  assert.ok(!words.includes("other”") && !words.includes("Karen"));
});

test("A provider that nothing uses goes with its settings alone", () => {
  assert.deepEqual(sayRemoval("p", { hasKey: false, aliases: [], personas: [], defaultModel: null }), ["Its settings are destroyed.", "Conversations and what was used so far stay."]);
});
