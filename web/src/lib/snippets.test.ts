import assert from "node:assert/strict";
import { test } from "node:test";
import { snippetsFor } from "./snippets";

test("Snippets name the address, the token and the model", () => {
  const snippets = snippetsFor("http://localhost:8000", "ck-abc", "fast");
  assert.deepEqual(snippets.map(({ name }) => name), ["OpenAI", "Anthropic", "curl", "Variables", "MCP", "MCP, stdio"]);
  for (const { name, code } of snippets.filter(({ name: each }) => each !== "MCP, stdio")) {
    assert.ok(code.includes("ck-abc"), name);
    assert.ok(code.includes("http://localhost:8000"), name);
    assert.ok(name === "MCP" || code.includes("fast"), name);
  }
  const settings = JSON.parse(snippets[4]?.code ?? "") as { mcpServers: { cherry: { url: string } } };
  assert.equal(settings.mcpServers.cherry.url, "http://localhost:8000/mcp");
});

test("A token is never written where other processes can read it", () => {
  const program = snippetsFor("http://localhost:8000", "ck-abc", "fast")[5];
  assert.ok(program !== undefined && !program.code.includes("ck-abc") && program.note?.includes("chmod 600"));
});
