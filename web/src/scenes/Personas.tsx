import { useState } from "react";
import { Button, ConfirmButton, Dialog, ErrorNote, TextField } from "../components/controls";
import { useAction } from "../hooks/useAction";
import { actions, type Hue, type PersonaInput, type PersonaItem, useModels, usePersonas } from "../state";
import { Page } from "./Page";

const hues: readonly Hue[] = ["cherry", "indigo", "teal", "amber", "violet", "moss", "slate", "rose"];
const blank: PersonaInput = { name: "", hue: "moss", instructions: "", model: null, temperature: null };

/** Who answers. */
export function Personas({ onMenu }: { onMenu: () => void }): JSX.Element {
  const personas = usePersonas();
  const [editing, setEditing] = useState<PersonaItem | "new" | null>(null);
  return (
    <Page title="Personas" lead="Each has a name, a colour and standing instructions. Choose one at the head of a conversation." onMenu={onMenu}>
      <ul className="persona-list">
        {personas.map((persona) => (
          <li key={persona.id} className={`card persona hue-${persona.hue}`}>
            <span className="avatar avatar-large" aria-hidden="true">{persona.name.slice(0, 1)}</span>
            <div>
              <h2>{persona.name}</h2>
              <p className="muted clamp">{persona.instructions}</p>
            </div>
            <Button icon="edit" aria-label={`Edit ${persona.name}`} onClick={() => setEditing(persona)}>Edit</Button>
          </li>
        ))}
      </ul>
      <Button look="main" icon="add" onClick={() => setEditing("new")}>New persona</Button>
      {editing !== null && <PersonaForm persona={editing === "new" ? null : editing} onClose={() => setEditing(null)} />}
    </Page>
  );
}

function PersonaForm({ persona, onClose }: { persona: PersonaItem | null; onClose: () => void }): JSX.Element {
  const [input, setInput] = useState<PersonaInput>(persona === null ? blank : { name: persona.name, hue: persona.hue, instructions: persona.instructions, model: persona.model ?? null, temperature: persona.temperature ?? null });
  const models = useModels();
  const { error, isBusy, run } = useAction();
  const patch = (change: Partial<PersonaInput>) => setInput({ ...input, ...change });
  const finish = async (work: () => Promise<unknown>) => {
    if (await run(work)) {
      onClose();
    }
  };
  const modelIndex = models.items.findIndex((model) => model.model === input.model?.model && model.providerID === input.model.providerID);
  return (
    <Dialog title={persona === null ? "New persona" : `Edit ${persona.name}`} onClose={onClose}>
      <form autoComplete="off" className="stack" onSubmit={(event) => { event.preventDefault(); void finish(() => (persona === null ? actions.createPersona(input) : actions.updatePersona(persona.id, input))); }}>
        <TextField label="Name" value={input.name} maxLength={80} required onChange={(event) => patch({ name: event.target.value })} />
        <fieldset className="hues">
          <legend>Colour</legend>
          {hues.map((hue) => <label key={hue} className={`hue-choice hue-${hue}`}><input type="radio" name="hue" value={hue} checked={input.hue === hue} onChange={() => patch({ hue })} aria-label={hue} /></label>)}
        </fieldset>
        <div className="field">
          <label htmlFor="persona-instructions">Instructions</label>
          <textarea id="persona-instructions" autoComplete="off" className="input" rows={7} maxLength={20_000} value={input.instructions} onChange={(event) => patch({ instructions: event.target.value })} />
        </div>
        <div className="field">
          <label htmlFor="persona-model">Model</label>
          <select id="persona-model" className="input" value={modelIndex < 0 ? "" : modelIndex} onChange={(event) => { const model = models.items[Number(event.target.value)]; patch({ model: event.target.value === "" || model === undefined ? null : { providerID: model.providerID, model: model.model } }); }}>
            <option value="">The default model</option>
            {models.items.map((model, index) => <option key={`${model.providerID}${model.model}`} value={index}>{model.model} ({model.providerName})</option>)}
          </select>
        </div>
        <TextField label="Temperature" type="number" min={0} max={2} step={0.1} hint="0 is steady, 2 is wild; empty leaves it to the model." value={input.temperature ?? ""} onChange={(event) => patch({ temperature: event.target.value === "" ? null : Number(event.target.value) })} />
        <ErrorNote error={error} />
        <div className="row">
          <Button look="main" type="submit" disabled={isBusy || input.name.trim() === ""}>Save</Button>
          {persona?.isBuiltIn === true && <Button onClick={() => void finish(() => actions.resetPersona(persona.id))}>Reset</Button>}
          {persona?.isBuiltIn === false && <ConfirmButton action={`Delete ${persona.name}`} question={`${persona.name} and its instructions are destroyed. Its conversations stay.`} onConfirm={() => void finish(() => actions.deletePersona(persona.id))}>Delete {persona.name}</ConfirmButton>}
        </div>
      </form>
    </Dialog>
  );
}
