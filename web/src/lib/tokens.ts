import type { Budget, ContextAccess, SemanticEntry, SemanticSetting, Spent, TokenInput } from "../api/bridge";
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
  return `${of(sayMoney(spent.microDollars), budget.microDollars === undefined ? null : sayMoney(budget.microDollars))}, ${of(sayCount(spent.tokens), budget.tokens === undefined ? null : sayCount(budget.tokens))} tokens`;
}

/** How much of a budget is used, from 0; of money and tokens the one that is nearer to its end. */
export function usedOf(spent: Spent, budget: Budget): number {
  const part = (amount: number, limit: number | undefined) => (limit === undefined ? 0 : limit === 0 ? 1 : amount / limit);
  return Math.max(part(spent.microDollars, budget.microDollars), part(spent.tokens, budget.tokens));
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

/** What a person chooses of answers that are given again to questions that say the same. */
export interface TypedSemantic {
  /** Seconds; empty for never. */
  seconds: string;
  /** In per cent. */
  threshold: string;
  isByModel: boolean;
  model: string;
}

/** A setting as the form shows it. */
export function typedSemantic(setting: SemanticSetting | undefined): TypedSemantic {
  return { seconds: setting === undefined ? "" : String(setting.seconds), threshold: String(Math.round((setting?.threshold ?? 0.95) * 1000) / 10), isByModel: setting?.embeddings !== undefined, model: setting?.embeddings ?? "" };
}

/** What is wrong with a choice, in words; `null` when nothing is. */
export function faultOfSemantic({ seconds, threshold, isByModel, model }: TypedSemantic): string | null {
  if (seconds === "") {
    return null;
  }
  const percent = Number(threshold);
  if (threshold.trim() === "" || !(percent >= 80 && percent <= 100)) {
    return "From 80 to 100 per cent.";
  }
  return isByModel && model.trim() === "" ? "Name the model that compares." : null;
}

/** A choice as the server takes it. */
export function semanticOf({ seconds, threshold, isByModel, model }: TypedSemantic): TokenInput["semanticCache"] {
  return seconds === "" ? null : { threshold: Math.round(Number(threshold) * 10) / 1000, seconds: Number(seconds), embeddings: isByModel ? model.trim() : null };
}

/** How often an answer was given again, and how alike the questions were. */
export function sayHits({ hits, similarity }: Pick<SemanticEntry, "hits" | "similarity">): string {
  if (hits === 0 || similarity === undefined) {
    return "Not given again yet";
  }
  const [least, most] = [similarity.least, similarity.most].map((value) => (Math.floor(value * 1000) / 10).toFixed(1));
  return `Given again ${hits === 1 ? "once" : `${hits.toLocaleString()} times`}, ${least === most ? least : `${least} to ${most}`} % alike`;
}
