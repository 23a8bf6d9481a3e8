import type { Envelope, ID, MessageFailure, ModelReference, Timestamp } from "../state/types";
import type { Client } from "./client";
import { sumsBy, type UsageKey, type UsageRecord, type UsageSum, type WireSum } from "./usage";

// Records of the bridge, as Sources/CherryCore/Records encodes them. Money is in millionths of a US dollar.

export interface AliasTarget {
  model: ModelReference;
  /** 1 to 1000; counts when the strategy is `weighted`. */
  weight: number;
}

/** Milliseconds; what is absent is the transport's own limit. */
export interface TimeLimits {
  connectMilliseconds?: number;
  firstTokenMilliseconds?: number;
  gapMilliseconds?: number;
  totalMilliseconds?: number;
}

/** A name under which models are asked for. */
export interface ModelAlias {
  id: ID;
  name: string;
  strategy: "ordered" | "weighted";
  targets: AliasTarget[];
  staysLocal: boolean;
  continuesAfterFirstToken: boolean;
  retries: number;
  hedgeAfterMilliseconds?: number;
  limits: TimeLimits;
  createdAt: Timestamp;
  updatedAt: Timestamp;
}

/** `null` removes a limit. */
export type AliasInput = Pick<ModelAlias, "name" | "strategy" | "targets" | "staysLocal" | "continuesAfterFirstToken" | "retries"> & {
  hedgeAfterMilliseconds: number | null;
  limits: Record<keyof TimeLimits, number | null>;
};

export type ContextAccess = "none" | "read" | "write";

/** What may be spent in one period; what is absent has no limit. */
export interface Budget {
  microDollars?: number;
  tokens?: number;
}

/** What was spent in one period. */
export interface Spent {
  microDollars: number;
  tokens: number;
}

/** How answers are given again to questions that only say the same in other words. */
export interface SemanticSetting {
  /** The least cosine of two questions that say the same, 0.8 to 1. */
  threshold: number;
  seconds: number;
  /** The model that compares; absent for the wording. */
  embeddings?: string;
}

/** What another tool may do through the bridge. The token itself is sent once, when it is made. */
export interface BridgeToken {
  id: ID;
  name: string;
  /** Its first characters, to recognise it by. */
  prefix: string;
  /** `*` at the end of a name stands for any rest; absent is all. */
  models?: string[];
  contextAccess: ContextAccess;
  requestsPerMinute?: number;
  daily: Budget;
  monthly: Budget;
  cacheSeconds?: number;
  semanticCache?: SemanticSetting;
  createdAt: Timestamp;
  expiresAt?: Timestamp;
  revokedAt?: Timestamp;
  /** To about five minutes. */
  lastUsedAt?: Timestamp;
  spentToday: Spent;
  spentThisMonth: Spent;
}

/** `null` is no limit. */
export interface TokenInput {
  name: string;
  models: string[] | null;
  contextAccess: ContextAccess;
  requestsPerMinute: number | null;
  daily: Record<keyof Budget, number | null>;
  monthly: Record<keyof Budget, number | null>;
  cacheSeconds: number | null;
  /** `null` switches it off. */
  semanticCache: (Omit<SemanticSetting, "embeddings"> & { embeddings: string | null }) | null;
  /** Absent leaves it as it is. */
  expiresAt?: Timestamp | null;
}

/** For a million tokens each. */
export interface TokenRates {
  input: number;
  output: number;
  cachedInput?: number;
  cacheWrite?: number;
  reasoning?: number;
}

/** What the user says that a model costs. */
export interface ModelPrice {
  id: ID;
  pattern: string;
  /** Absent: any provider. */
  providerID?: ID;
  rates: TokenRates;
  updatedAt: Timestamp;
}

export interface PriceInput {
  pattern: string;
  providerID: ID | null;
  rates: TokenRates;
}

/** A price that comes with the program. */
export interface BuiltInPrice {
  pattern: string;
  rates: TokenRates;
  /** The day on which the provider's list said so, such as `2026-09-20`. */
  asOf: string;
}

export interface PriceListing {
  items: Envelope<ModelPrice>[];
  builtIn: BuiltInPrice[];
}

/** How many answers are kept, and their size. */
export interface CacheFigures {
  entries: number;
  bytes: number;
}

/** Answers that are kept to be given again: to the very same request, and to questions that say the same. */
export interface CacheState extends CacheFigures {
  semantic: CacheFigures;
}

/** An answer that is given again to questions that say the same. The answer itself is not sent. */
export interface SemanticEntry {
  id: ID;
  tokenID: ID;
  /** The name that was asked for. */
  model: string;
  embeddings?: string;
  question: string;
  keptAt: Timestamp;
  expiresAt: Timestamp;
  bytes: number;
  hits: number;
  lastHitAt?: Timestamp;
  /** How alike the questions were to which it was given. */
  similarity?: { least: number; most: number };
}

export type ToolPermission = "ask" | "always" | "never";

/** A tool that a server offers, as it says. */
export interface ServerTool {
  name: string;
  title?: string;
  description?: string;
  /** Whether it says that it changes nothing. */
  saysReadOnly?: boolean;
}

/** What the user says of one tool. */
export interface ToolRule {
  permission: ToolPermission;
  /** Whether it changes nothing, in the user's judgement; absent leaves it to the server's word. */
  isReadOnly?: boolean;
}

/** How a tool server is reached. */
export type ToolEndpoint =
  | {
    kind: "command";
    program: string;
    arguments: string[];
    /** Names of the variables of the server's own environment that it gets to see. */
    environment: string[];
    /** The name of the variable in which it gets its credential. */
    credentialVariable?: string;
  }
  | { kind: "http"; url: string };

/** A server of the Model Context Protocol whose tools the chat may use. */
export interface ToolServer {
  id: ID;
  name: string;
  endpoint: ToolEndpoint;
  /** For tools without a rule of their own. */
  permission: ToolPermission;
  /** By the tool's name. */
  rules: Record<string, ToolRule>;
  /** Whether what it says of its tools, such as that one changes nothing, is believed. */
  isTrusted: boolean;
  timeoutSeconds: number;
  allowsPrivateAddresses: boolean;
  isEnabled: boolean;
  /** Whether a credential is stored; it is never sent. */
  hasCredential: boolean;
  createdAt: Timestamp;
  updatedAt: Timestamp;
}

export type ToolServerInput = Pick<ToolServer, "name" | "endpoint" | "permission" | "isTrusted" | "timeoutSeconds" | "allowsPrivateAddresses"> & {
  /** Absent leaves the stored one; `null` removes it. */
  credential?: string | null;
};

export type ToolServerChange = Partial<ToolServerInput> & Partial<Pick<ToolServer, "isEnabled" | "rules">>;

export interface ToolServerTest {
  ok: boolean;
  latencyMilliseconds: number;
  /** Its name and version, as it says. */
  server?: string;
  tools: ServerTool[];
  error?: MessageFailure;
}

/** A note or a fact that a tool has kept. What a tool brought is somebody else's words. */
export interface ContextItem {
  id: ID;
  kind: "note" | "fact";
  title?: string;
  text: string;
  /** The token that it came by, and what the program behind it called itself; without anything it is the user. */
  origin: { tokenID?: ID; name?: string; client?: string };
  createdAt: Timestamp;
  updatedAt: Timestamp;
}

interface Items<T> { items: T[] }

/** An alias as the server wants it: targets name their model without a nest. */
function aliasBody({ targets, ...rest }: AliasInput): Record<string, unknown> {
  return { ...rest, targets: targets.map(({ model, weight }) => ({ ...model, weight })) };
}

/** A day of UTC such as `2026-09-20`. */
const dayOf = (time: Timestamp) => new Date(time).toISOString().slice(0, 10);

/** The bridge's routes as typed calls. All that depends on how they are written stands in this file. */
export class Bridge {
  constructor(private readonly client: Client) {}

  private items = async <T>(path: string) => (await this.client.json<Items<T>>("GET", path)).items;

  aliases = () => this.items<Envelope<ModelAlias>>("/api/v1/aliases");
  createAlias = (input: AliasInput) => this.client.json<Envelope<ModelAlias>>("POST", "/api/v1/aliases", { body: aliasBody(input) });
  changeAlias = (id: ID, baseVersion: number, input: AliasInput) =>
    this.client.json<Envelope<ModelAlias>>("PATCH", `/api/v1/aliases/${id}`, { body: { baseVersion, ...aliasBody(input) } });
  deleteAlias = (id: ID) => this.client.none("DELETE", `/api/v1/aliases/${id}`);

  prices = () => this.client.json<PriceListing>("GET", "/api/v1/prices");
  createPrice = (input: PriceInput) => this.client.json<Envelope<ModelPrice>>("POST", "/api/v1/prices", { body: input });
  changePrice = (id: ID, baseVersion: number, input: PriceInput) =>
    this.client.json<Envelope<ModelPrice>>("PATCH", `/api/v1/prices/${id}`, { body: { baseVersion, ...input } });
  deletePrice = (id: ID) => this.client.none("DELETE", `/api/v1/prices/${id}`);

  tokens = () => this.items<Envelope<BridgeToken>>("/api/v1/tokens");
  /** The only time that the token itself is told. */
  createToken = (input: TokenInput) => this.client.json<{ token: string; record: Envelope<BridgeToken> }>("POST", "/api/v1/tokens", { body: input });
  changeToken = (id: ID, baseVersion: number, input: TokenInput) =>
    this.client.json<Envelope<BridgeToken>>("PATCH", `/api/v1/tokens/${id}`, { body: { baseVersion, ...input } });
  /** Closes the way in for good; what was used through it keeps its name. */
  revokeToken = (id: ID) => this.client.none("POST", `/api/v1/tokens/${id}/revoke`);
  deleteToken = (id: ID) => this.client.none("DELETE", `/api/v1/tokens/${id}`);

  /** What was used from `from` up to but not including `to`. */
  usage = async (from: Timestamp, to: Timestamp): Promise<Record<UsageKey, UsageSum[]>> => {
    const read = (by: string) => this.items<WireSum>(`/api/v1/usage?from=${dayOf(from)}&to=${dayOf(to - 1)}&by=${by}`);
    // Days, models and tools come in one answer, so that what they add up to is the same.
    const [fine, conversations] = await Promise.all([read("day,model,token"), read("conversation")]);
    return { day: sumsBy("day", fine), model: sumsBy("model", fine), token: sumsBy("token", fine), conversation: sumsBy("conversation", conversations) };
  };
  /** The latest exchanges, newest first; of one conversation where it is named, since it began. */
  usageRecords = (limit: number, conversation?: { id: ID; createdAt: Timestamp }) =>
    this.items<UsageRecord>(`/api/v1/usage/records?limit=${limit}${conversation === undefined ? "" : `&conversation=${conversation.id}&from=${dayOf(conversation.createdAt)}`}`);

  cache = () => this.client.json<CacheState>("GET", "/api/v1/cache");
  emptyCache = () => this.client.none("DELETE", "/api/v1/cache");
  semanticEntries = () => this.items<SemanticEntry>("/api/v1/cache/semantic");
  forgetSemantic = (id: ID) => this.client.none("DELETE", `/api/v1/cache/semantic/${id}`);
  /** Those of one token, or of all. */
  emptySemantic = (token?: ID) => this.client.none("DELETE", `/api/v1/cache/semantic${token === undefined ? "" : `?token=${token}`}`);

  context = () => this.items<Envelope<ContextItem>>("/api/v1/context");
  deleteContext = (id: ID) => this.client.none("DELETE", `/api/v1/context/${id}`);

  toolServers = () => this.items<Envelope<ToolServer>>("/api/v1/servers");
  createToolServer = (input: ToolServerInput) => this.client.json<Envelope<ToolServer>>("POST", "/api/v1/servers", { body: input });
  changeToolServer = (id: ID, baseVersion: number, input: ToolServerChange) =>
    this.client.json<Envelope<ToolServer>>("PATCH", `/api/v1/servers/${id}`, { body: { baseVersion, ...input } });
  deleteToolServer = (id: ID) => this.client.none("DELETE", `/api/v1/servers/${id}`);
  testToolServer = (id: ID) => this.client.json<ToolServerTest>("POST", `/api/v1/servers/${id}/test`, { timeout: 90_000 });
}
