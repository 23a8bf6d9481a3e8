import type { LoginKeys } from "../lib/crypto";
import { traceParent } from "../lib/ids";
import type {
  Conversation, Envelope, ID, ImportSummary, JSONValue, KDFParameters, KeySlot, Message, ModelListing, ModelReference, Persona,
  Preference, Provider, ProviderTest, SearchResult, ServerStatus, Session, SystemInfo, ToolDecision, VaultInfo,
} from "../state/types";
import { ApiError } from "./ApiError";

/** One page of the change feed. */
export interface ChangePage {
  items: Envelope<unknown>[];
  next: number;
  hasMore: boolean;
  /** The cursor is older than what the server remembers: start again from nothing. */
  isStale: boolean;
}

/** One page of a branch. */
export interface MessagePage {
  /** Oldest first. */
  items: Envelope<Message>[];
  hasMore: boolean;
  leaf?: ID | null;
  branches: Record<ID, ID[]>;
}

/** A turn that has begun. */
export interface TurnStart {
  user?: Envelope<Message>;
  reply: Envelope<Message>;
  conversation: Envelope<Conversation>;
}

/** What starts a turn. */
export type TurnRequest =
  | { kind: "send"; messageID: ID; parentID: ID | null; content: string; model?: ModelReference; personaID?: ID }
  | { kind: "regenerate"; parentID: ID; model?: ModelReference; personaID?: ID };

/** A file that the server made. */
export interface FileAnswer {
  name: string;
  data: Blob;
}

interface RequestOptions {
  body?: unknown;
  /** A body that is sent as it is. */
  file?: Blob;
  /** What `file` is, if it is not JSON. */
  type?: string;
  /** Milliseconds; 0 for none. */
  timeout?: number;
  signal?: AbortSignal | undefined;
  /** A request that is about locking or erasing itself: its answer carries nothing readable and must arrive. */
  outlivesLock?: boolean;
  /** Lets the request outlive the page. */
  keepalive?: boolean;
}

interface ErrorBody {
  error?: { code?: unknown; message?: unknown; hint?: unknown; retryAfter?: unknown };
  current?: unknown;
}

const text = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);

/** The server's answer to a failure as an error, whatever stands in its body. */
export function errorOf(status: number, body: unknown, retryAfterHeader: string | null): ApiError {
  const { error, current } = (typeof body === "object" && body !== null ? body : {}) as ErrorBody;
  const seconds = typeof error?.retryAfter === "number" ? error.retryAfter : Number(retryAfterHeader ?? NaN);
  const isEnvelope = typeof current === "object" && current !== null && "version" in current;
  return new ApiError({
    code: text(error?.code) ?? (status >= 500 ? "serverFailure" : "unexpected"),
    status,
    message: text(error?.message) ?? `The server answered with status ${status}.`,
    hint: text(error?.hint),
    retryAfter: Number.isFinite(seconds) ? seconds : undefined,
    current: isEnvelope ? (current as Envelope<unknown>) : undefined,
  });
}

/** The name that a Content-Disposition gives a file. */
function fileName(header: string | null): string {
  const encoded = /filename\*=UTF-8''([^;]+)/i.exec(header ?? "")?.[1];
  const plain = /filename="?([^";]+)"?/i.exec(header ?? "")?.[1];
  return (encoded === undefined ? plain : decodeURIComponent(encoded))?.replaceAll(/[\\/]/g, "-") ?? "cherry-export";
}

/** The server's routes as typed calls: the only place that fetches. Each call rejects with `ApiError` alone. */
export class Client {
  /** Called after each request with whether a server answered. */
  onReachable: (isReachable: boolean) => void = () => undefined;
  /** Called when the server says that the session or the vault is closed. */
  onClosed: (error: ApiError) => void = () => undefined;
  /** Called with each answer's method, address and status. */
  onAnswered: (method: string, path: string, status: number) => void = () => undefined;

  private readonly underWay = new Set<AbortController>();

  constructor(private readonly fetcher: typeof fetch = (...parts) => fetch(...parts)) {}

  /** Ends every request under way: after a lock nothing readable may arrive any more. */
  cancelAll(): void {
    this.underWay.forEach((abort) => abort.abort());
    this.underWay.clear();
  }

  private async send(method: string, path: string, options: RequestOptions): Promise<Response> {
    const abort = new AbortController();
    if (options.outlivesLock !== true) {
      this.underWay.add(abort);
    }
    let isTimeout = false;
    const timer = options.timeout === 0 ? undefined : setTimeout(() => {
      isTimeout = true;
      abort.abort();
    }, options.timeout ?? 15_000);
    const cancel = () => abort.abort();
    options.signal?.addEventListener("abort", cancel);
    if (options.signal?.aborted === true) {
      abort.abort();
    }
    try {
      const response = await this.fetcher(path, {
        method,
        headers: {
          Accept: "application/json",
          ...(method === "GET" ? {} : { "X-Cherry": "1", traceparent: traceParent() }),
          ...(options.body === undefined && options.file === undefined ? {} : { "Content-Type": options.type ?? "application/json" }),
        },
        ...(options.file !== undefined ? { body: options.file } : options.body !== undefined ? { body: JSON.stringify(options.body) } : {}),
        credentials: "same-origin",
        cache: "no-store",
        redirect: "error",
        keepalive: options.keepalive ?? false,
        signal: abort.signal,
      });
      // The body counts into the time-out: a server may answer its head and then hang.
      const data = await response.blob();
      return new Response(data.size === 0 ? null : data, { status: response.status, headers: response.headers });
    } catch {
      // The platform hides why a request failed; what matters is who gave up.
      if (options.signal?.aborted === true) {
        throw new ApiError({ code: "cancelled", message: "The request was cancelled." });
      }
      if (abort.signal.aborted && !isTimeout) {
        throw new ApiError({ code: "locked", message: "The app was locked before the server answered." });
      }
      this.onReachable(false);
      throw isTimeout
        ? new ApiError({ code: "timeout", message: "The server did not answer in time.", hint: "Try again in a moment." })
        : new ApiError({ code: "offline", message: "The server cannot be reached.", hint: "Check that it is running and that you are connected." });
    } finally {
      this.underWay.delete(abort);
      clearTimeout(timer);
      options.signal?.removeEventListener("abort", cancel);
    }
  }

  private async request(method: string, path: string, options: RequestOptions = {}): Promise<Response> {
    const response = await this.send(method, path, options);
    this.onReachable(true);
    this.onAnswered(method, path, response.status);
    if (response.ok) {
      return response;
    }
    const body: unknown = await response.json().catch(() => undefined); // an answer without JSON still has its status
    const error = errorOf(response.status, body, response.headers.get("Retry-After"));
    if (error.needsUnlock) {
      this.onClosed(error);
    }
    throw error;
  }

  /** The answer of a route as JSON. For the routes that a page loads its own calls for; the others are below. */
  async json<T>(method: string, path: string, options: RequestOptions = {}): Promise<T> {
    const response = await this.request(method, path, options);
    try {
      return (await response.json()) as T;
    } catch {
      throw new ApiError({ code: "malformedAnswer", status: response.status, message: "The server's answer could not be read." });
    }
  }

  /** Calls a route whose answer says nothing. */
  async none(method: string, path: string, options: RequestOptions = {}): Promise<void> {
    await this.request(method, path, options);
  }

  private async file(method: string, path: string, options: RequestOptions = {}): Promise<FileAnswer> {
    const response = await this.request(method, path, { timeout: 0, ...options });
    return { name: fileName(response.headers.get("Content-Disposition")), data: await response.blob() };
  }

  /** Posts a report of this page's own failures. Its answer says nothing of the session, and a lock does not end it. */
  report = async (body: string, outlivesPage: boolean): Promise<{ status: number; rateLimits: string | null; retryAfter: string | null }> => {
    const response = await this.send("POST", "/api/v1/reports", {
      file: new Blob([body]), type: "application/x-sentry-envelope", keepalive: outlivesPage, outlivesLock: true,
    });
    return { status: response.status, rateLimits: response.headers.get("X-Sentry-Rate-Limits"), retryAfter: response.headers.get("Retry-After") };
  };

  // Vault and session
  status = () => this.json<ServerStatus>("GET", "/api/v1/status", { timeout: 6_000 });
  setUp = (keys: LoginKeys, kdf: KDFParameters) =>
    this.json<{ recoveryCode: string; session: Session }>("POST", "/api/v1/setup", { body: { ...keys, kdf }, timeout: 60_000 });
  unlock = (keys: LoginKeys) => this.json<{ session: Session }>("POST", "/api/v1/unlock", { body: keys, timeout: 60_000 });
  recover = (recoveryCode: string, keys: LoginKeys, kdf: KDFParameters) =>
    this.json<{ session: Session }>("POST", "/api/v1/recover", { body: { recoveryCode, ...keys, kdf }, timeout: 60_000 });
  lock = () => this.none("POST", "/api/v1/lock", { outlivesLock: true });
  logout = () => this.none("POST", "/api/v1/logout", { outlivesLock: true });
  changePassphrase = (current: LoginKeys, next: LoginKeys & { kdf: KDFParameters }) =>
    this.none("POST", "/api/v1/passphrase", { body: { current, new: next }, timeout: 60_000 });
  newRecoveryKit = (keys: LoginKeys) => this.json<{ recoveryCode: string }>("POST", "/api/v1/recovery-kit", { body: keys, timeout: 60_000 });
  confirmRecoveryKit = () => this.none("POST", "/api/v1/recovery-kit/confirm");
  vault = () => this.json<VaultInfo>("GET", "/api/v1/vault");
  rotate = (keys: LoginKeys) => this.none("POST", "/api/v1/vault/rotate", { body: keys, timeout: 60_000 });
  addMachineSlot = (keys: LoginKeys) => this.json<KeySlot>("POST", "/api/v1/vault/slots", { body: { kind: "machine", ...keys }, timeout: 60_000 });
  removeSlot = (id: ID, keys: LoginKeys) => this.none("DELETE", `/api/v1/vault/slots/${id}`, { body: keys, timeout: 60_000 });
  verify = () => this.json<{ status: "sound"; records: number }>("POST", "/api/v1/vault/verify", { timeout: 600_000 });
  sessions = async () => (await this.json<{ sessions: Session[] }>("GET", "/api/v1/sessions")).sessions;
  revokeSession = (id: ID, isLast = false) => this.none("DELETE", `/api/v1/sessions/${id}`, { keepalive: isLast });
  erase = (keys: LoginKeys) => this.none("POST", "/api/v1/erase", { body: keys, timeout: 60_000, outlivesLock: true });

  // Conversations and messages
  conversations = (limit: number, before?: ID) =>
    this.json<{ items: Envelope<Conversation>[]; hasMore: boolean }>("GET", `/api/v1/conversations?limit=${limit}${before === undefined ? "" : `&before=${before}`}`);
  createConversation = (body: { id: ID; title?: string; personaID?: ID; model?: ModelReference }) =>
    this.json<Envelope<Conversation>>("POST", "/api/v1/conversations", { body });
  patchConversation = (id: ID, body: Record<string, unknown> & { baseVersion: number }) =>
    this.json<Envelope<Conversation>>("PATCH", `/api/v1/conversations/${id}`, { body });
  conversation = (id: ID) => this.json<Envelope<Conversation>>("GET", `/api/v1/conversations/${id}`);
  deleteConversation = (id: ID) => this.none("DELETE", `/api/v1/conversations/${id}`);
  restoreConversation = (id: ID) => this.json<Envelope<Conversation>>("POST", `/api/v1/conversations/${id}/restore`);
  messages = (id: ID, options: { leaf?: ID | undefined; before?: ID | undefined; limit: number }) =>
    this.json<MessagePage>("GET", `/api/v1/conversations/${id}/messages?limit=${options.limit}`
      + (options.leaf === undefined ? "" : `&leaf=${options.leaf}`) + (options.before === undefined ? "" : `&before=${options.before}`));
  startTurn = (id: ID, body: TurnRequest) => this.json<TurnStart>("POST", `/api/v1/conversations/${id}/turns`, { body, timeout: 30_000 });
  message = (id: ID) => this.json<Envelope<Message>>("GET", `/api/v1/messages/${id}`);
  stop = (id: ID) => this.none("POST", `/api/v1/messages/${id}/stop`);
  decideToolUse = (id: ID, useID: string, decision: ToolDecision) =>
    this.none("POST", `/api/v1/messages/${id}/tool-calls/${encodeURIComponent(useID)}`, { body: { decision } });
  changes = (since: number, limit: number) => this.json<ChangePage>("GET", `/api/v1/changes?since=${since}&limit=${limit}`, { timeout: 30_000 });
  search = (query: string, limit: number, signal?: AbortSignal) =>
    this.json<Omit<SearchResult, "isLocal">>("POST", "/api/v1/search", { body: { query, limit }, signal });

  // Personas, preferences, providers
  personas = async () => (await this.json<{ items: Envelope<Persona>[] }>("GET", "/api/v1/personas")).items;
  createPersona = (body: Record<string, unknown>) => this.json<Envelope<Persona>>("POST", "/api/v1/personas", { body });
  patchPersona = (id: ID, body: Record<string, unknown>) => this.json<Envelope<Persona>>("PATCH", `/api/v1/personas/${id}`, { body });
  deletePersona = (id: ID) => this.none("DELETE", `/api/v1/personas/${id}`);
  resetPersona = (id: ID) => this.json<Envelope<Persona>>("POST", `/api/v1/personas/${id}/reset`);
  preferences = async () => (await this.json<{ items: Envelope<Preference>[] }>("GET", "/api/v1/preferences")).items;
  putPreference = (key: string, value: JSONValue, baseVersion: number) =>
    this.json<Envelope<Preference>>("PUT", `/api/v1/preferences/${encodeURIComponent(key)}`, { body: { value, baseVersion } });
  deletePreference = (key: string) => this.none("DELETE", `/api/v1/preferences/${encodeURIComponent(key)}`);
  providers = async () => (await this.json<{ items: Envelope<Provider>[] }>("GET", "/api/v1/providers")).items;
  createProvider = (body: Record<string, unknown>) => this.json<Envelope<Provider>>("POST", "/api/v1/providers", { body });
  patchProvider = (id: ID, body: Record<string, unknown>) => this.json<Envelope<Provider>>("PATCH", `/api/v1/providers/${id}`, { body });
  deleteProvider = (id: ID) => this.none("DELETE", `/api/v1/providers/${id}`);
  testProvider = (id: ID) => this.json<ProviderTest>("POST", `/api/v1/providers/${id}/test`, { timeout: 60_000 });
  models = () => this.json<ModelListing>("GET", "/api/v1/models", { timeout: 30_000 });

  // Data
  exportAll = (format: string, keys: LoginKeys) => this.file("POST", "/api/v1/export", { body: { format, ...keys } });
  exportConversation = (id: ID, format: string) => this.file("GET", `/api/v1/conversations/${id}/export?format=${format}`);
  importAll = (file: Blob) => this.json<ImportSummary>("POST", "/api/v1/import", { file, timeout: 0 });
  system = () => this.json<SystemInfo>("GET", "/api/v1/system");
}
