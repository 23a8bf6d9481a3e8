import { useMemo, useRef, useState } from "react";
import { IconButton } from "../../../components/controls";
import { SelectField } from "../../../components/fields";
import { Icon } from "../../../components/Icon";
import { useReorder } from "../../../hooks/useReorder";
import { makeID } from "../../../lib/ids";
import { moved } from "../../../lib/reorder";
import { type ModelItem, useModels } from "../../../state";
import type { AliasTarget } from "../../../state/bridge";
import { useModelWords, useOnMachine } from "./Aliases";

/** A target with a name of its own while the list is edited: the same model may stand there twice. */
export type KeyedTarget = AliasTarget & { key: string };

/** The targets of an alias, in the order in which they are asked. */
export function Targets({ targets, isWeighted, staysLocal, onChange }: { targets: KeyedTarget[]; isWeighted: boolean; staysLocal: boolean; onChange: (targets: KeyedTarget[]) => void }): JSX.Element {
  const models = useModels();
  const isHere = useOnMachine();
  const sayModel = useModelWords();
  const list = useRef<HTMLOListElement>(null);
  const [announcement, setAnnouncement] = useState("");
  const keys = useMemo(() => targets.map(({ key }) => key), [targets]);
  const { dragged, handle, move } = useReorder(list, keys, (from, to) => {
    const target = targets[from];
    onChange(moved(targets, from, to));
    setAnnouncement(target === undefined ? "" : `${sayModel(target.model)} is now number ${to + 1} of ${targets.length}.`);
  });
  const sum = targets.reduce((total, { weight }) => total + weight, 0);
  const add = (model: ModelItem | undefined) => {
    if (model !== undefined) {
      onChange([...targets, { key: makeID(), model: { providerID: model.providerID, model: model.model }, weight: 1 }]);
    }
  };
  return (
    <div className="stack">
      <fieldset className="field">
        <legend>Targets</legend>
        <ol ref={list} className="targets" aria-label="Targets">
          {targets.map(({ key, model, weight }, index) => {
            const name = sayModel(model);
            return (
              <li key={key} data-key={key} className={`target ${dragged === key ? "is-dragged" : ""}`}>
                <button type="button" className="grip" aria-label={`Move ${name}: arrow keys, or drag`} title="Drag, or use the arrow keys" {...handle(key)}><Icon name="grip" /></button>
                <span className="numbers muted">{index + 1}</span>
                <span className="grow">
                  <span className="wrap">{name}</span>
                  {staysLocal && !isHere(model.providerID) && <span className="warning small"><Icon name="warning" size={14} />Not on this machine</span>}
                </span>
                {isWeighted && (
                  <label className="weight small muted">
                    <input className="input" type="number" min={1} max={1000} required aria-label={`Weight of ${name}`} value={weight} onChange={(event) => onChange(targets.map((each) => (each.key === key ? { ...each, weight: Number(event.target.value) } : each)))} />
                    <span className="numbers">{sum > 0 ? `${Math.round((weight / sum) * 100)} %` : ""}</span>
                  </label>
                )}
                <span className="target-tools">
                  <IconButton icon="arrowUp" size={16} label={`Move ${name} up`} disabled={index === 0} onClick={() => move(key, -1)} />
                  <IconButton icon="arrowDown" size={16} label={`Move ${name} down`} disabled={index === targets.length - 1} onClick={() => move(key, 1)} />
                  <IconButton icon="close" size={16} label={`Remove ${name}`} onClick={() => onChange(targets.filter((each) => each.key !== key))} />
                </span>
              </li>
            );
          })}
        </ol>
      </fieldset>
      <SelectField label="Add a target" value="" hint={models.items.length === 0 && !models.isLoading ? "No provider offers a model yet. Add one under Providers." : undefined} onChange={(event) => add(models.items[Number(event.target.value)])}>
        <option value="" disabled>Choose a model</option>
        {models.items.map((model, index) => (staysLocal && !isHere(model.providerID) ? null : <option key={`${model.providerID}${model.model}`} value={index}>{model.model} ({model.providerName})</option>))}
      </SelectField>
      <p className="visually-hidden" role="status">{announcement}</p>
    </div>
  );
}
