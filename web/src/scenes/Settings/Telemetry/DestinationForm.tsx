import { type FormEvent, useEffect, useRef, useState } from "react";
import { Button, ConfirmButton, Dialog, ErrorNote, TextField } from "../../../components/controls";
import { CheckField, Fold, SelectField } from "../../../components/fields";
import { count } from "../../../hooks/format";
import { useAction } from "../../../hooks/useAction";
import { changesOf, defaultOf, exampleOf, helpOf, isComplete, isRare, labelOf, problemOf, typedTarget } from "../../../lib/telemetry";
import { telemetryActions, type TelemetryDestination, type TelemetryField } from "../../../state/telemetry";

/** Sets a destination, changes it or turns it off. */
export function DestinationForm({ destination, onClose }: { destination: TelemetryDestination; onClose: () => void }): JSX.Element {
  const { kind, title, takes, fields, isSet, secrets, ledger } = destination;
  const [typed, setTyped] = useState(() => typedTarget(destination));
  /** How often it was tried with something written wrongly; from then on it is said where. */
  const [attempts, setAttempts] = useState(0);
  const form = useRef<HTMLFormElement>(null);
  const { isBusy, error, run } = useAction();
  useEffect(() => {
    form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [attempts]);
  const changes = changesOf(destination, typed);
  const set = (name: string, value: string) => setTyped(({ values, forgotten }) => ({ values: { ...values, [name]: value }, forgotten }));
  const finish = async (work: () => Promise<unknown>) => {
    if (await run(work)) {
      onClose();
    }
  };
  const wrongIn = (each: TelemetryField) => problemOf(kind, each, typed.values[each.name] ?? "");
  const handleSubmit = (event: FormEvent) => {
    event.preventDefault();
    if (fields.some((each) => wrongIn(each) !== null)) {
      setAttempts(attempts + 1);
    } else {
      void finish(() => telemetryActions.change(kind, changes));
    }
  };
  const field = (each: TelemetryField) => {
    const { name } = each;
    const value = typed.values[name] ?? "";
    const common = { label: labelOf(each), value, required: each.required && !secrets.includes(name), spellCheck: false, error: attempts > 0 ? wrongIn(each) : null, onChange: (event: { target: { value: string } }) => set(name, event.target.value) };
    if (each.form === "flag") {
      return <CheckField key={name} label={labelOf(each)} hint={name === "private" ? "For a server of yours whose name stands for an address on this machine or in your network." : undefined} checked={(value === "" ? defaultOf(each) : value) === "yes"} onChange={(checked) => set(name, checked ? "yes" : "no")} />;
    }
    if (each.form === "choice") {
      return (
        <SelectField key={name} label={labelOf(each)} value={value === "" ? defaultOf(each) : value} onChange={common.onChange}>
          {(each.choices ?? []).map((choice) => <option key={choice} value={choice}>{choice}</option>)}
        </SelectField>
      );
    }
    if (each.secret) {
      const isStored = secrets.includes(name);
      const isForgotten = typed.forgotten.includes(name);
      return (
        <div key={name}>
          <TextField {...common} type="password" disabled={isForgotten} placeholder={isStored ? "Stored; leave empty to keep it" : each.required ? exampleOf(kind, each) : undefined} hint={`${helpOf(each)} It is sealed and never shown again.`} />
          {isStored && !each.required && <CheckField label={`Forget the stored ${labelOf(each).toLowerCase()}`} checked={isForgotten} onChange={(forgets) => setTyped(({ values, forgotten }) => ({ values: { ...values, [name]: "" }, forgotten: forgets ? [...forgotten, name] : forgotten.filter((other) => other !== name) }))} />}
        </div>
      );
    }
    return <TextField key={name} {...common} {...(each.form === "share" ? { inputMode: "decimal" as const } : {})} placeholder={each.required ? exampleOf(kind, each) : defaultOf(each)} hint={helpOf(each)} />;
  };
  const rare = fields.filter(isRare);
  return (
    <Dialog title={isSet ? `Edit ${title}` : `Set up ${title}`} onClose={onClose}>
      <form ref={form} autoComplete="off" noValidate className="stack" onSubmit={handleSubmit}>
        <p className="muted">It is sent {takes}, from the moment you save. Nothing that you wrote is in it.</p>
        {fields.filter((each) => !isRare(each)).map(field)}
        <Fold title="More" isOpen={rare.some((each) => destination.values[each.name] !== undefined || (attempts > 0 && wrongIn(each) !== null))}>{rare.map(field)}</Fold>
        <ErrorNote error={error} />
        <div className="row">
          <Button look="main" type="submit" disabled={isBusy || !isComplete(destination, typed) || Object.keys(changes).length === 0}>{isSet ? "Save" : "Turn on"}</Button>
          <Button look="quiet" onClick={onClose}>Cancel</Button>
          {isSet && <ConfirmButton look="quiet" action={`Turn ${title} off`} question={`${title} is sent nothing any more. Its address and its keys are destroyed${ledger !== undefined && ledger.queued > 0 ? `, and ${count(ledger.queued, "record")} that it has not got ${ledger.queued === 1 ? "is" : "are"} dropped and counted` : ""}.`} onConfirm={() => void finish(() => telemetryActions.remove(kind))}>Turn off</ConfirmButton>}
        </div>
      </form>
    </Dialog>
  );
}
