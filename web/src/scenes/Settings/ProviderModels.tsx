import { useState } from "react";
import { ErrorNote } from "../../components/controls";
import { Fold } from "../../components/fields";
import { count } from "../../hooks/format";
import { sayCapability } from "../../hooks/words";
import { sayCount, sayMoney } from "../../lib/money";
import { ratesFor } from "../../lib/prices";
import { type Provider, useModels } from "../../state";
import { prices, useRemote } from "../../state/bridge";

const mostModels = 60;

/** What a provider offers: how much each model reads, what it can do and what it costs. */
export function ProviderModels({ provider }: { provider: Provider }): JSX.Element {
  const models = useModels();
  const { value } = useRemote(prices);
  const [query, setQuery] = useState("");
  const own = (value?.items ?? []).flatMap((record) => record.value ?? []);
  const offered = models.items.filter((model) => model.providerID === provider.id);
  const failure = models.unreachable.find((each) => each.providerID === provider.id);
  const found = offered.filter((model) => model.model.toLowerCase().includes(query.trim().toLowerCase()));
  const hasCapabilities = offered.some(({ capabilities }) => capabilities !== undefined);
  return (
    <div className="list-more">
      <Fold title={failure === undefined ? (models.isLoading && offered.length === 0 ? "Models" : count(offered.length, "model")) : "Models cannot be listed"}>
        {failure !== undefined && <ErrorNote error={failure.error} />}
        {offered.length > 12 && <input className="input" type="search" autoComplete="off" aria-label={`Find a model of ${provider.name}`} placeholder="Find a model" value={query} onChange={(event) => setQuery(event.target.value)} />}
        {found.length > 0 && (
          <div className="table-scroll" tabIndex={0} role="region" aria-label={`Models of ${provider.name}`}>
            <table className="figures-table">
              <thead><tr><th scope="col">{hasCapabilities ? "Model, and what it can do" : "Model"}</th><th scope="col" className="align-right">Context</th><th scope="col" className="align-right">Read</th><th scope="col" className="align-right">Written</th></tr></thead>
              <tbody>
                {found.slice(0, mostModels).map((model) => {
                  const price = ratesFor(model, own, value?.builtIn ?? []);
                  return (
                    <tr key={model.model}>
                      <th scope="row">{model.model}{model.isTiny ? <span className="chip">tiny</span> : null}{price?.isOwn === true && <span className="chip">your price</span>}{hasCapabilities && <span className="can muted">{model.capabilities === undefined ? "not told" : model.capabilities.length === 0 ? "text" : model.capabilities.map(sayCapability).join(", ")}</span>}</th>
                      <td className="align-right">{model.contextLength === undefined ? "unknown" : sayCount(model.contextLength)}</td>
                      <td className="align-right">{price === null ? <span className="muted">no price</span> : sayMoney(price.rates.input)}</td>
                      <td className="align-right">{price !== null && sayMoney(price.rates.output)}</td>
                    </tr>
                  );
                })}
              </tbody>
            </table>
          </div>
        )}
        {found.length > 0 && <p className="muted small">Context is what it reads and writes together, in tokens. Prices are in US dollars for a million tokens.</p>}
        {found.length > mostModels && <p className="muted small">{found.length - mostModels} more. Type part of a name to find them.</p>}
        {found.length === 0 && offered.length > 0 && <p className="muted small" role="status">No model has this in its name.</p>}
        {offered.length === 0 && failure === undefined && !models.isLoading && <p className="muted small">It names no models. Enter the default model by hand.</p>}
      </Fold>
    </div>
  );
}
