import { sayCount, sayDuration, sayMoney } from "../../lib/money";
import { droppedOf } from "../../lib/telemetry";
import type { FiguresNow } from "../../state/telemetry";

const breakers = { closed: "asked as usual", halfOpen: "being tried again", open: "not asked for a while" } as const;

/** What was asked of each model since the server started. */
export function ModelsTable({ now }: { now: FiguresNow }): JSX.Element {
  return (
    <div className="table-scroll table-tall" tabIndex={0} role="region" aria-label="Models since the start, in figures">
      <table className="figures-table sums-table">
        <thead>
          <tr>
            <th scope="col">Model</th>
            {["Requests", "Failed", "Asked again", "Took over", "First token", "95 %", "Read", "Written", "Cost"].map((name) => <th key={name} scope="col" className="align-right">{name}</th>)}
            <th scope="col">State</th>
          </tr>
        </thead>
        <tbody>
          {now.models.map((model) => (
            <tr key={`${model.provider}/${model.model}`}>
              <th scope="row">{model.model} <span className="muted">({model.provider})</span></th>
              {[model.exchanges, model.failures, model.retries, model.failovers].map((number, index) => <td key={index} className="align-right">{number.toLocaleString()}</td>)}
              <td className="align-right">{model.firstToken === undefined ? "" : sayDuration(model.firstToken.medianMilliseconds)}</td>
              <td className="align-right">{model.firstToken === undefined ? "" : sayDuration(model.firstToken.p95Milliseconds)}</td>
              <td className="align-right">{sayCount(model.inputTokens)}</td>
              <td className="align-right">{sayCount(model.outputTokens)}</td>
              <td className="align-right">{sayMoney(model.microDollars)}</td>
              <td>{model.breaker === undefined ? <span className="muted">{breakers.closed}</span> : <span className={model.breaker === "open" ? "danger" : model.breaker === "halfOpen" ? "warning-text" : ""}>{breakers[model.breaker]}</span>}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const titles: Record<string, string> = { sentry: "Sentry", otlp: "OpenTelemetry", loki: "Loki", elasticsearch: "Elasticsearch", fluent: "Fluentd" };



/** What became of everything that was meant for each destination. */
export function LedgerTable({ now }: { now: FiguresNow }): JSX.Element {
  return (
    <div className="table-scroll" tabIndex={0} role="region" aria-label="Ledger of the journal">
      <table className="figures-table sums-table ledger-table">
        <thead><tr><th scope="col">Destination</th>{["Produced", "Sent", "Waiting", "Put aside", "Dropped"].map((name) => <th key={name} scope="col" className="align-right">{name}</th>)}</tr></thead>
        <tbody>
          {now.journal.map(({ destination, isRemoved, ledger }) => (
            <tr key={destination}>
              <th scope="row">{titles[destination] ?? destination}{isRemoved && <span className="muted"> (off)</span>}</th>
              {[ledger.produced, ledger.sent, ledger.queued, ledger.quarantined, droppedOf(ledger).total].map((number, index) => <td key={index} className="align-right">{number.toLocaleString()}</td>)}
            </tr>
          ))}
        </tbody>
      </table>
      {now.journal.some(({ ledger }) => !ledger.balanced) && <p className="warning small">These do not add up. Stop the server and run: cherry journal verify</p>}
    </div>
  );
}
