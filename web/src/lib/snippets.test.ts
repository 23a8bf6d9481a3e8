import assert from "node:assert/strict";
import { test } from "node:test";
import { snippetsFor } from "./snippets";

test("Snippets name the address, the token and the model", () => {
  const snippets = snippetsFor("http://localhost:8000", "ck-abc", "fast");
  assert.deepEqual(snippets.map(({ name }) => name), ["OpenAI SDK", "Anthropic SDK", "curl", "MCP"]);
  for (const { name, code } of snippets) {
    assert.ok(code.includes("ck-abc"), name);
    assert.ok(code.includes("http://localhost:8000"), name);
    assert.ok(name === "MCP" || code.includes("fast"), name);
  }
  const settings = JSON.parse(snippets[3]?.code ?? "") as { mcpServers: { cherry: { url: string } } };
  assert.equal(settings.mcpServers.cherry.url, "http://localhost:8000/mcp");
});
