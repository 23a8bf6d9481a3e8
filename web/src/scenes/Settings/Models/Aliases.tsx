import { useState } from "react";
import { Button } from "../../../components/controls";
import { Icon } from "../../../components/Icon";
import { RemoteState } from "../../../components/RemoteState";
import { isOnThisMachine } from "../../../lib/providerPresets";
import { type Envelope, type ModelReference, useModels, useProviders } from "../../../state";
import { aliases, type ModelAlias, useRemote } from "../../../state/bridge";
import { Card } from "../../Page";
import { AliasForm } from "./AliasForm";
import { knownAliases } from "./knownAliases";

/** Names such as `fast`, and the models that answer to them. */
export function Aliases(): JSX.Element {
  const view = useRemote(aliases);
  const [editing, setEditing] = useState<Envelope<ModelAlias> | string | null>(null);
  const sayModel = useModelWords();
  const items = [...view.value ?? []].sort((a, b) => (a.value?.name ?? "").localeCompare(b.value?.name ?? ""));
  const missing = knownAliases.filter(({ name }) => !items.some(({ value }) => value?.name.toLowerCase() === name));
  return (
    <Card title="Aliases" lead="Names under which tools ask for a model. When one target fails, the next one answers.">
      <RemoteState view={view} lines={3} />
      {view.value !== null && (
        <>
          {items.length === 0 && <p className="notice"><Icon name="info" size={16} />None yet. Tools can ask for every model by its own name; an alias lets you change the model behind it later.</p>}
          <ul className="list">
            {items.map((record) => record.value !== undefined && (
              <li key={record.id} className="list-item">
                <div className="grow">
                  <p>
                    <strong className="code">{record.value.name}</strong>{" "}
                    {record.value.strategy === "weighted" && <span className="chip">by weight</span>}{" "}
                    {record.value.staysLocal && <span className="chip"><Icon name="shield" size={13} />stays on this machine</span>}
                  </p>
                  <ol className={`targets-line muted small ${record.value.strategy === "weighted" ? "is-weighted" : ""}`}>
                    {record.value.targets.map(({ model, weight }, index) => <li key={index}>{sayModel(model)}{record.value?.strategy === "weighted" ? <span className="numbers"> {Math.round((100 * weight) / record.value.targets.reduce((sum, each) => sum + each.weight, 0))}&nbsp;%</span> : ""}</li>)}
                  </ol>
                </div>
                <Button icon="edit" aria-label={`Edit ${record.value.name}`} onClick={() => setEditing(record)}>Edit</Button>
              </li>
            ))}
          </ul>
          <div className="row">
            <Button look="main" icon="add" onClick={() => setEditing("")}>New alias</Button>
            {missing.map(({ name, means }) => <Button key={name} title={means} onClick={() => setEditing(name)}>{`Add “${name}”`}</Button>)}
          </div>
        </>
      )}
      {editing !== null && <AliasForm record={typeof editing === "string" ? null : editing} name={typeof editing === "string" ? editing : ""} taken={items.flatMap(({ value }) => value?.name.toLowerCase() ?? [])} onClose={() => setEditing(null)} />}
    </Card>
  );
}

/** A model and its provider, as they are called. */
export function useModelWords(): (model: ModelReference) => string {
  const models = useModels();
  const providers = useProviders();
  return ({ providerID, model }) => {
    const name = providers.find(({ id }) => id === providerID)?.name ?? models.items.find((item) => item.providerID === providerID)?.providerName;
    return name === undefined ? `${model} (its provider was removed)` : `${model} (${name})`;
  };
}

/** Whether a provider is on this machine. */
export function useOnMachine(): (providerID: string) => boolean {
  const models = useModels();
  const providers = useProviders();
  return (providerID) => models.items.some((item) => item.providerID === providerID && item.isLocal)
    || providers.some(({ id, baseURL }) => id === providerID && isOnThisMachine(baseURL));
}
