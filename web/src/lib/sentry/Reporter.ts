import type { Failure } from "./early";
import { type Limits, limitOf, limitsAfter } from "./limits";
import { type Category, type Losses, type LossReason, sumOfLosses, withLoss } from "./losses";
import { type Breadcrumb, envelope, eventItem, type Item, reportItem, type Setting } from "./report";
import { beginVisit, endVisit, type Visit, visitFailed } from "./visit";

/** What the server said to an envelope. */
export interface Answer {
  status: number;
  rateLimits: string | null;
  retryAfter: string | null;
}

/** What waits to be sent; kept sealed between visits. */
export interface Waiting {
  items: Item[];
  losses: Losses;
}

export interface Doors {
  /** Posts an envelope; rejects when there was no answer. */
  send(body: string, isLast: boolean): Promise<Answer>;
  /** Keeps what waits, sealed; rejects when the page was locked. */
  keep(waiting: Waiting): Promise<void>;
  now(): number;
  makeID(): string;
}

const queueLimit = 30;
const breadcrumbLimit = 50;
/** Reports of one visit; a failure that repeats by the thousand must not become the load that it reports. */
const visitLimit = 50;

const categoryOf = (item: Item): Category => (item.type === "event" ? "error" : item.type === "session" ? "session" : "internal");

/** Tells the server of this page's failures, and of the visit, while the page is unlocked. */
export class Reporter {
  private readonly breadcrumbs: Breadcrumb[] = [];
  private items: Item[];
  private losses: Losses;
  private limits: Limits = {};
  private visit: Visit;
  private reports = 0;
  private page: string;
  private sending: Promise<void> | null = null;

  /** Begins a visit. `kept` is what an earlier one could not send. */
  constructor(private readonly doors: Doors, private readonly setting: Setting, page: string, kept: Waiting | null) {
    this.items = kept?.items ?? [];
    this.losses = kept?.losses ?? {};
    this.page = page;
    const [visit, update] = beginVisit(doors.makeID(), doors.now());
    this.visit = visit;
    this.put(update);
  }

  /** Takes note of a failure and sends it as soon as that is possible. */
  failed(failure: Failure): void {
    this.reports += 1;
    if (this.reports > visitLimit) {
      this.lose("backpressure", "error");
      return;
    }
    this.put(eventItem(this.doors.makeID().replaceAll("-", ""), failure, this.page, this.breadcrumbs, this.setting));
    const [visit, update] = failure.how === "boundary" ? endVisit({ ...this.visit, errors: this.visit.errors + 1 }, "crashed", this.doors.now()) : visitFailed(this.visit, this.doors.now());
    this.visit = visit;
    this.put(update);
    void this.flush();
  }

  lose(reason: LossReason, category: Category, quantity = 1): void {
    this.losses = withLoss(this.losses, reason, category, quantity);
  }

  /** Takes note of a step, in case something fails later. */
  note(crumb: Breadcrumb): void {
    this.breadcrumbs.push(crumb);
    if (this.breadcrumbs.length > breadcrumbLimit) {
      this.breadcrumbs.shift();
    }
  }

  /** Takes note of the page that is on show. */
  moved(to: string): void {
    if (to !== this.page) {
      this.note({ at: this.doors.now(), kind: "navigation", from: this.page, to });
      this.page = to;
    }
  }

  /** Ends the visit and tries once more to send what is left; the rest is kept. */
  async end(): Promise<void> {
    const [visit, update] = endVisit(this.visit, "exited", this.doors.now());
    this.visit = visit;
    this.put(update);
    await this.flush(true);
  }

  /** Sends what waits, one kind at a time. */
  flush(isLast = false): Promise<void> {
    this.sending ??= this.sendAll(isLast).finally(() => {
      this.sending = null;
    });
    return this.sending;
  }

  private async sendAll(isLast: boolean): Promise<void> {
    for (let batch = this.nextBatch(); batch.length > 0; batch = this.nextBatch()) {
      if (!await this.sendOne(batch, isLast)) {
        break;
      }
    }
    await this.sendLosses(isLast);
    await this.doors.keep({ items: this.items, losses: this.losses }).catch(() => undefined); // locked meanwhile
  }

  /** An event by itself, or up to ten session updates, of what may be sent now. */
  private nextBatch(): Item[] {
    const open = this.items.filter((item) => limitOf(this.limits, categoryOf(item), this.doors.now()) === null);
    const first = open[0];
    return first === undefined ? [] : first.type === "event" ? [first] : open.filter(({ type }) => type === first.type).slice(0, 10);
  }

  /** Whether there was an answer. */
  private async sendOne(batch: Item[], isLast: boolean): Promise<boolean> {
    const [first] = batch;
    const answer = await this.post(batch, isLast);
    if (answer === null || first === undefined) {
      return false;
    }
    this.items = this.items.filter((item) => !batch.includes(item));
    // A refusal of 429 is counted by whoever refused.
    if (answer.status >= 400 && answer.status !== 429) {
      this.lose("send_error", categoryOf(first), batch.length);
    }
    return true;
  }

  private async sendLosses(isLast: boolean): Promise<void> {
    const losses = this.losses;
    if (Object.keys(losses).length === 0 || limitOf(this.limits, "internal", this.doors.now()) !== null) {
      return;
    }
    this.losses = {};
    const answer = await this.post([reportItem(losses, this.doors.now())], isLast);
    if (answer === null || answer.status >= 300) {
      this.losses = sumOfLosses(this.losses, losses);
    }
  }

  private async post(items: Item[], isLast: boolean): Promise<Answer | null> {
    try {
      const answer = await this.doors.send(envelope(items, this.doors.now()), isLast);
      this.limits = limitsAfter(this.limits, answer.status, answer.rateLimits, answer.retryAfter, this.doors.now());
      return answer;
    } catch {
      return null; // no answer: kept for later
    }
  }

  private put(item: Item | null): void {
    if (item === null) {
      return;
    }
    this.items.push(item);
    while (this.items.length > queueLimit) {
      const [oldest] = this.items.splice(0, 1);
      this.lose("cache_overflow", oldest === undefined ? "error" : categoryOf(oldest));
    }
  }
}
