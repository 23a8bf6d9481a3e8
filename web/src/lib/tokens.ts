import type { Budget, ContextAccess, Spent } from "../api/bridge";
import { sayCount, sayMoney } from "./money";

/** What a tool may do with the user's notes and conversations. */
export function sayContext(access: ContextAccess): string {
  return { none: "no context", read: "reads context", write: "reads and writes context" }[access];
}

/** What may be spent, in words; empty for no limit. */
export function sayBudget({ microDollars, tokens }: Budget, period: string): string[] {
  return [
    ...(microDollars === undefined ? [] : [`${sayMoney(microDollars)} ${period}`]),
    ...(tokens === undefined ? [] : [`${sayCount(tokens)} tokens ${period}`]),
  ];
}

/** What was spent of a budget, in money and tokens. */
export function saySpent(spent: Spent, budget: Budget): string {
  const of = (amount: string, limit: string | null) => (limit === null ? amount : `${amount} of ${limit}`);
  return `${of(sayMoney(spent.microDollars), budget.microDollars === undefined ? null : sayMoney(budget.microDollars))} and ${of(sayCount(spent.tokens), budget.tokens === undefined ? null : sayCount(budget.tokens))} tokens`;
}

const day = 86_400_000;

/** How long a new token lasts. */
export const lifetimes = [["never", "Until it is revoked"], ["30", "30 days"], ["90", "90 days"], ["365", "A year"], ["date", "Until a date"]] as const;

/** When a token that is made now ends; `null` for never. A chosen date is included. */
export function expiryOf(choice: string, date: string, now: number): number | null {
  if (choice === "date") {
    const [year = NaN, month = NaN, dayOfMonth = NaN] = date.split("-").map(Number);
    const end = new Date(year, month - 1, dayOfMonth + 1).getTime();
    return Number.isNaN(end) ? null : end;
  }
  return choice === "never" ? null : now + Number(choice) * day;
}

/** The day before an end that is a midnight, as a field for dates writes it. */
export function dateOfExpiry(expiresAt: number): string {
  const last = new Date(expiresAt - 1);
  return [last.getFullYear(), String(last.getMonth() + 1).padStart(2, "0"), String(last.getDate()).padStart(2, "0")].join("-");
}
