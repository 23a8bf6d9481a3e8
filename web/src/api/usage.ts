import { totalOf } from "../lib/periods";
import type { ID, ModelReference, Timestamp } from "../state/types";

// What exchanges took and how they stand, as the server tells it. Money is in millionths of a US dollar.

/** By what usage is summed. */
export type UsageKey = "day" | "model" | "token" | "conversation";

/** What was used under one key. */
export interface UsageSum {
  /** A day of UTC such as `2026-09-20`, a provider's id with `/` and a model's name, an id; empty for what has none, such as the app's own requests. */
  key: string;
  requests: number;
  prompt: number;
  completion: number;
  cached: number;
  reasoning: number;
  microDollars: number;
  /** Requests whose tokens are estimates. */
  estimated: number;
  /** Requests that came to no good end; stopped ones are not among them. */
  failures: number;
  /** Requests whose price is not known, so that they count nothing in `microDollars`. */
  unpriced: number;
}

export interface TokenCounts {
  /** All that was read, cached tokens included. */
  prompt: number;
  /** All that was generated, reasoning included. */
  completion: number;
  cachedPrompt: number;
  cacheWrite: number;
  reasoning: number;
}

/** What one exchange took. */
export interface UsageRecord {
  at: Timestamp;
  tokenID?: ID;
  conversationID?: ID;
  providerID: ID;
  model: string;
  alias?: string;
  tokens?: TokenCounts;
  isEstimated: boolean;
  /** Absent when the price is not known. */
  microDollars?: number;
  firstTokenMilliseconds?: number;
  totalMilliseconds: number;
  /** How often a model was asked, 0 when the answer came from the cache. */
  attempts: number;
  /** `complete`, `stopped`, or the code of the error that ended it. */
  outcome: string;
}

/** How one exchange stands, for whoever watches. Never what is said in it. */
export interface ExchangeReport {
  id: string;
  stage: "asking" | "answering" | "ended";
  startedAt: Timestamp;
  tokenID?: ID;
  conversationID?: ID;
  /** The name that was asked for. */
  asked: string;
  /** The model that is asked now, or that answered. */
  target?: ModelReference;
  attempts: number;
  firstTokenMilliseconds?: number;
  totalMilliseconds?: number;
  tokens?: TokenCounts;
  isEstimated: boolean;
  microDollars?: number;
  outcome?: string;
}

/** The events of the live view, and where they come from. */
export const liveEvents = { address: "/api/v1/exchanges/events", type: "exchange" } as const;

/** Reads one report of the live view; `null` for what is none. */
export function parseReport(data: string): ExchangeReport | null {
  try {
    const report = JSON.parse(data) as Partial<ExchangeReport> | null;
    return typeof report?.id === "string" && typeof report.stage === "string" && typeof report.startedAt === "number"
      ? { ...report, asked: report.asked ?? "", attempts: report.attempts ?? 0, isEstimated: report.isEstimated ?? false } as ExchangeReport
      : null;
  } catch {
    return null; // a cut event; the next one says how things stand
  }
}

/** A sum as the server sends it: what its exchanges have in common, and what they took. */
export interface WireSum {
  day?: string;
  model?: ModelReference;
  tokenID?: ID;
  conversationID?: ID;
  exchanges: number;
  failures: number;
  estimated: number;
  unpriced: number;
  tokens: TokenCounts;
  microDollars: number;
}

const keys: Record<UsageKey, (sum: WireSum) => string> = {
  day: ({ day }) => day ?? "",
  model: ({ model }) => (model === undefined ? "" : `${model.providerID}/${model.model}`),
  token: ({ tokenID }) => tokenID ?? "",
  conversation: ({ conversationID }) => conversationID ?? "",
};

/** Adds sums up by one thing. */
export function sumsBy(by: UsageKey, sums: readonly WireSum[]): UsageSum[] {
  const groups = new Map<string, UsageSum[]>();
  for (const sum of sums) {
    const key = keys[by](sum);
    const { exchanges, tokens, microDollars, estimated, failures, unpriced } = sum;
    const one = { key, requests: exchanges, prompt: tokens.prompt, completion: tokens.completion, cached: tokens.cachedPrompt, reasoning: tokens.reasoning, microDollars, estimated, failures, unpriced };
    groups.set(key, [...groups.get(key) ?? [], one]);
  }
  return [...groups].map(([key, each]) => totalOf(each, key));
}
