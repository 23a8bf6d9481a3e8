import { useState } from "react";
import { Button, ConfirmButton, Dialog, ErrorNote, TextField } from "../../../components/controls";
import { CheckField, Fold, Segments } from "../../../components/fields";
import { useAction } from "../../../hooks/useAction";
import { makeID } from "../../../lib/ids";
import type { Envelope } from "../../../state";
import { bridgeActions, type AliasInput, type ModelAlias, type TimeLimits } from "../../../state/bridge";
import { useOnMachine } from "./Aliases";
import { knownAliases } from "./knownAliases";
import { type KeyedTarget, Targets } from "./Targets";

const limitNames: readonly [keyof TimeLimits, string, string][] = [
  ["connectMilliseconds", "To connect", "Until the connection stands."],
  ["firstTokenMilliseconds", "To the first token", "From the request to the first token of the answer."],
  ["gapMilliseconds", "Silence within an answer", "The longest wait between two pieces."],
  ["totalMilliseconds", "In all", "For all attempts together."],
];

const seconds = (milliseconds: number | undefined) => (milliseconds === undefined ? "" : String(milliseconds / 1000));

/** Adds an alias or changes one. */
export function AliasForm({ record, name: initialName, taken, onClose }: { record: Envelope<ModelAlias> | null; name: string; taken: readonly string[]; onClose: () => void }): JSX.Element {
  const alias = record?.value ?? null;
  const [name, setName] = useState(alias?.name ?? initialName);
  const [strategy, setStrategy] = useState<ModelAlias["strategy"]>(alias?.strategy ?? "ordered");
  const [targets, setTargets] = useState<KeyedTarget[]>(() => (alias?.targets ?? []).map((target) => ({ ...target, key: makeID() })));
  const [staysLocal, setStaysLocal] = useState(alias?.staysLocal ?? initialName === "private");
  const [continues, setContinues] = useState(alias?.continuesAfterFirstToken ?? false);
  const [retries, setRetries] = useState(String(alias?.retries ?? 2));
  const [hedge, setHedge] = useState(alias?.hedgeAfterMilliseconds === undefined ? "" : String(alias.hedgeAfterMilliseconds));
  const [limits, setLimits] = useState<Record<string, string>>(Object.fromEntries(limitNames.map(([key]) => [key, seconds(alias?.limits[key])])));
  const { isBusy, error, run } = useAction();
  const trimmed = name.trim();
  const isTaken = trimmed.toLowerCase() !== alias?.name.toLowerCase() && taken.includes(trimmed.toLowerCase());
  const complaint = isTaken ? "There is an alias of this name." : trimmed !== "" && !/^[A-Za-z0-9._-]+$/.test(trimmed) ? "Letters, digits, dots, dashes and underscores only." : null;
  const isOnMachine = useOnMachine();
  const isAstray = staysLocal && targets.some(({ model }) => !isOnMachine(model.providerID));
  const input: AliasInput = {
    name: trimmed, strategy, staysLocal, continuesAfterFirstToken: continues,
    targets: targets.map(({ model, weight }) => ({ model, weight })),
    retries: Number(retries),
    hedgeAfterMilliseconds: hedge === "" ? null : Number(hedge),
    limits: Object.fromEntries(limitNames.map(([key]) => [key, limits[key] === "" ? null : Math.round(Number(limits[key]) * 1000)])) as AliasInput["limits"],
  };
  const finish = async (work: () => Promise<unknown>) => {
    if (await run(work)) {
      onClose();
    }
  };
  return (
    <Dialog title={alias === null ? "New alias" : `Edit ${alias.name}`} onClose={onClose} className="dialog-wide">
      <form autoComplete="off" className="stack" onSubmit={(event) => { event.preventDefault(); void finish(() => bridgeActions.saveAlias(record?.id ?? null, record?.version ?? 0, input)); }}>
        <TextField label="Name" value={name} maxLength={64} required list="alias-names" error={complaint} hint={knownAliases.find((each) => each.name === trimmed.toLowerCase())?.means ?? "What tools ask for, such as fast."} onChange={(event) => setName(event.target.value)} />
        <datalist id="alias-names">{knownAliases.map((each) => <option key={each.name} value={each.name} />)}</datalist>
        <Segments label="How the first target is chosen" isLabelShown options={[["ordered", "In order"], ["weighted", "By weight"]]} value={strategy} onChange={setStrategy} />
        <Targets targets={targets} isWeighted={strategy === "weighted"} staysLocal={staysLocal} onChange={setTargets} />
        <div>
          <CheckField label="Stays on this machine" hint="Only models on this machine may be its targets, and each request is checked again." checked={staysLocal} onChange={setStaysLocal} />
          <CheckField label="Go on with the next target after the first token" hint="When an answer breaks off, the next target continues it. Another model may write differently." checked={continues} onChange={setContinues} />
        </div>
        <Fold title="Retries, hedging and time limits">
          <TextField label="Retries" type="number" min={0} max={10} required value={retries} hint="How often all targets are tried again after all of them failed." onChange={(event) => setRetries(event.target.value)} />
          <TextField label="Ask a second target after (ms)" type="number" min={10} max={600_000} value={hedge} hint="When the first one is silent for so long, the next is asked besides it; the first token wins, and both may cost. Empty: never." onChange={(event) => setHedge(event.target.value)} />
          <fieldset className="pairs">
            <legend>Time limits, in seconds</legend>
            {limitNames.map(([key, label, hint]) => <TextField key={key} label={label} type="number" min={0.1} max={86_400} step={0.1} value={limits[key] ?? ""} placeholder="Default" hint={hint} onChange={(event) => setLimits({ ...limits, [key]: event.target.value })} />)}
          </fieldset>
        </Fold>
        <ErrorNote error={error} />
        <div className="row">
          <Button look="main" type="submit" disabled={isBusy || trimmed === "" || complaint !== null || targets.length === 0 || isAstray}>Save</Button>
          {isAstray && <span className="warning small">Take out the targets that are not on this machine.</span>}
          {targets.length === 0 && <span className="muted small">An alias needs a target.</span>}
          {record !== null && alias !== null && <ConfirmButton look="quiet" action={`Delete ${alias.name}`} question={`Tools that ask for “${alias.name}” are refused from then on. Models and providers stay.`} onConfirm={() => void finish(() => bridgeActions.deleteAlias(record.id))}>Delete {alias.name}</ConfirmButton>}
        </div>
      </form>
    </Dialog>
  );
}
