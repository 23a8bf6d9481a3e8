import type { Envelope } from "../state/types";

/** Codes that the app makes up itself, because no server answered. */
export type LocalErrorCode = "offline" | "timeout" | "cancelled" | "malformedAnswer" | "needsServer" | "weakServerKDF" | "locked";

/** What went wrong, in the server's stable codes or in one of the app's own. The message is fit to show. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly code: string;
  /** The HTTP status; 0 when no server answered. */
  readonly status: number;
  /** What to do about it. */
  readonly hint: string | undefined;
  /** Seconds to wait before trying again. */
  readonly retryAfter: number | undefined;
  /** The record as the server has it, on a conflict. */
  readonly current: Envelope<unknown> | undefined;

  constructor(fields: {
    code: string;
    status?: number;
    message: string;
    hint?: string | undefined;
    retryAfter?: number | undefined;
    current?: Envelope<unknown> | undefined;
  }) {
    super(fields.message);
    this.code = fields.code;
    this.status = fields.status ?? 0;
    this.hint = fields.hint;
    this.retryAfter = fields.retryAfter;
    this.current = fields.current;
  }

  /** Whether the same request may succeed later without a change: no answer, or a server that is busy or full. */
  get isTransient(): boolean {
    return this.code === "offline" || this.code === "timeout" || this.status === 429 || this.status >= 500;
  }

  /** Whether the session or the vault must be opened again before anything else. */
  get needsUnlock(): boolean {
    return this.code === "sealed" || this.code === "unauthenticated";
  }
}

/** Turns anything thrown into an `ApiError`, so that callers have one shape to show. */
export function asApiError(error: unknown): ApiError {
  if (error instanceof ApiError) {
    return error;
  }
  return new ApiError({ code: "unexpected", message: "Something unexpected went wrong in this page.", hint: "Reload the page." });
}
