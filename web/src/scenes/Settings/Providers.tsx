import { useState } from "react";
import { Button, ConfirmButton, Dialog, ErrorNote, TextField } from "../../components/controls";
import { Icon } from "../../components/Icon";
import { count } from "../../hooks/format";
import { useAction } from "../../hooks/useAction";
import { actions, type Provider, type ProviderTest, useProviders } from "../../state";
import { Card } from "../Page";

const presets = [
  ["OpenAI", "https://api.openai.com/v1"], ["OpenRouter", "https://openrouter.ai/api/v1"], ["Groq", "https://api.groq.com/openai/v1"],
  ["DeepSeek", "https://api.deepseek.com/v1"], ["Mistral", "https://api.mistral.ai/v1"], ["Ollama on this machine", "http://127.0.0.1:11434/v1"],
  ["LM Studio on this machine", "http://127.0.0.1:1234/v1"],
] as const;

export function Providers(): JSX.Element {
  const providers = useProviders();
  const [editing, setEditing] = useState<Provider | "new" | null>(null);
  return (
    <Card title="Providers" lead="Services that run language models. Any that speaks OpenAI's API will do; its key is sealed in the vault and never shown again.">
      {providers.length === 0 && <p className="notice"><Icon name="info" size={16} />None yet. The small local model answers: private, but often wrong.</p>}
      <ul className="list">{providers.map((provider) => <ProviderRow key={provider.id} provider={provider} onEdit={() => setEditing(provider)} />)}</ul>
      <Button look="main" icon="add" onClick={() => setEditing("new")}>Add a provider</Button>
      {editing !== null && <ProviderForm provider={editing === "new" ? null : editing} onClose={() => setEditing(null)} />}
    </Card>
  );
}

function ProviderRow({ provider, onEdit }: { provider: Provider; onEdit: () => void }): JSX.Element {
  const [result, setResult] = useState<ProviderTest | null>(null);
  const { isBusy, error, run } = useAction();
  return (
    <li className="list-item">
      <Icon name="plug" />
      <div className="grow">
        <p><strong>{provider.name}</strong> {!provider.isEnabled && <span className="chip">Off</span>}</p>
        <p className="muted small">{provider.baseURL}{provider.defaultModel === undefined ? "" : ` · ${provider.defaultModel}`} · {provider.hasKey ? "key stored" : "no key"}</p>
        {result !== null && (result.ok
          ? <p className="good small" role="status"><Icon name="check" size={14} />It answered in {Math.max(1, result.latencyMilliseconds)} ms and offers {count(result.models.length, "model")}.</p>
          : <ErrorNote error={result.error ?? { message: "It did not answer." }} />)}
        <ErrorNote error={error} />
      </div>
      <Button disabled={isBusy} onClick={() => void run(async () => setResult(await actions.testProvider(provider.id)))}>{isBusy ? "Testing" : "Test connection"}</Button>
      <Button icon="edit" aria-label={`Edit ${provider.name}`} onClick={onEdit}>Edit</Button>
    </li>
  );
}

function ProviderForm({ provider, onClose }: { provider: Provider | null; onClose: () => void }): JSX.Element {
  const [name, setName] = useState(provider?.name ?? "");
  const [baseURL, setBaseURL] = useState(provider?.baseURL ?? "");
  const [defaultModel, setDefaultModel] = useState(provider?.defaultModel ?? "");
  const [contextLength, setContextLength] = useState(provider?.contextLength === undefined ? "" : String(provider.contextLength));
  const [apiKey, setApiKey] = useState("");
  const { isBusy, error, run } = useAction();
  const input = {
    name: name.trim(), baseURL: baseURL.trim(),
    ...(defaultModel.trim() === "" ? (provider === null ? {} : { defaultModel: null }) : { defaultModel: defaultModel.trim() }),
    ...(contextLength === "" ? (provider === null ? {} : { contextLength: null }) : { contextLength: Number(contextLength) }),
    ...(apiKey === "" ? {} : { apiKey }),
  };
  const finish = async (work: () => Promise<unknown>) => {
    if (await run(work)) {
      onClose();
    }
  };
  return (
    <Dialog title={provider === null ? "Add a provider" : `Edit ${provider.name}`} onClose={onClose}>
      <form autoComplete="off" className="stack" onSubmit={(event) => { event.preventDefault(); void finish(() => (provider === null ? actions.createProvider(input) : actions.updateProvider(provider.id, input))); }}>
        {provider === null && (
          <div className="field">
            <label htmlFor="provider-preset">Start from</label>
            <select id="provider-preset" className="input" defaultValue="" onChange={(event) => { const preset = presets[Number(event.target.value)]; if (preset !== undefined) { setName(preset[0]); setBaseURL(preset[1]); } }}>
              <option value="" disabled>A known service</option>
              {presets.map(([label], index) => <option key={label} value={index}>{label}</option>)}
            </select>
          </div>
        )}
        <TextField label="Name" value={name} maxLength={80} required onChange={(event) => setName(event.target.value)} />
        <TextField label="Address" value={baseURL} required type="url" placeholder="https://host/v1" hint="Up to the version, such as /v1." onChange={(event) => setBaseURL(event.target.value)} />
        <TextField label="Key" value={apiKey} type="password" autoComplete="off" placeholder={provider?.hasKey === true ? "Stored; leave empty to keep it" : ""} onChange={(event) => setApiKey(event.target.value)} />
        <TextField label="Default model" value={defaultModel} maxLength={200} hint="Its name at the provider." onChange={(event) => setDefaultModel(event.target.value)} />
        <TextField label="Context length" type="number" min={512} value={contextLength} hint="Tokens it reads and writes together; empty if you do not know." onChange={(event) => setContextLength(event.target.value)} />
        <ErrorNote error={error} />
        <div className="row">
          <Button look="main" type="submit" disabled={isBusy}>Save</Button>
          {provider !== null && <Button onClick={() => void finish(() => actions.updateProvider(provider.id, { isEnabled: !provider.isEnabled }))}>{provider.isEnabled ? "Switch off" : "Switch on"}</Button>}
          {provider !== null && <ConfirmButton action={`Remove ${provider.name}`} question={provider.hasKey ? "Its key is destroyed. Conversations stay." : "Its settings are destroyed. Conversations stay."} onConfirm={() => void finish(() => actions.deleteProvider(provider.id))}>Remove {provider.name}</ConfirmButton>}
        </div>
      </form>
    </Dialog>
  );
}
