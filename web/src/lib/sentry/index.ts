import type { Client } from "../../api/client";
import { makeID } from "../ids";
import type { Replica } from "../replica";
import { followFailures } from "./early";
import { browserOf, elementOf, pageOf, routeOf } from "./places";
import { Reporter, type Waiting } from "./Reporter";

const metaName = "telemetry";
/** How often what could not be sent is tried again. */
const retryInterval = 60_000;

function isWaiting(value: Waiting | null): value is Waiting {
  return value !== null && Array.isArray(value.items) && typeof value.losses === "object";
}

/**
 * Begins to tell the server of this page's failures; returns what ends it. Loaded only when the server says that reports are wanted.
 *
 * What waits is kept in the sealed copy, so nothing of it can be read from the disk, and nothing is kept while the page is locked.
 */
export async function startReporting(client: Client, replica: Replica): Promise<() => Promise<void>> {
  const kept = await replica.readMeta<Waiting>(metaName);
  const reporter = new Reporter(
    {
      send: (body, isLast) => client.report(body, isLast),
      keep: (waiting) => replica.writeMeta(metaName, waiting),
      now: () => Date.now(),
      makeID,
    },
    { origin: location.origin, browser: browserOf(navigator.userAgent) },
    pageOf(location.pathname),
    isWaiting(kept) ? kept : null,
  );
  const handleClick = ({ target }: Event) => reporter.note({ at: Date.now(), kind: "click", element: elementOf(target instanceof Element ? target : null) });
  const handleMove = () => reporter.moved(pageOf(location.pathname));
  const handleOnline = () => void reporter.flush();
  const handleLeave = () => void reporter.end();
  addEventListener("click", handleClick, { capture: true, passive: true });
  addEventListener("online", handleOnline);
  addEventListener("pagehide", handleLeave);
  const timer = setInterval(handleOnline, retryInterval);
  client.onAnswered = (method, path, status) => {
    handleMove();
    const route = routeOf(path);
    if (route !== null) {
      reporter.note({ at: Date.now(), kind: "request", method, route, status });
    }
  };
  const lost = followFailures((failure) => {
    handleMove();
    reporter.failed(failure);
  });
  reporter.lose("queue_overflow", "error", lost);
  void reporter.flush();
  return async () => {
    removeEventListener("click", handleClick, { capture: true });
    removeEventListener("online", handleOnline);
    removeEventListener("pagehide", handleLeave);
    clearInterval(timer);
    client.onAnswered = () => undefined;
    followFailures(null);
    await reporter.end();
  };
}
