import type { ReactNode } from "react";
import { moneyColumn, sayMoney } from "../../lib/money";
import type { UsageSum } from "../../state/bridge";

/** Columns of counts: what they are called, what they mean, and whether they stand there when all of it is nothing. */
const columns: readonly { key: "requests" | "prompt" | "cached" | "completion" | "reasoning" | "estimated" | "unpriced" | "failures"; name: string; means: string; isAlwaysShown: boolean }[] = [
  { key: "requests", name: "Requests", means: "Requests to models", isAlwaysShown: true },
  { key: "prompt", name: "Read", means: "Tokens read", isAlwaysShown: true },
  { key: "cached", name: "Cached", means: "Of the tokens read, from the provider’s cache", isAlwaysShown: false },
  { key: "completion", name: "Written", means: "Tokens written", isAlwaysShown: true },
  { key: "reasoning", name: "Reasoning", means: "Of the tokens written, for reasoning", isAlwaysShown: false },
  { key: "estimated", name: "Estimated", means: "Requests whose tokens are estimated, because the provider did not count them", isAlwaysShown: false },
  { key: "unpriced", name: "No price", means: "Requests that no price is known for", isAlwaysShown: false },
  { key: "failures", name: "Failed", means: "Requests that came to no good end", isAlwaysShown: false },
];

/** Sums in exact figures. */
export function SumsTable({ sums, keyName, sayKey }: { sums: UsageSum[]; keyName: string; sayKey: (key: string) => ReactNode }): JSX.Element {
  const shown = columns.filter(({ key, isAlwaysShown }) => isAlwaysShown || sums.some((sum) => sum[key] > 0));
  const sayCost = moneyColumn(sums.map(({ microDollars }) => microDollars));
  return (
    <div className="table-scroll table-tall" tabIndex={0} role="region" aria-label={`By ${keyName.toLowerCase()}, in figures`}>
      <table className="figures-table sums-table">
        <thead>
          <tr>
            <th scope="col">{keyName}</th><th scope="col" className="align-right" title="By the price table, in US dollars">Cost</th>
            {shown.map(({ key, name, means }) => <th key={key} scope="col" className="align-right" title={means}>{name}</th>)}
          </tr>
        </thead>
        <tbody>
          {sums.map((sum) => (
            <tr key={sum.key}>
              <th scope="row">{sayKey(sum.key)}</th>
              <td className="align-right" title={sayMoney(sum.microDollars)}>{sum.microDollars === 0 && sum.unpriced > 0 ? <span className="muted">no price</span> : sayCost(sum.microDollars)}</td>
              {shown.map(({ key }) => <td key={key} className="align-right">{sum[key].toLocaleString()}</td>)}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
