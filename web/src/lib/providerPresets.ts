import type { ProviderKind } from "../state/types";

/** What a person needs to know to enter a provider. */
export interface ProviderPreset {
  label: string;
  group: "Services" | "On this machine or in your network" | "Compatible services";
  kind: ProviderKind;
  /** The address, with what must be replaced in capitals; empty where only the user knows it. */
  baseURL: string;
  /** Which key is wanted and what it looks like; `null` where none is needed. */
  key: { from: string; form: string; pattern?: RegExp } | null;
  /** What to watch out for with the address. */
  addressHint?: string;
}

const local = "On this machine or in your network";
const compatible = "Compatible services";

/** Known services and servers. */
export const presets: readonly ProviderPreset[] = [
  { label: "OpenAI", group: "Services", kind: "openai", baseURL: "https://api.openai.com/v1", key: { from: "platform.openai.com, API keys", form: "sk-…", pattern: /^sk-/ } },
  { label: "OpenAI Responses", group: "Services", kind: "openai-responses", baseURL: "https://api.openai.com/v1", key: { from: "platform.openai.com, API keys", form: "sk-…", pattern: /^sk-/ } },
  { label: "Anthropic", group: "Services", kind: "anthropic", baseURL: "https://api.anthropic.com/v1", key: { from: "console.anthropic.com, API keys", form: "sk-ant-…", pattern: /^sk-ant-/ } },
  { label: "Google Gemini", group: "Services", kind: "gemini", baseURL: "https://generativelanguage.googleapis.com/v1beta", key: { from: "aistudio.google.com, API key", form: "AIza…" } },
  { label: "Mistral", group: "Services", kind: "mistral", baseURL: "https://api.mistral.ai/v1", key: { from: "console.mistral.ai, API keys", form: "32 letters and digits" } },
  {
    label: "Azure OpenAI", group: "Services", kind: "azure", baseURL: "https://NAME.openai.azure.com",
    key: { from: "the resource in the Azure portal, Keys and Endpoint", form: "KEY 1 or KEY 2" },
    addressHint: "Replace NAME by that of your resource. Models are asked for by the name of their deployment; with ?api-version=2024-10-21 behind it, in the older way.",
  },
  {
    label: "AWS Bedrock", group: "Services", kind: "bedrock", baseURL: "https://bedrock-runtime.us-east-1.amazonaws.com",
    key: { from: "the AWS console, IAM or Bedrock API keys", form: "ACCESS_KEY_ID:SECRET_ACCESS_KEY, with :SESSION_TOKEN if there is one, or a Bedrock API key", pattern: /^[^:]+(:[^:]+){0,2}$/ },
    addressHint: "The region is part of the address: replace us-east-1 by yours.",
  },
  { label: "Ollama", group: local, kind: "ollama", baseURL: "http://127.0.0.1:11434", key: null },
  { label: "LM Studio", group: local, kind: "openai", baseURL: "http://127.0.0.1:1234/v1", key: null },
  { label: "llama.cpp", group: local, kind: "openai", baseURL: "http://127.0.0.1:8080/v1", key: { from: "what the server was started with", form: "the text behind --api-key, if any" } },
  { label: "vLLM", group: local, kind: "openai", baseURL: "http://127.0.0.1:8000/v1", key: { from: "what the server was started with", form: "the text behind --api-key, if any" } },
  { label: "OpenRouter", group: compatible, kind: "openai", baseURL: "https://openrouter.ai/api/v1", key: { from: "openrouter.ai, Keys", form: "sk-or-…", pattern: /^sk-or-/ } },
  { label: "Groq", group: compatible, kind: "openai", baseURL: "https://api.groq.com/openai/v1", key: { from: "console.groq.com, API Keys", form: "gsk_…", pattern: /^gsk_/ } },
  { label: "DeepSeek", group: compatible, kind: "openai", baseURL: "https://api.deepseek.com/v1", key: { from: "platform.deepseek.com, API keys", form: "sk-…", pattern: /^sk-/ } },
  { label: "Together", group: compatible, kind: "openai", baseURL: "https://api.together.xyz/v1", key: { from: "api.together.ai, API Keys", form: "letters and digits" } },
];

/** What speaks which API, in words. */
export const kindNames: Record<ProviderKind, string> = {
  openai: "OpenAI Chat Completions, and whatever is compatible", "openai-responses": "OpenAI Responses", anthropic: "Anthropic Messages", gemini: "Google Gemini",
  mistral: "Mistral", ollama: "Ollama", azure: "Azure OpenAI", bedrock: "AWS Bedrock Converse",
};

/** The preset that an address and a kind come from, if any. */
export function presetOf(kind: ProviderKind, baseURL: string): ProviderPreset | null {
  const host = hostOf(baseURL);
  const ofKind = presets.filter((preset) => preset.kind === kind);
  return ofKind.find((preset) => preset.baseURL === baseURL) ?? ofKind.find((preset) => preset.group !== local && hostOf(preset.baseURL) === host)
    ?? (kind === "openai" ? null : ofKind[0] ?? null);
}

function hostOf(address: string): string | null {
  try {
    return new URL(address).hostname;
  } catch {
    return null;
  }
}

/** Whether an address names this machine or a private network by itself. What a name resolves to, only the server can tell. */
export function isPrivateAddress(address: string): boolean {
  const host = hostOf(address)?.replace(/^\[|\]$/g, "") ?? "";
  if (host === "localhost" || /\.(localhost|local|lan|internal|home\.arpa)$/.test(host) || (host !== "" && !host.includes(".") && !host.includes(":"))) {
    return true;
  }
  const [a = -1, b = -1] = /^\d+\.\d+\.\d+\.\d+$/.test(host) ? host.split(".").map(Number) : [];
  return a === 127 || a === 10 || a === 0 || (a === 172 && b >= 16 && b < 32) || (a === 192 && b === 168) || (a === 169 && b === 254) || (a === 100 && b >= 64 && b < 128)
    || host === "::1" || /^f[cd]/.test(host) && host.includes(":") || /^fe[89ab]/.test(host) && host.includes(":");
}

/** Whether an address is one of this machine. */
export function isOnThisMachine(address: string): boolean {
  const host = hostOf(address) ?? "";
  return host === "localhost" || host.endsWith(".localhost") || host === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(host);
}

/** What is wrong with a key for a preset, in words; `null` when nothing is plain to see. */
export function keyComplaint(preset: ProviderPreset | null, key: string): string | null {
  if (key === "") {
    return null;
  }
  if (!/^[!-~]+$/.test(key)) {
    return "A key has no spaces and no other than plain characters. Copy it again.";
  }
  return preset?.key?.pattern !== undefined && !preset.key.pattern.test(key) ? `A key of ${preset.label} looks like this: ${preset.key.form}.` : null;
}
