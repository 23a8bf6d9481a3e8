import { sayCount, sayMoney } from "../../lib/money";
import type { UsageSum } from "../../state/bridge";

/** What the charts show. */
export type Measure = "money" | "tokens";

export const measures = [["money", "Money"], ["tokens", "Tokens"]] as const;

/** What a sum comes to in a measure. */
export function amountOf(sum: UsageSum, measure: Measure): number {
  return measure === "money" ? sum.microDollars : sum.prompt + sum.completion;
}

export function sayAmount(amount: number, measure: Measure): string {
  return measure === "money" ? sayMoney(amount) : sayCount(amount);
}

/** What a sum comes to, in words that hide neither an estimate nor a missing price. */
export function saySum(sum: UsageSum, measure: Measure): string {
  if (measure === "money" && sum.unpriced > 0) {
    return sum.microDollars === 0 ? "no price" : `at least ${sayMoney(sum.microDollars)}`;
  }
  return `${sum.estimated > 0 && amountOf(sum, measure) > 0 ? "about " : ""}${sayAmount(amountOf(sum, measure), measure)}`;
}
