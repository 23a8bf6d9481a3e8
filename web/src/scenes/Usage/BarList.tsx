import { Fold } from "../../components/fields";
import { greatest } from "../../lib/periods";
import type { UsageSum } from "../../state/bridge";
import { amountOf, type Measure, saySum } from "./measure";
import { SumsTable } from "./SumsTable";

const mostBars = 8;

/** The greatest of something as bars that lie, with all of it in a table below. */
export function BarList({ sums, measure, sayKey, keyName }: { sums: UsageSum[]; measure: Measure; sayKey: (key: string) => string; keyName: string }): JSX.Element {
  const { shown, rest } = greatest(sums, (sum) => amountOf(sum, measure), mostBars);
  const most = Math.max(1, ...shown.map((sum) => amountOf(sum, measure)));
  const row = (sum: UsageSum, name: string) => {
    const amount = amountOf(sum, measure);
    return (
      <li key={name}>
        <span className="bar-name"><span className="truncate" title={name}>{name}</span><span className="numbers">{saySum(sum, measure)}</span></span>
        <svg className="bar-track" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
          <rect className="bar-ground" width="100" height="6" />
          <rect className="chart-bar" width={amount === 0 ? 0 : Math.max(0.6, Math.min(100, (100 * amount) / most))} height="6" />
        </svg>
      </li>
    );
  };
  return (
    <figure className="chart">
      <ul className="bars" aria-label={`${measure === "money" ? "Cost" : "Tokens"} by ${keyName.toLowerCase()}, the greatest first`}>
        {shown.map((sum) => row(sum, sayKey(sum.key)))}
        {rest !== null && row(rest, `${sums.length - shown.length} more`)}
      </ul>
      <Fold title="As a table"><SumsTable sums={greatest(sums, (sum) => amountOf(sum, measure), sums.length).shown} keyName={keyName} sayKey={sayKey} /></Fold>
    </figure>
  );
}
