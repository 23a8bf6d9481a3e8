/** How often something was lost, by reason and category: `cache_overflow/error`. */
export type Losses = Record<string, number>;

export type LossReason = "cache_overflow" | "queue_overflow" | "ratelimit_backoff" | "send_error" | "backpressure";
export type Category = "error" | "session" | "internal";

/** The same losses and more. */
export function withLoss(losses: Losses, reason: LossReason, category: Category, quantity = 1): Losses {
  const key = `${reason}/${category}`;
  return quantity <= 0 ? losses : { ...losses, [key]: (losses[key] ?? 0) + quantity };
}

/** Both losses together. */
export function sumOfLosses(one: Losses, other: Losses): Losses {
  const sum = { ...one };
  for (const [key, quantity] of Object.entries(other)) {
    sum[key] = (sum[key] ?? 0) + quantity;
  }
  return sum;
}
