import { ApiError } from "../../api/ApiError";
import type { Failure } from "./early";
import type { Losses } from "./losses";
import { type Frame, parseStack } from "./stack";

/** What happened before a failure; of each kind only what is listed here is ever told. */
export type Breadcrumb =
  | { at: number; kind: "navigation"; from: string; to: string }
  | { at: number; kind: "click"; element: string }
  | { at: number; kind: "request"; method: string; route: string; status: number };

/** One thing to send: its type, and its payload as JSON. */
export interface Item {
  type: "event" | "session" | "client_report";
  payload: string;
}

/** What does not change while the page is open. */
export interface Setting {
  origin: string;
  browser: { name: string; version?: string };
}

/** The names of errors that are told; every other is `Error`. The server holds the same list. */
const names = new Set([
  "AbortError", "AggregateError", "ApiError", "ConstraintError", "CryptoError", "DataCloneError", "DataError", "DatabaseClosedError", "Error",
  "EvalError", "InvalidAccessError", "InvalidStateError", "NetworkError", "NotAllowedError", "NotFoundError", "OpenFailedError", "OperationError",
  "QuotaExceededError", "RangeError", "ReadOnlyError", "ReferenceError", "Rejection", "SecurityError", "SyntaxError", "TimeoutError",
  "TransactionInactiveError", "TypeError", "URIError", "UnknownError", "VersionError",
]);
const methods = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]);

const seconds = (at: number): number => Math.round(at) / 1000;

function breadcrumbJSON(crumb: Breadcrumb): Record<string, unknown> {
  const timestamp = seconds(crumb.at);
  switch (crumb.kind) {
    case "navigation":
      return { timestamp, category: "navigation", data: { from: crumb.from, to: crumb.to } };
    case "click":
      return { timestamp, category: "ui.click", message: crumb.element };
    case "request":
      return { timestamp, category: "http", data: { method: methods.has(crumb.method) ? crumb.method : "OTHER", url: crumb.route, status_code: crumb.status } };
  }
}

/** The name of an error by the closed list; what was thrown without being an error is a `Rejection`. */
function nameOf(error: unknown): string {
  if (!(error instanceof Error || (typeof DOMException !== "undefined" && error instanceof DOMException))) {
    return "Rejection";
  }
  return names.has(error.name) ? error.name : "Error";
}

/**
 * The report of a failure. Every field is chosen from closed sets or made of numbers: an error's message, which may quote what a person wrote,
 * is never read.
 */
export function eventItem(id: string, failure: Failure, page: string, breadcrumbs: readonly Breadcrumb[], setting: Setting): Item {
  const { error, how, at } = failure;
  const frames: Frame[] = error instanceof Error ? parseStack(error.stack, setting.origin, error.message) : [];
  const code = error instanceof ApiError && /^[a-zA-Z]{1,40}$/.test(error.code) ? { code: error.code } : {};
  return {
    type: "event",
    payload: JSON.stringify({
      event_id: id,
      timestamp: seconds(at),
      transaction: page,
      tags: code,
      exception: { values: [{ type: nameOf(error), mechanism: { type: how }, ...(frames.length === 0 ? {} : { stacktrace: { frames } }) }] },
      breadcrumbs: { values: breadcrumbs.map(breadcrumbJSON) },
      contexts: { browser: setting.browser },
    }),
  };
}

/** What was lost on this side. */
export function reportItem(losses: Losses, at: number): Item {
  const entries = Object.entries(losses).map(([key, quantity]) => {
    const [reason = "", category = ""] = key.split("/");
    return { reason, category, quantity };
  });
  return { type: "client_report", payload: JSON.stringify({ timestamp: new Date(at).toISOString(), discarded_events: entries }) };
}

const encoder = new TextEncoder();

/** An envelope: headers on one line each, and lengths in bytes. */
export function envelope(items: readonly Item[], sentAt: number): string {
  const parts = items.map(({ type, payload }) => `${JSON.stringify({ type, length: encoder.encode(payload).length })}\n${payload}\n`);
  return `${JSON.stringify({ sent_at: new Date(sentAt).toISOString() })}\n${parts.join("")}`;
}
