/** What the pages of the bridge follow and do. Loaded with the first of them. */
import { useEffect, useMemo } from "react";
import { Bridge, type AliasInput, type PriceInput, type TokenInput, type ToolServerChange, type ToolServerInput } from "../../api/bridge";
import type { UsageKey, UsageSum } from "../../api/usage";
import { useCell } from "../Cell";
import { core } from "../core";
import { useApp } from "../hooks";
import type { ID, Timestamp } from "../types";
import { LiveRequests, type LiveView } from "./LiveRequests";
import { Remote, type RemoteView } from "./Remote";

export * from "../../api/bridge";
export * from "../../api/usage";
export type { LiveView } from "./LiveRequests";
export type { RemoteView } from "./Remote";

const bridge = new Bridge(core.client);
const live = new LiveRequests(bridge);

export const aliases = new Remote(bridge.aliases);
export const prices = new Remote(bridge.prices);
export const tokens = new Remote(bridge.tokens);
export const context = new Remote(bridge.context);
export const semanticEntries = new Remote(bridge.semanticEntries);
export const toolServers = new Remote(bridge.toolServers);

/** Follows something that only the server has; asks for it on mount, when the server is back and when `stamp` changes. */
export function useRemote<T>(remote: Remote<T>, stamp = ""): RemoteView<T> & { reload(): void } {
  const view = useCell(remote.view);
  const { connection } = useApp();
  useEffect(() => {
    void remote.join();
  }, [remote, connection, stamp]);
  return useMemo(() => ({ ...view, reload: () => void remote.load() }), [remote, view]);
}

/** What was used between two times, summed by day, model, token and conversation. Asked anew when the times change. */
export function useUsage(from: number, to: number): RemoteView<Record<UsageKey, UsageSum[]>> & { reload(): void } {
  const remote = useMemo(() => new Remote(() => bridge.usage(from, to)), [from, to]);
  useEffect(() => () => remote.close(), [remote]);
  return useRemote(remote);
}

/** The latest exchanges of one conversation; asked again when `stamp` changes. */
export function useConversationUsage(id: ID, createdAt: Timestamp, stamp: string): RemoteView<Awaited<ReturnType<Bridge["usageRecords"]>>> & { reload(): void } {
  const remote = useMemo(() => new Remote(() => bridge.usageRecords(500, { id, createdAt })), [id, createdAt]);
  useEffect(() => () => remote.close(), [remote]);
  return useRemote(remote, stamp);
}

/** Requests as they happen. Followed while it is mounted. */
export function useLiveRequests(): LiveView & { pause(isPaused: boolean): void } {
  const view = useCell(live.view);
  useEffect(() => {
    live.open();
    return () => live.close();
  }, []);
  return useMemo(() => ({ ...view, pause: (isPaused: boolean) => live.pause(isPaused) }), [view]);
}

/** Does something and asks for the list again, whether it succeeded or not: what is on show may be old. */
async function then<T, V>(remote: Remote<V>, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } finally {
    await remote.load();
  }
}

/** What a user can do with the bridge. Everything needs the server; promises reject with `ApiError`. */
export const bridgeActions = {
  saveAlias: (id: ID | null, version: number, input: AliasInput) => then(aliases, id === null ? bridge.createAlias(input) : bridge.changeAlias(id, version, input)),
  deleteAlias: (id: ID) => then(aliases, bridge.deleteAlias(id)),

  savePrice: (id: ID | null, version: number, input: PriceInput) => then(prices, id === null ? bridge.createPrice(input) : bridge.changePrice(id, version, input)),
  deletePrice: (id: ID) => then(prices, bridge.deletePrice(id)),

  /** Resolves to the token itself, which is never sent again. */
  createToken: async (input: TokenInput) => (await then(tokens, bridge.createToken(input))).token,
  changeToken: (id: ID, version: number, input: TokenInput) => then(tokens, bridge.changeToken(id, version, input)),
  revokeToken: (id: ID) => then(tokens, bridge.revokeToken(id)),
  deleteToken: (id: ID) => then(tokens, bridge.deleteToken(id)),

  cache: bridge.cache,
  emptyCache: () => then(semanticEntries, bridge.emptyCache()),
  forgetSemantic: (id: ID) => then(semanticEntries, bridge.forgetSemantic(id)),
  emptySemantic: (token?: ID) => then(semanticEntries, bridge.emptySemantic(token)),

  deleteContext: (id: ID) => then(context, bridge.deleteContext(id)),

  saveToolServer: (id: ID | null, version: number, input: ToolServerInput) => then(toolServers, id === null ? bridge.createToolServer(input) : bridge.changeToolServer(id, version, input)),
  changeToolServer: (id: ID, version: number, change: ToolServerChange) => then(toolServers, bridge.changeToolServer(id, version, change)),
  deleteToolServer: (id: ID) => then(toolServers, bridge.deleteToolServer(id)),
  testToolServer: bridge.testToolServer,
};
