import { Bridge, type ExchangeReport, liveEvents, parseReport, type UsageRecord } from "../../api/bridge";
import { openEvents, type EventStream } from "../../api/events";
import { Cell } from "../Cell";
import { core } from "../core";

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

const mostRows = 200;
const remembered = 50;

/** Takes a report into rows that stand newest first. */
export function placeReport(rows: readonly ExchangeReport[], report: ExchangeReport): ExchangeReport[] {
  const at = rows.findIndex((row) => row.id === report.id);
  if (at >= 0) {
    return rows.map((row, index) => (index === at ? report : row));
  }
  const older = rows.findIndex((row) => row.startedAt <= report.startedAt);
  const place = older < 0 ? rows.length : older;
  return [...rows.slice(0, place), report, ...rows.slice(place)].slice(0, mostRows);
}

/** A finished request as usage remembers it, in the form of a report. */
export function reportOf(record: UsageRecord, index: number): ExchangeReport {
  const { at, providerID, model, alias, totalMilliseconds, ...rest } = record;
  return { ...rest, id: `past ${at} ${index}`, stage: "ended", startedAt: at, asked: alias ?? model, target: { providerID, model }, totalMilliseconds };
}

const blank: LiveView = { rows: [], state: "connecting", isPaused: false, waiting: 0 };

/** Follows requests while somebody looks. */
export class LiveRequests {
  readonly view = new Cell<LiveView>(blank);
  private rows: ExchangeReport[] = [];
  private frozen: ReadonlySet<string> | null = null;
  private events: EventStream | null = null;
  private frame = 0;

  constructor(private readonly bridge: Bridge) {
    core.onWipe.add(() => this.close());
  }

  open(): void {
    if (this.events !== null) {
      return;
    }
    void this.bridge.usageRecords(remembered).then((records) => {
      records.map(reportOf).forEach((report) => this.take(report));
    }).catch(() => undefined); // the list then begins with what happens from now on
    this.events = openEvents({
      address: () => liveEvents.address,
      types: [liveEvents.type],
      event: (_, data) => {
        const report = parseReport(data);
        if (report !== null) {
          this.take(report);
        }
      },
      open: (isOpen) => this.view.update((view) => ({ ...view, state: isOpen ? "open" : "lost" })),
    });
  }

  close(): void {
    this.events?.close();
    this.events = null;
    cancelAnimationFrame(this.frame);
    this.frame = 0;
    this.rows = [];
    this.frozen = null;
    this.view.set(blank);
  }

  pause(isPaused: boolean): void {
    this.frozen = isPaused ? new Set(this.rows.map((row) => row.id)) : null;
    this.view.update((view) => ({ ...view, rows: this.rows, isPaused, waiting: 0 }));
  }

  private take(report: ExchangeReport): void {
    if (this.events === null) {
      return;
    }
    this.rows = placeReport(this.rows, report);
    if (this.frame === 0) {
      this.frame = requestAnimationFrame(() => {
        this.frame = 0;
        const { frozen } = this;
        this.view.update((view) => (frozen === null
          ? { ...view, rows: this.rows }
          : { ...view, waiting: this.rows.filter((row) => !frozen.has(row.id)).length }));
      });
    }
  }
}
