import { useState } from "react";
import { Button, IconButton } from "../../../components/controls";
import { Fold } from "../../../components/fields";
import { RemoteState } from "../../../components/RemoteState";
import { sayMoney } from "../../../lib/money";
import { type Envelope, useProviders } from "../../../state";
import { type BuiltInPrice, type ModelPrice, prices, type TokenRates, useRemote } from "../../../state/bridge";
import { Card } from "../../Page";
import { PriceForm } from "./PriceForm";
import { Rate } from "./Rate";

type Editing = { record: Envelope<ModelPrice> | null; start: { pattern: string; rates: TokenRates } | null };

/** What models cost: the prices that come with the program, and the user's own, which win. */
export function Prices(): JSX.Element {
  const view = useRemote(prices);
  const providers = useProviders();
  const [editing, setEditing] = useState<Editing | null>(null);
  const [query, setQuery] = useState("");
  const own = view.value?.items ?? [];
  const builtIn = view.value?.builtIn ?? [];
  const newest = builtIn.reduce((latest, { asOf }) => (asOf > latest ? asOf : latest), "");
  const found = builtIn.filter(({ pattern }) => pattern.toLowerCase().includes(query.trim().toLowerCase()));
  return (
    <Card title="Prices" lead="In US dollars for a million tokens. Costs and budgets are reckoned by them; your own come before those that are built in.">
      <RemoteState view={view} lines={3} />
      {view.value !== null && (
        <>
          {own.length > 0 && (
            <div className="table-scroll" tabIndex={0} role="region" aria-label="Your prices">
              <table className="figures-table">
                <caption className="visually-hidden">Your prices</caption>
                <PriceHead last="Provider" />
                <tbody>
                  {own.map((record) => record.value !== undefined && (
                    <tr key={record.id}>
                      <RateCells pattern={record.value.pattern} rates={record.value.rates} />
                      <td className="cell-name">{record.value.providerID === undefined ? "any" : providers.find(({ id }) => id === record.value?.providerID)?.name ?? "removed"}</td>
                      <td className="cell-tool"><IconButton icon="edit" size={16} label={`Edit the price of ${record.value.pattern}`} onClick={() => setEditing({ record, start: null })} /></td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )}
          <div className="row"><Button icon="add" onClick={() => setEditing({ record: null, start: null })}>Add a price</Button></div>
          <Fold title={`Built-in prices${newest === "" ? "" : `, the newest of ${sayDay(newest)}`}`}>
            <input className="input" type="search" autoComplete="off" aria-label="Find a built-in price" placeholder="Find a model" value={query} onChange={(event) => setQuery(event.target.value)} />
            <div className="table-scroll table-tall" tabIndex={0} role="region" aria-label="Built-in prices">
              <table className="figures-table">
                <PriceHead last="As of" />
                <tbody>{found.map((price) => <BuiltInRow key={price.pattern} price={price} onUse={() => setEditing({ record: null, start: price })} />)}</tbody>
              </table>
            </div>
            {found.length === 0 && <p className="muted small" role="status">No built-in price has this in its name.</p>}
            <p className="muted small">From the providers’ public lists on the day that each carries. Discounts and contracts are yours to enter. A model on this machine costs nothing.</p>
          </Fold>
        </>
      )}
      {editing !== null && <PriceForm record={editing.record} start={editing.start} onClose={() => setEditing(null)} />}
    </Card>
  );
}

function BuiltInRow({ price, onUse }: { price: BuiltInPrice; onUse: () => void }): JSX.Element {
  return (
    <tr>
      <RateCells pattern={price.pattern} rates={price.rates} />
      <td>{sayDay(price.asOf)}</td>
      <td className="cell-tool"><IconButton icon="edit" size={16} label={`Set your own price for ${price.pattern}`} onClick={onUse} /></td>
    </tr>
  );
}

function PriceHead({ last }: { last: string }): JSX.Element {
  return (
    <thead>
      <tr>
        <th scope="col">Model</th><th scope="col" className="align-right">Read</th><th scope="col" className="align-right">Written</th><th scope="col" className="align-right">From cache</th>
        <th scope="col">{last}</th><th scope="col" className="cell-tool"><span className="visually-hidden">Change</span></th>
      </tr>
    </thead>
  );
}

function RateCells({ pattern, rates }: { pattern: string; rates: TokenRates }): JSX.Element {
  return (
    <>
      <th scope="row" className="code">{pattern}</th>
      <td className="align-right">{sayMoney(rates.input)}</td>
      <td className="align-right">{sayMoney(rates.output)}</td>
      <td className="align-right">{rates.cachedInput === undefined ? <span className="muted">as read</span> : <Rate micro={rates.cachedInput} />}</td>
    </>
  );
}

/** A day such as `2026-09-20` as people write it. */
function sayDay(day: string): string {
  const time = Date.parse(`${day}T00:00:00Z`);
  return Number.isNaN(time) ? day : new Date(time).toLocaleDateString([], { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });
}
