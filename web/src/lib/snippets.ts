/** A ready piece of code or settings for a tool that is to speak through the bridge. */
export interface Snippet {
  name: string;
  language: string;
  code: string;
  /** What to know before it works. */
  note?: string;
}

/** What to write into tools that use the bridge at `origin` with `token`. */
export function snippetsFor(origin: string, token: string, model: string): Snippet[] {
  return [
    {
      name: "OpenAI", language: "python",
      code: `from openai import OpenAI\n\nclient = OpenAI(\n    base_url="${origin}/v1",\n    api_key="${token}",\n)\nanswer = client.chat.completions.create(\n    model="${model}",\n    messages=[{"role": "user", "content": "Hello"}],\n)\nprint(answer.choices[0].message.content)`,
    },
    {
      name: "Anthropic", language: "python",
      code: `from anthropic import Anthropic\n\nclient = Anthropic(\n    base_url="${origin}",\n    api_key="${token}",\n)\nanswer = client.messages.create(\n    model="${model}",\n    max_tokens=1024,\n    messages=[{"role": "user", "content": "Hello"}],\n)\nprint(answer.content[0].text)`,
    },
    {
      name: "curl", language: "bash",
      code: `curl ${origin}/v1/chat/completions \\\n  -H "Authorization: Bearer ${token}" \\\n  -H "Content-Type: application/json" \\\n  -d '{"model": "${model}", "messages": [{"role": "user", "content": "Hello"}]}'`,
    },
    {
      name: "Variables", language: "bash",
      code: `# Tools that read OpenAI’s variables\nexport OPENAI_BASE_URL="${origin}/v1"\nexport OPENAI_API_KEY="${token}"\n\n# Tools that read Anthropic’s, such as Claude Code\nexport ANTHROPIC_BASE_URL="${origin}"\nexport ANTHROPIC_AUTH_TOKEN="${token}"\nexport ANTHROPIC_MODEL="${model}"`,
    },
    {
      name: "MCP", language: "json",
      code: JSON.stringify({ mcpServers: { cherry: { type: "http", url: `${origin}/mcp`, headers: { Authorization: `Bearer ${token}` } } } }, null, 2),
    },
    {
      name: "MCP, stdio", language: "json",
      code: JSON.stringify({ mcpServers: { cherry: { command: "cherry", args: ["mcp", "--token-file", "/path/to/token"] } } }, null, 2),
      note: "For tools that start their servers themselves, on the machine on which cherry runs. Write the token into that file and let only you read it (chmod 600).",
    },
  ];
}
