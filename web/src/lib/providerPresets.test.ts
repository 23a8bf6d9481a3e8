import assert from "node:assert/strict";
import { test } from "node:test";
import { isOnThisMachine, isPrivateAddress, keyComplaint, kindNames, presetOf, presets } from "./providerPresets";

test("Every kind has a preset, every address is one", () => {
  for (const kind of Object.keys(kindNames)) {
    assert.ok(presets.some((preset) => preset.kind === kind), kind);
  }
  for (const { label, baseURL, group } of presets) {
    assert.match(baseURL, /^https?:\/\/[A-Za-z0-9_.-]+(:\d+)?(\/[a-z0-9/]+)?$/);
    assert.equal(isPrivateAddress(baseURL), group.startsWith("On this machine"), label);
  }
});

test("A provider is recognised by its kind and address", () => {
  assert.equal(presetOf("openai", "https://api.groq.com/openai/v1")?.label, "Groq");
  assert.equal(presetOf("openai", "https://openrouter.ai/api/v2")?.label, "OpenRouter");
  assert.equal(presetOf("openai", "https://models.example/v1"), null);
  assert.equal(presetOf("bedrock", "https://bedrock-runtime.eu-central-1.amazonaws.com")?.label, "AWS Bedrock");
  assert.equal(presetOf("openai-responses", "https://api.openai.com/v1")?.label, "OpenAI Responses");
});

test("Addresses of this machine and of private networks are recognised", () => {
  for (const host of ["localhost", "127.0.0.1", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.9", "169.254.1.1", "100.64.0.1", "[::1]", "[fd00::1]", "[fe80::1]", "nas", "nas.local", "models.home.arpa"]) {
    assert.ok(isPrivateAddress(`http://${host}:8000/v1`), host);
  }
  for (const host of ["api.openai.com", "172.32.0.1", "11.0.0.1", "100.128.0.1", "fd.example", "[2001:db8::1]", "1.1.1.1"]) {
    assert.ok(!isPrivateAddress(`https://${host}/v1`), host);
  }
  assert.ok(!isPrivateAddress("not an address"));
  assert.ok(isOnThisMachine("http://127.0.0.1:11434") && isOnThisMachine("http://[::1]:1") && !isOnThisMachine("http://10.0.0.1"));
});

test("A key of the wrong form is noticed", () => {
  const [openAI, bedrock] = [presets[0] ?? null, presets.find(({ kind }) => kind === "bedrock") ?? null];
  assert.equal(keyComplaint(openAI, ""), null);
  assert.equal(keyComplaint(openAI, "sk-abc"), null);
  assert.match(keyComplaint(openAI, "gsk_abc") ?? "", /sk-…/);
  assert.match(keyComplaint(null, "two words") ?? "", /spaces/);
  assert.equal(keyComplaint(bedrock, "AKIA:secret:session"), null);
  assert.equal(keyComplaint(bedrock, "bedrock-api-key"), null);
  assert.match(keyComplaint(bedrock, "AKIA::session") ?? "", /ACCESS_KEY_ID/);
});
