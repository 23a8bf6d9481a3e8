import type { Item } from "./report";

/** One visit, from unlocking to locking: a session for release health. */
export interface Visit {
  id: string;
  /** Milliseconds since 1970. */
  started: number;
  errors: number;
  isOver: boolean;
  /** How many updates there were. */
  updates: number;
}

type Step = [Visit, Item | null];

export function beginVisit(id: string, now: number): Step {
  return update({ id, started: now, errors: 0, isOver: false, updates: 0 }, "ok", now);
}

/** Counts an error; the first is told at once, all of them at the end. */
export function visitFailed(visit: Visit, now: number): Step {
  if (visit.isOver) {
    return [visit, null];
  }
  const next = { ...visit, errors: visit.errors + 1 };
  return next.errors === 1 ? update(next, "ok", now) : [next, null];
}

/** Ends the visit: well, or with a page that could not be shown any more. An end is final. */
export function endVisit(visit: Visit, how: "exited" | "crashed", now: number): Step {
  if (visit.isOver) {
    return [visit, null];
  }
  return update({ ...visit, isOver: true, errors: how === "crashed" ? Math.max(1, visit.errors) : visit.errors }, how, now);
}

function update(visit: Visit, status: "ok" | "exited" | "crashed", now: number): Step {
  const payload = JSON.stringify({
    sid: visit.id, init: visit.updates === 0, seq: visit.updates, started: new Date(visit.started).toISOString(),
    timestamp: new Date(now).toISOString(), status, errors: visit.errors,
  });
  return [{ ...visit, updates: visit.updates + 1 }, { type: "session", payload }];
}
