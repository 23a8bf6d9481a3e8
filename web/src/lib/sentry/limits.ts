import type { Category } from "./losses";

const categories: readonly string[] = ["error", "session", "internal"];

/** Until when each category must not be sent, `all` for every one; milliseconds since 1970. */
export type Limits = Partial<Record<Category | "all", number>>;

/**
 * The limits after an answer. As on the server: the header counts whatever the status is, a bare 429 means a minute of everything, what is unknown
 * is passed over, and of two limits the longer holds.
 */
export function limitsAfter(limits: Limits, status: number, header: string | null, retryAfter: string | null, now: number): Limits {
  const next = { ...limits };
  const note = (category: Category | "all", wait: number) => {
    next[category] = Math.max(next[category] ?? 0, now + Math.ceil(wait * 1000));
  };
  if (header !== null) {
    for (const part of header.split(",")) {
      const [time = "", names] = part.replaceAll(/\s/g, "").split(":");
      if (!/^\d+(\.\d+)?$/.test(time) || names === undefined) {
        continue;
      }
      if (names === "") {
        note("all", Number(time));
      }
      names.split(";").filter((name) => categories.includes(name)).forEach((name) => note(name as Category, Number(time)));
    }
  } else if (status === 429) {
    note("all", retryAfter !== null && /^\d+$/.test(retryAfter) ? Number(retryAfter) : 60);
  }
  return next;
}

/** When a category may be sent again; `null` for now. */
export function limitOf(limits: Limits, category: Category, now: number): number | null {
  const end = Math.max(limits.all ?? 0, limits[category] ?? 0);
  return end > now ? end : null;
}
