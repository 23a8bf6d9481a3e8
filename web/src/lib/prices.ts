import type { BuiltInPrice, ModelPrice, TokenRates } from "../api/bridge";

/** Whether a model's name is one of a pattern's; `*` at the end stands for any rest, capitals do not matter. */
export function matchesName(pattern: string, name: string): boolean {
  const [wanted, given] = [pattern.toLowerCase(), name.toLowerCase()];
  return wanted.endsWith("*") ? given.startsWith(wanted.slice(0, -1)) : given === wanted;
}

function best<T extends { pattern: string }>(entries: readonly T[], model: string): T | undefined {
  return entries.filter(({ pattern }) => matchesName(pattern, model)).sort((a, b) => b.pattern.length - a.pattern.length)[0];
}

/**
 * What a model costs, as the server reckons: the user's own prices first, those for this very provider before those for any,
 * among these the pattern that says most. `null` when nobody has said a price.
 */
export function ratesFor(
  model: { providerID: string; model: string; isLocal: boolean }, own: readonly ModelPrice[], builtIn: readonly BuiltInPrice[],
): { rates: TokenRates; isOwn: boolean } | null {
  const mine = best(own.filter(({ providerID }) => providerID === model.providerID), model.model) ?? best(own.filter(({ providerID }) => providerID === undefined), model.model);
  if (mine !== undefined) {
    return { rates: mine.rates, isOwn: true };
  }
  if (model.isLocal) {
    return { rates: { input: 0, output: 0 }, isOwn: false };
  }
  const known = best(builtIn, model.model);
  return known === undefined ? null : { rates: known.rates, isOwn: false };
}
