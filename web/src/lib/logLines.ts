/** The levels of log lines, the least severe first. */
export const logLevels = ["trace", "debug", "info", "notice", "warning", "error", "critical"] as const;
export type LogLevel = (typeof logLevels)[number];

/** One line of the server's log. */
export interface LogLine {
  /** The same for one line however often it comes; another after a restart of the server. */
  key: string;
  /** Counted since the start of the server. */
  position: number;
  time: number;
  level: LogLevel;
  module: string;
  message: string;
  /** What else is said, by name. */
  fields: readonly (readonly [string, string])[];
  /** Lines before this one that never arrived: the server wrote faster than this browser read. */
  missed: number;
}

/** Which lines are shown. */
export interface LogFilter {
  level: LogLevel;
  /** A module; "" for all. */
  module: string;
  text: string;
}

/** The lines that are remembered, oldest first, and from where on more are asked for. */
export interface LogMemory {
  lines: readonly LogLine[];
  /** The position of the newest; 0 before the first. */
  last: number;
  /** How often the server was started anew since. */
  restarts: number;
}

export const emptyLog: LogMemory = { lines: [], last: 0, restarts: 0 };

/** Lines that are remembered at most. */
export const rememberedLines = 5_000;

const known = new Set(["time", "level", "logger", "module", "role", "message"]);

/** Reads an event of the stream; `null` for what is none. */
export function parseLogEntry(data: string): Omit<LogLine, "key" | "missed"> | null {
  let entry: unknown;
  try {
    entry = JSON.parse(data);
  } catch {
    return null;
  }
  const { position, line } = (entry ?? {}) as { position?: unknown; line?: unknown };
  if (typeof position !== "number" || typeof line !== "object" || line === null) {
    return null;
  }
  const { time, level, module, message } = line as Record<string, unknown>;
  const at = typeof time === "string" ? Date.parse(time) : Number.NaN;
  const found = logLevels.find((each) => each === level);
  if (Number.isNaN(at) || found === undefined || typeof message !== "string") {
    return null;
  }
  const fields = Object.entries(line).filter(([name, value]) => !known.has(name) && (typeof value === "string" || typeof value === "number"));
  return { position, time: at, level: found, module: typeof module === "string" ? module : "", message, fields: fields.map(([name, value]) => [name, String(value)] as const) };
}

/** Adds lines that arrived, in their order. */
export function rememberLines(memory: LogMemory, arrived: readonly Omit<LogLine, "key" | "missed">[], limit: number = rememberedLines): LogMemory {
  let { last, restarts } = memory;
  const lines = [...memory.lines];
  for (const line of arrived) {
    // A server that was started anew counts from the beginning.
    const isRestarted = line.position <= last;
    restarts += isRestarted ? 1 : 0;
    lines.push({ ...line, key: `${restarts}-${line.position}`, missed: isRestarted || last === 0 ? 0 : line.position - last - 1 });
    last = line.position;
  }
  return { lines: lines.slice(Math.max(0, lines.length - limit)), last, restarts };
}

/** Whether a line is shown. */
export function fitsLog(filter: LogFilter): (line: LogLine) => boolean {
  const lowest = logLevels.indexOf(filter.level);
  const words = filter.text.toLowerCase().split(/\s+/).filter((word) => word !== "");
  return (line) => {
    if (logLevels.indexOf(line.level) < lowest || (filter.module !== "" && line.module !== filter.module)) {
      return false;
    }
    if (words.length === 0) {
      return true;
    }
    const text = [line.message, line.module, line.level, ...line.fields.map(([name, value]) => `${name}=${value}`)].join(" ").toLowerCase();
    return words.every((word) => text.includes(word));
  };
}

/** The modules that speak in some lines, by name. */
export function modulesOf(lines: readonly LogLine[]): string[] {
  return [...new Set(lines.map(({ module }) => module))].filter((name) => name !== "").sort();
}
