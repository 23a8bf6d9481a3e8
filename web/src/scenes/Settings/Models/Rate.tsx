import { sayMoney } from "../../../lib/money";

/** A price in a column: amounts with two decimals and with three stand under each other by their points. */
export function Rate({ micro }: { micro: number }): JSX.Element {
  const words = sayMoney(micro);
  return <span className={/\.\d\d$/.test(words) ? "rate is-short" : words.includes(".") ? "rate" : "rate is-whole"}>{words}</span>;
}
