import type { ReactNode } from "react";
import { sayMoney } from "../../lib/money";
import type { UsageSum } from "../../state/bridge";

/** Sums in exact figures. */
export function SumsTable({ sums, keyName, sayKey }: { sums: UsageSum[]; keyName: string; sayKey: (key: string) => ReactNode }): JSX.Element {
  return (
    <div className="table-scroll table-tall" tabIndex={0} role="region" aria-label={`By ${keyName.toLowerCase()}, in figures`}>
      <table className="figures-table">
        <thead>
          <tr>
            <th scope="col">{keyName}</th><th scope="col" className="align-right">Cost</th><th scope="col" className="align-right">Requests</th>
            <th scope="col" className="align-right">Read</th><th scope="col" className="align-right">of it cached</th><th scope="col" className="align-right">Written</th>
            <th scope="col" className="align-right">of it reasoning</th><th scope="col" className="align-right">Estimated</th><th scope="col" className="align-right">No price</th><th scope="col" className="align-right">Failed</th>
          </tr>
        </thead>
        <tbody>
          {sums.map((sum) => (
            <tr key={sum.key}>
              <th scope="row">{sayKey(sum.key)}</th>
              <td className="align-right">{sayMoney(sum.microDollars)}</td>
              {[sum.requests, sum.prompt, sum.cached, sum.completion, sum.reasoning, sum.estimated, sum.unpriced, sum.failures].map((figure, index) => <td key={index} className="align-right">{figure.toLocaleString()}</td>)}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
