import type { ModelAlias } from "../api/bridge";
import type { ID, ModelReference } from "../state/types";

/** What uses a provider, as far as it would miss it. */
export interface ProviderUses {
  hasKey: boolean;
  aliases: readonly Pick<ModelAlias, "name" | "targets">[];
  personas: readonly { name: string; model?: ModelReference }[];
  defaultModel: ModelReference | null;
}

const list = (names: readonly string[]) => new Intl.ListFormat("en", { type: "conjunction" }).format(names.map((name) => `“${name}”`));

/** What goes with a provider that is removed, and what stays, a sentence each. */
export function sayRemoval(id: ID, { hasKey, aliases, personas, defaultModel }: ProviderUses): string[] {
  const isOfIt = (model: ModelReference | null | undefined) => model?.providerID === id;
  const using = aliases.filter(({ targets }) => targets.some(({ model }) => isOfIt(model)));
  const empty = using.filter(({ targets }) => targets.every(({ model }) => isOfIt(model))).map(({ name }) => name);
  const thinner = using.map(({ name }) => name).filter((name) => !empty.includes(name));
  const orphans = personas.filter(({ model }) => isOfIt(model)).map(({ name }) => name);
  return [
    hasKey ? "Its settings and its key are destroyed." : "Its settings are destroyed.",
    ...(empty.length === 0 ? [] : [`The ${empty.length === 1 ? "alias" : "aliases"} ${list(empty)} then ${empty.length === 1 ? "leads" : "lead"} nowhere: tools that ask for ${empty.length === 1 ? "it" : "them"} are refused.`]),
    ...(thinner.length === 0 ? [] : [`The ${thinner.length === 1 ? "alias" : "aliases"} ${list(thinner)} ${thinner.length === 1 ? "goes" : "go"} on with ${thinner.length === 1 ? "its" : "their"} other targets.`]),
    ...(orphans.length === 0 ? [] : [`${orphans.length === 1 ? "The persona" : "The personas"} ${list(orphans)} ${orphans.length === 1 ? "needs" : "need"} another model.`]),
    ...(isOfIt(defaultModel) ? ["It runs the default model: choose another one."] : []),
    "Conversations and what was used so far stay.",
  ];
}
