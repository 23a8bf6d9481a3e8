import { openEvents, type EventStream } from "../../api/events";
import { emptyLog, type LogLine, type LogMemory, parseLogEntry, rememberLines } from "../../lib/logLines";
import { Cell } from "../Cell";
import { core } from "../core";

/** The live view of the log. */
export interface LogView {
  /** Oldest first. */
  lines: readonly LogLine[];
  /** `lost`: the connection broke and is being taken up again. */
  state: "connecting" | "open" | "lost";
  isPaused: boolean;
  /** Lines that came since the list was paused. */
  waiting: number;
}

/** Milliseconds between two changes of what is shown: more often, nobody can read it. */
const pace = 150;

const blank: LogView = { lines: [], state: "connecting", isPaused: false, waiting: 0 };

/** Follows the log while somebody looks. */
export class LiveLog {
  readonly view = new Cell<LogView>(blank);
  private memory: LogMemory = emptyLog;
  private arrived: Parameters<typeof rememberLines>[1][number][] = [];
  private waiting = 0;
  private events: EventStream | null = null;
  private timer: ReturnType<typeof setTimeout> | null = null;
  private shownAt = 0;

  constructor() {
    core.onWipe.add(() => this.close());
  }

  open(): void {
    this.events ??= openEvents({
      address: () => `/api/v1/logs/events?after=${this.arrived[this.arrived.length - 1]?.position ?? this.memory.last}`,
      types: ["line"],
      event: (_, data) => this.take(data),
      open: (isOpen) => this.view.update((view) => ({ ...view, state: isOpen ? "open" : "lost" })),
    });
  }

  close(): void {
    this.events?.close();
    this.events = null;
    if (this.timer !== null) {
      clearTimeout(this.timer);
    }
    this.timer = null;
    this.memory = emptyLog;
    this.arrived = [];
    this.waiting = 0;
    this.view.set(blank);
  }

  pause(isPaused: boolean): void {
    this.settle();
    this.waiting = 0;
    this.view.update((view) => ({ ...view, lines: this.memory.lines, isPaused, waiting: 0 }));
  }

  private take(data: string): void {
    const line = parseLogEntry(data);
    if (line === null || this.events === null) {
      return;
    }
    this.arrived.push(line);
    this.timer ??= setTimeout(() => {
      this.timer = null;
      this.shownAt = performance.now();
      this.settle();
      this.view.update((view) => (view.isPaused ? { ...view, waiting: this.waiting } : { ...view, lines: this.memory.lines }));
    }, Math.max(0, this.shownAt + pace - performance.now()));
  }

  private settle(): void {
    this.waiting += this.arrived.length;
    this.memory = rememberLines(this.memory, this.arrived);
    this.arrived = [];
  }
}
