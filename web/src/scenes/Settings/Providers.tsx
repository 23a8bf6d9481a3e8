import { useState } from "react";
import { Button, ErrorNote } from "../../components/controls";
import { Icon } from "../../components/Icon";
import { count } from "../../hooks/format";
import { useAction } from "../../hooks/useAction";
import { kindNames, presetOf } from "../../lib/providerPresets";
import { actions, type Provider, type ProviderTest, useProviders } from "../../state";
import { Card } from "../Page";
import { ProviderForm } from "./ProviderForm";
import { ProviderModels } from "./ProviderModels";

export function Providers(): JSX.Element {
  const providers = useProviders();
  const [editing, setEditing] = useState<Provider | "new" | null>(null);
  return (
    <Card title="Providers" lead="Services and servers that run language models. A key is sealed in the vault and never shown again.">
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
  const facts = [provider.baseURL, ...(provider.defaultModel === undefined ? [] : [provider.defaultModel]), provider.hasKey ? "key stored" : "no key"];
  return (
    <li className="list-item">
      <Icon name="plug" />
      <div className="grow">
        <p><strong>{provider.name}</strong> <span className="chip">{presetOf(provider.kind, provider.baseURL)?.label ?? (provider.kind === "openai" ? "OpenAI-compatible" : kindNames[provider.kind])}</span> {!provider.isEnabled && <span className="chip">Off</span>}</p>
        <p className="muted small wrap">{facts.join(" · ")}</p>
        {result !== null && (result.ok
          ? <p className="good small" role="status"><Icon name="check" size={14} />It answered in {Math.max(1, result.latencyMilliseconds)} ms and offers {count(result.models.length, "model")}.</p>
          : <ErrorNote error={result.error ?? { message: "It did not answer." }} />)}
        <ErrorNote error={error} />
      </div>
      <Button disabled={isBusy} onClick={() => void run(async () => setResult(await actions.testProvider(provider.id)))}>{isBusy ? "Testing" : "Test connection"}</Button>
      <Button icon="edit" aria-label={`Edit ${provider.name}`} onClick={onEdit}>Edit</Button>
      {provider.isEnabled && <ProviderModels provider={provider} />}
    </li>
  );
}
