/** What the pages of the bridge follow and do. Loaded with the first of them. */
import { useEffect, useMemo } from "react";
import { Bridge, type AliasInput, type PriceInput, type TokenInput, type ToolServerChange, type ToolServerInput, type UsageKey } from "../../api/bridge";
import { useCell } from "../Cell";
import { core } from "../core";
import { useApp } from "../hooks";
import type { ID } from "../types";
import { LiveRequests, type LiveView } from "./LiveRequests";
import { Remote, type RemoteView } from "./Remote";

export * from "../../api/bridge";
export type { LiveView } from "./LiveRequests";
export type { RemoteView } from "./Remote";

const bridge = new Bridge(core.client);
const live = new LiveRequests(bridge);

export const aliases = new Remote(bridge.aliases, "aliases");
export const prices = new Remote(bridge.prices, "prices");
export const tokens = new Remote(bridge.tokens, "tokens");
export const context = new Remote(bridge.context, "context");
export const toolServers = new Remote(bridge.toolServers, "servers");

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
export function useUsage(from: number, to: number): RemoteView<Record<UsageKey, Awaited<ReturnType<Bridge["usage"]>>>> & { reload(): void } {
  const remote = useMemo(() => new Remote(async () => {
    const [day, model, token, conversation] = await Promise.all((["day", "model", "token", "conversation"] as const).map((by) => bridge.usage(from, to, by)));
    return { day: day ?? [], model: model ?? [], token: token ?? [], conversation: conversation ?? [] };
  }), [from, to]);
  useEffect(() => () => remote.close(), [remote]);
  return useRemote(remote);
}

/** The latest exchanges of one conversation; asked again when `stamp` changes. */
export function useConversationUsage(id: ID, stamp: string): RemoteView<Awaited<ReturnType<Bridge["usageRecords"]>>> & { reload(): void } {
  const remote = useMemo(() => new Remote(() => bridge.usageRecords(500, id)), [id]);
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

/** What a user can do with the bridge. Everything needs the server; promises reject with `ApiError`. */
export const bridgeActions = {
  async saveAlias(id: ID | null, version: number, input: AliasInput): Promise<void> {
    await (id === null ? bridge.createAlias(input) : bridge.changeAlias(id, version, input));
    await aliases.load();
  },
  async deleteAlias(id: ID): Promise<void> {
    await bridge.deleteAlias(id);
    await aliases.load();
  },
  async savePrice(id: ID | null, version: number, input: PriceInput): Promise<void> {
    await (id === null ? bridge.createPrice(input) : bridge.changePrice(id, version, input));
    await prices.load();
  },
  async deletePrice(id: ID): Promise<void> {
    await bridge.deletePrice(id);
    await prices.load();
  },
  /** Resolves to the token itself, which is never sent again. */
  async createToken(input: TokenInput): Promise<string> {
    const { secret } = await bridge.createToken(input);
    void tokens.load();
    return secret;
  },
  async changeToken(id: ID, version: number, input: TokenInput): Promise<void> {
    await bridge.changeToken(id, version, input);
    await tokens.load();
  },
  async revokeToken(id: ID): Promise<void> {
    await bridge.revokeToken(id);
    await tokens.load();
  },
  cache: bridge.cache,
  emptyCache: bridge.emptyCache,
  async deleteContext(id: ID): Promise<void> {
    await bridge.deleteContext(id);
    await context.load();
  },
  async saveToolServer(id: ID | null, version: number, input: ToolServerInput): Promise<void> {
    await (id === null ? bridge.createToolServer(input) : bridge.changeToolServer(id, version, input));
    await toolServers.load();
  },
  async changeToolServer(id: ID, version: number, change: ToolServerChange): Promise<void> {
    await bridge.changeToolServer(id, version, change);
    await toolServers.load();
  },
  async deleteToolServer(id: ID): Promise<void> {
    await bridge.deleteToolServer(id);
    await toolServers.load();
  },
  testToolServer: bridge.testToolServer,
};
