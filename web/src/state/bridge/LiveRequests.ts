import type { Bridge } from "../../api/bridge";
import { openEvents, type EventStream } from "../../api/events";
import { type ExchangeReport, liveEvents, parseReport } from "../../api/usage";
import { Cell } from "../Cell";
import { core } from "../core";
import { placeReport, withHistory } from "./reports";

/** The live view of requests. */
export interface LiveView {
  /** Newest first. */
  rows: ExchangeReport[];
  /** `lost`: the connection broke and is being taken up again. */
  state: "connecting" | "open" | "lost";
  isPaused: boolean;
  /** Requests that began since the list was paused. */
  waiting: number;
}

const remembered = 50;

/** Milliseconds between two changes of what is shown: more often, nobody can read it, and the page would be busy with it. */
const pace = 150;

const blank: LiveView = { rows: [], state: "connecting", isPaused: false, waiting: 0 };

/** Follows requests while somebody looks. */
export class LiveRequests {
  readonly view = new Cell<LiveView>(blank);
  private rows: ExchangeReport[] = [];
  /** What news have come of since they were taken up. */
  private heard = new Set<string>();
  private frozen: ReadonlySet<string> | null = null;
  private events: EventStream | null = null;
  private timer: ReturnType<typeof setTimeout> | null = null;
  private shownAt = 0;

  constructor(private readonly bridge: Bridge) {
    core.onWipe.add(() => this.close());
  }

  open(): void {
    if (this.events !== null) {
      return;
    }
    this.events = openEvents({
      address: () => liveEvents.address,
      types: [liveEvents.type],
      event: (_, data) => {
        const report = parseReport(data);
        if (report !== null) {
          this.heard.add(report.id);
          this.take((rows) => placeReport(rows, report));
        }
      },
      open: (isOpen) => {
        this.view.update((view) => ({ ...view, state: isOpen ? "open" : "lost" }));
        if (isOpen) {
          this.readHistory();
        }
      },
    });
  }

  /** Reads what happened before the news that come from now on. */
  private readHistory(): void {
    const heard = new Set<string>();
    this.heard = heard;
    void this.bridge.usageRecords(remembered).then((records) => {
      this.take((rows) => withHistory(rows, records, heard));
    }).catch(() => undefined); // the list then begins with what happens from now on
  }

  close(): void {
    this.events?.close();
    this.events = null;
    if (this.timer !== null) {
      clearTimeout(this.timer);
    }
    this.timer = null;
    this.rows = [];
    this.frozen = null;
    this.view.set(blank);
  }

  pause(isPaused: boolean): void {
    this.frozen = isPaused ? new Set(this.rows.map((row) => row.id)) : null;
    this.view.update((view) => ({ ...view, rows: this.rows, isPaused, waiting: 0 }));
  }

  private take(change: (rows: readonly ExchangeReport[]) => ExchangeReport[]): void {
    if (this.events === null) {
      return;
    }
    this.rows = change(this.rows);
    this.timer ??= setTimeout(() => {
      this.timer = null;
      this.shownAt = performance.now();
      const { frozen } = this;
      this.view.update((view) => (frozen === null
        ? { ...view, rows: this.rows }
        : { ...view, waiting: this.rows.filter((row) => !frozen.has(row.id)).length }));
    }, Math.max(0, this.shownAt + pace - performance.now()));
  }
}
