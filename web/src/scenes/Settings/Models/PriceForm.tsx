import { useState } from "react";
import { Button, ConfirmButton, Dialog, ErrorNote, TextField } from "../../../components/controls";
import { Fold, SelectField } from "../../../components/fields";
import { useAction } from "../../../hooks/useAction";
import { readMoney, typedMoney } from "../../../lib/money";
import { type Envelope, useModels, useProviders } from "../../../state";
import { bridgeActions, type ModelPrice, type TokenRates } from "../../../state/bridge";

const rateNames: readonly [keyof TokenRates, string, string][] = [
  ["input", "Tokens read", ""], ["output", "Tokens written", ""],
  ["cachedInput", "Read from the provider’s cache", "Empty: as tokens read."], ["cacheWrite", "Written to the provider’s cache", "Empty: as tokens read."], ["reasoning", "Tokens of reasoning", "Empty: as tokens written."],
];

/** Adds a price of one's own or changes one. */
export function PriceForm({ record, start, onClose }: { record: Envelope<ModelPrice> | null; start: { pattern: string; rates: TokenRates } | null; onClose: () => void }): JSX.Element {
  const providers = useProviders();
  const models = useModels();
  const price = record?.value ?? null;
  const rates = price?.rates ?? start?.rates;
  const [pattern, setPattern] = useState(price?.pattern ?? start?.pattern ?? "");
  const [providerID, setProviderID] = useState(price?.providerID ?? "");
  const [typed, setTyped] = useState<Record<string, string>>(Object.fromEntries(rateNames.map(([key]) => [key, typedMoney(rates?.[key])])));
  const { isBusy, error, run } = useAction();
  const amounts = rateNames.map(([key]) => [key, readMoney(typed[key] ?? "")] as const);
  const isSound = pattern.trim() !== "" && amounts.every(([key, amount]) => (amount === null ? key !== "input" && key !== "output" : !Number.isNaN(amount)));
  const finish = async (work: () => Promise<unknown>) => {
    if (await run(work)) {
      onClose();
    }
  };
  const save = () => bridgeActions.savePrice(record?.id ?? null, record?.version ?? 0, {
    pattern: pattern.trim(), providerID: providerID === "" ? null : providerID,
    rates: Object.fromEntries(amounts.filter(([, amount]) => amount !== null)) as unknown as TokenRates,
  });
  const field = ([key, label, hint]: (typeof rateNames)[number]) => (
    <TextField key={key} label={label} inputMode="decimal" value={typed[key] ?? ""} placeholder="0.00" hint={hint} error={Number.isNaN(readMoney(typed[key] ?? "")) ? "An amount such as 2.50." : null} required={key === "input" || key === "output"} onChange={(event) => setTyped({ ...typed, [key]: event.target.value })} />
  );
  return (
    <Dialog title={price === null ? "Add a price" : `Price of ${price.pattern}`} onClose={onClose}>
      <form autoComplete="off" className="stack" onSubmit={(event) => { event.preventDefault(); void finish(save); }}>
        <TextField label="Model" value={pattern} maxLength={200} required list="price-models" hint="As its provider calls it. A star at the end stands for any rest: gpt-5*." onChange={(event) => setPattern(event.target.value)} />
        <datalist id="price-models">{[...new Set(models.items.map(({ model }) => model))].map((model) => <option key={model} value={model} />)}</datalist>
        <SelectField label="Provider" value={providerID} onChange={(event) => setProviderID(event.target.value)}>
          <option value="">Any</option>
          {providers.map(({ id, name }) => <option key={id} value={id}>{name}</option>)}
        </SelectField>
        <fieldset className="pairs"><legend>US dollars for a million tokens</legend>{rateNames.slice(0, 2).map(field)}</fieldset>
        <Fold title="Caches and reasoning" isOpen={rateNames.slice(2).some(([key]) => rates?.[key] !== undefined)}>{rateNames.slice(2).map(field)}</Fold>
        <ErrorNote error={error} />
        <div className="row">
          <Button look="main" type="submit" disabled={isBusy || !isSound}>Save</Button>
          {record !== null && price !== null && <ConfirmButton look="quiet" action={`Remove the price of ${price.pattern}`} question="The built-in price is used again, if there is one. What was reckoned stays." onConfirm={() => void finish(() => bridgeActions.deletePrice(record.id))}>Remove</ConfirmButton>}
        </div>
      </form>
    </Dialog>
  );
}
