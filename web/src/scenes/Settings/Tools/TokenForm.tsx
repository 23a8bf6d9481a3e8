import { useState } from "react";
import { Button, Dialog, ErrorNote, TextField } from "../../../components/controls";
import { CheckField, Fold, NamesField, Segments, SelectField } from "../../../components/fields";
import { useAction } from "../../../hooks/useAction";
import { readMoney, typedMoney } from "../../../lib/money";
import { dateOfExpiry, expiryOf, faultOfSemantic, lifetimes, semanticOf, typedSemantic } from "../../../lib/tokens";
import { type Envelope, useModels } from "../../../state";
import { aliases, bridgeActions, type BridgeToken, type Budget, type ContextAccess, type TokenInput, useRemote } from "../../../state/bridge";
import { SemanticFields, timesWith } from "./SemanticFields";

const accesses: readonly (readonly [ContextAccess, string])[] = [["none", "None"], ["read", "Read"], ["write", "Read and write"]];

/** What a person types of a budget. */
interface TypedBudget { money: string; tokens: string }

const typed = (budget: Budget | undefined): TypedBudget => ({ money: typedMoney(budget?.microDollars), tokens: budget?.tokens === undefined ? "" : String(budget.tokens) });

function budgetOf({ money, tokens }: TypedBudget): TokenInput["daily"] {
  return { microDollars: readMoney(money), tokens: tokens === "" ? null : Number(tokens) };
}

/** Makes a token or changes what one may do. */
export function TokenForm({ record, onMade, onClose }: { record: Envelope<BridgeToken> | null; onMade: (name: string, secret: string) => void; onClose: () => void }): JSX.Element {
  const token = record?.value ?? null;
  const models = useModels();
  const { value: known } = useRemote(aliases);
  const [name, setName] = useState(token?.name ?? "");
  const [isEvery, setEvery] = useState(token?.models === undefined);
  const [chosen, setChosen] = useState<string[]>(token?.models ?? []);
  const [contextAccess, setContextAccess] = useState<ContextAccess>(token?.contextAccess ?? "none");
  const [perMinute, setPerMinute] = useState(token?.requestsPerMinute === undefined ? "" : String(token.requestsPerMinute));
  const [daily, setDaily] = useState(typed(token?.daily));
  const [monthly, setMonthly] = useState(typed(token?.monthly));
  const [cache, setCache] = useState(token?.cacheSeconds === undefined ? "" : String(token.cacheSeconds));
  const [semantic, setSemantic] = useState(typedSemantic(token?.semanticCache));
  const [lifetime, setLifetime] = useState(token?.expiresAt === undefined ? "never" : "date");
  const [date, setDate] = useState(token?.expiresAt === undefined ? "" : dateOfExpiry(token.expiresAt));
  const { isBusy, error, run } = useAction();
  const isMoneySound = [daily.money, monthly.money].every((money) => !Number.isNaN(readMoney(money) ?? 0));
  const isSound = name.trim() !== "" && isMoneySound && (isEvery || chosen.length > 0) && faultOfSemantic(semantic) === null && (lifetime !== "date" || date !== "");
  const save = () => run(async () => {
    const isUntouched = token?.expiresAt !== undefined && lifetime === "date" && date === dateOfExpiry(token.expiresAt);
    const input: TokenInput = {
      name: name.trim(), models: isEvery ? null : chosen, contextAccess, requestsPerMinute: perMinute === "" ? null : Number(perMinute),
      daily: budgetOf(daily), monthly: budgetOf(monthly), cacheSeconds: cache === "" ? null : Number(cache), semanticCache: semanticOf(semantic),
      ...(isUntouched ? {} : { expiresAt: expiryOf(lifetime, date, Date.now()) }),
    };
    if (record === null) {
      onMade(input.name, await bridgeActions.createToken(input));
    } else {
      await bridgeActions.changeToken(record.id, record.version, input);
      onClose();
    }
  });
  const suggestions = [...(known ?? []).flatMap(({ value }) => value?.name ?? []), ...new Set(models.items.map(({ model }) => model))];
  const budget = (legend: string, value: TypedBudget, set: (value: TypedBudget) => void, period: string) => (
    <fieldset className="pairs">
      <legend>{legend}</legend>
      <TextField label={`Dollars ${period}`} inputMode="decimal" placeholder="No limit" value={value.money} error={Number.isNaN(readMoney(value.money) ?? 0) ? "An amount such as 2.50." : null} onChange={(event) => set({ ...value, money: event.target.value })} />
      <TextField label={`Tokens ${period}`} type="number" min={1} placeholder="No limit" value={value.tokens} onChange={(event) => set({ ...value, tokens: event.target.value })} />
    </fieldset>
  );
  return (
    <Dialog title={token === null ? "New token" : `Edit ${token.name}`} onClose={onClose}>
      <form autoComplete="off" className="stack" onSubmit={(event) => { event.preventDefault(); void save(); }}>
        <TextField label="Name" value={name} maxLength={80} required placeholder="Editor on the laptop" hint="Of the tool that will use it." onChange={(event) => setName(event.target.value)} />
        <div>
          <CheckField label="It may ask for every model" checked={isEvery} onChange={setEvery} />
          {!isEvery && <NamesField label="Models" values={chosen} suggestions={suggestions} placeholder="fast, or gpt-5*" hint="Aliases and models; a star at the end stands for any rest." onChange={setChosen} />}
        </div>
        <Segments label="Your context: notes, facts and conversations" isLabelShown options={accesses} value={contextAccess} onChange={setContextAccess} />
        {contextAccess !== "none" && <p className="notice">The tool can {contextAccess === "read" ? "read" : "read and add to"} what you keep here, over MCP. What it reads goes to whatever model it uses.</p>}
        {budget("Budget of a day (UTC)", daily, setDaily, "a day")}
        {budget("Budget of a month (UTC)", monthly, setMonthly, "a month")}
        <SelectField label="Lasts" value={lifetime} onChange={(event) => setLifetime(event.target.value)}>
          {lifetimes.map(([value, words]) => <option key={value} value={value}>{words}</option>)}
        </SelectField>
        {lifetime === "date" && <TextField label="Last day" type="date" required value={date} onChange={(event) => setDate(event.target.value)} />}
        <Fold title="Rate and cache" isOpen={perMinute !== "" || cache !== "" || token?.semanticCache !== undefined}>
          <TextField label="Requests a minute" type="number" min={1} max={1_000_000} placeholder="No limit" value={perMinute} onChange={(event) => setPerMinute(event.target.value)} />
          <SelectField label="Keep answers" value={cache} hint="The very same request is then answered from memory, at no cost." onChange={(event) => setCache(event.target.value)}>
            {timesWith(cache)}
          </SelectField>
          <SemanticFields value={semantic} suggestions={suggestions} onChange={setSemantic} />
        </Fold>
        <ErrorNote error={error} />
        <div className="row"><Button look="main" type="submit" disabled={isBusy || !isSound}>{token === null ? "Make the token" : "Save"}</Button><Button look="quiet" onClick={onClose}>Cancel</Button></div>
      </form>
    </Dialog>
  );
}
