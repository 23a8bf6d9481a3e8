import { useState } from "react";
import { Button, ConfirmButton, Dialog, ErrorNote, TextField } from "../../components/controls";
import { CheckField, SelectField } from "../../components/fields";
import { useAction } from "../../hooks/useAction";
import { isPrivateAddress, keyComplaint, kindNames, presetOf, presets } from "../../lib/providerPresets";
import { sayRemoval } from "../../lib/removal";
import { actions, type Provider, type ProviderKind, useModels, usePersonas, usePreferences } from "../../state";
import { aliases, useRemote } from "../../state/bridge";

const groups = [...new Set(presets.map(({ group }) => group))];

/** Adds a provider or changes one. */
export function ProviderForm({ provider, onClose }: { provider: Provider | null; onClose: () => void }): JSX.Element {
  const models = useModels();
  const [name, setName] = useState(provider?.name ?? "");
  const [kind, setKind] = useState<ProviderKind>(provider?.kind ?? "openai");
  const [baseURL, setBaseURL] = useState(provider?.baseURL ?? "");
  const [mayBePrivate, setMayBePrivate] = useState<boolean | null>(provider?.allowsPrivateAddresses ?? null);
  const [defaultModel, setDefaultModel] = useState(provider?.defaultModel ?? "");
  const [contextLength, setContextLength] = useState(provider?.contextLength === undefined ? "" : String(provider.contextLength));
  const [apiKey, setApiKey] = useState("");
  const { isBusy, error, run } = useAction();
  const preset = presetOf(kind, baseURL.trim());
  const isPrivate = isPrivateAddress(baseURL.trim());
  const allowsPrivateAddresses = mayBePrivate ?? isPrivate;
  const input = {
    name: name.trim(), kind, baseURL: baseURL.trim(), allowsPrivateAddresses,
    ...(defaultModel.trim() === "" ? (provider === null ? {} : { defaultModel: null }) : { defaultModel: defaultModel.trim() }),
    ...(contextLength === "" ? (provider === null ? {} : { contextLength: null }) : { contextLength: Number(contextLength) }),
    ...(apiKey === "" ? {} : { apiKey: apiKey.trim() }),
  };
  const finish = async (work: () => Promise<unknown>) => {
    if (await run(work)) {
      onClose();
    }
  };
  const choosePreset = (index: number) => {
    const chosen = presets[index];
    if (chosen !== undefined) {
      setName(chosen.label);
      setKind(chosen.kind);
      setBaseURL(chosen.baseURL);
      setMayBePrivate(null);
    }
  };
  const keyHint = preset === null ? "If the server wants one." : preset.key === null ? `${preset.label} wants none.` : `From ${preset.key.from}. It looks like this: ${preset.key.form}.`;
  return (
    <Dialog title={provider === null ? "Add a provider" : `Edit ${provider.name}`} onClose={onClose}>
      <form autoComplete="off" className="stack" onSubmit={(event) => { event.preventDefault(); void finish(() => (provider === null ? actions.createProvider(input) : actions.updateProvider(provider.id, input))); }}>
        {provider === null && (
          <SelectField label="Start from" defaultValue="" hint="Fills in the rest; all of it can be changed." onChange={(event) => choosePreset(Number(event.target.value))}>
            <option value="" disabled>A known service or server</option>
            {groups.map((group) => (
              <optgroup key={group} label={group}>
                {presets.map((each, index) => (each.group === group ? <option key={each.label} value={index}>{each.label}</option> : null))}
              </optgroup>
            ))}
          </SelectField>
        )}
        <TextField label="Name" value={name} maxLength={80} required onChange={(event) => setName(event.target.value)} />
        <SelectField label="Speaks" value={kind} onChange={(event) => setKind(event.target.value as ProviderKind)}>
          {Object.entries(kindNames).map(([value, words]) => <option key={value} value={value}>{words}</option>)}
        </SelectField>
        <TextField label="Address" value={baseURL} required type="url" placeholder="https://host/v1" hint={preset?.addressHint ?? (kind === "ollama" ? "Of the server, without a version." : "Up to the version, such as /v1.")} onChange={(event) => setBaseURL(event.target.value)} />
        {(isPrivate || allowsPrivateAddresses || provider !== null) && (
          <CheckField
            label="It may be at a private address"
            hint={isPrivate ? "This address is on this machine or in a private network. Without this, it is refused." : "On this machine or in a private network. Leave it off for services on the internet: nothing can then be led into your network."}
            checked={allowsPrivateAddresses}
            onChange={setMayBePrivate}
          />
        )}
        <TextField label="Key" value={apiKey} type="password" autoComplete="off" placeholder={provider?.hasKey === true ? "Stored; leave empty to keep it" : ""} hint={keyHint} error={keyComplaint(preset, apiKey.trim())} onChange={(event) => setApiKey(event.target.value)} />
        <TextField label="Default model" value={defaultModel} maxLength={200} list="provider-models" hint="Its name at the provider." onChange={(event) => setDefaultModel(event.target.value)} />
        <datalist id="provider-models">{models.items.filter((model) => model.providerID === provider?.id).map((model) => <option key={model.model} value={model.model} />)}</datalist>
        <TextField label="Context length" type="number" min={512} value={contextLength} hint="Tokens it reads and writes together; empty if you do not know." onChange={(event) => setContextLength(event.target.value)} />
        <ErrorNote error={error} />
        <div className="row">
          <Button look="main" type="submit" disabled={isBusy}>Save</Button>
          {provider !== null && <Button onClick={() => void finish(() => actions.updateProvider(provider.id, { isEnabled: !provider.isEnabled }))}>{provider.isEnabled ? "Switch off" : "Switch on"}</Button>}
          {provider !== null && <ConfirmButton look="quiet" action={`Remove ${provider.name}`} question={<Removal provider={provider} />} onConfirm={() => void finish(() => actions.deleteProvider(provider.id))}>Remove {provider.name}</ConfirmButton>}
        </div>
      </form>
    </Dialog>
  );
}

/** What goes with a provider. Which aliases use it is asked from the server, so that nobody is told less than the truth. */
function Removal({ provider }: { provider: Provider }): JSX.Element {
  const { value, error } = useRemote(aliases);
  const personas = usePersonas();
  const { "model.default": defaultModel } = usePreferences();
  const words = sayRemoval(provider.id, { hasKey: provider.hasKey, aliases: (value ?? []).flatMap((record) => record.value ?? []), personas, defaultModel });
  return (
    <ul className="removal">
      {words.map((sentence) => <li key={sentence}>{sentence}</li>)}
      {value === null && <li className="muted">{error === null ? "Looking which aliases use it." : "Which aliases use it cannot be told now."}</li>}
    </ul>
  );
}
