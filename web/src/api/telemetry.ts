import type { Timestamp } from "../state/types";
import type { Client } from "./client";

// Where telemetry goes, and the figures of the process, as Sources/CherryAPI/DTO encodes them.

/** One thing that a destination has to be told. */
export interface TelemetryField {
  name: string;
  form: "word" | "address" | "places" | "flag" | "share" | "choice";
  /** Of a `choice`; the first is what holds when nothing is set. */
  choices?: string[];
  required: boolean;
  /** It is written and never read again. */
  secret: boolean;
  help: string;
}

/** What became of everything that was meant for a destination. */
export interface Ledger {
  produced: number;
  sent: number;
  queued: number;
  quarantined: number;
  /** By reason. */
  dropped: Record<string, number>;
  balanced: boolean;
}

export interface TelemetryDestination {
  kind: string;
  title: string;
  /** What it is sent, in words. */
  takes: string;
  fields: TelemetryField[];
  isSet: boolean;
  values: Record<string, string>;
  /** The names of those that are set. */
  secrets: string[];
  lastSentAt?: Timestamp;
  lastFailure?: { at: Timestamp; reason: string; message: string; hint?: string };
  ledger?: Ledger;
}

export interface TelemetryState {
  /** What the user calls this installation. */
  environment: string;
  instance: string;
  /** Why nothing is sent although there are destinations. */
  problem?: { message: string; hint?: string };
  destinations: TelemetryDestination[];
}

/** What came of a test event. */
export interface TelemetryTest {
  outcome: "sent" | "notNow" | "refused" | "dropped";
  reason?: string;
  message?: string;
  hint?: string;
}

/** How long something took, of so many times. */
export interface Quantiles {
  count: number;
  medianMilliseconds: number;
  p95Milliseconds: number;
}

export interface FigureState {
  browserStreams: number;
  doorStreams: number;
  memoryBytes: number;
  openBreakers: number;
  queued: number;
  lost: number;
}

/** One place of every chart. */
export interface FigurePoint {
  at: Timestamp;
  /** By the class of their status: 1xx to 5xx. */
  requestsPerSecond: number[];
  retries: number;
  failovers: number;
  firstToken?: Quantiles;
  recall?: Quantiles;
  state: FigureState;
}

/** What was asked of one model since the start of the server. */
export interface ModelFigures {
  provider: string;
  model: string;
  exchanges: number;
  failures: number;
  inputTokens: number;
  outputTokens: number;
  microDollars: number;
  retries: number;
  failovers: number;
  firstToken?: Quantiles;
  breaker?: "closed" | "halfOpen" | "open";
}

/** How everything stands; counts are those since the start of the server. */
export interface FiguresNow {
  at: Timestamp;
  since: Timestamp;
  requests: number[];
  state: FigureState;
  firstToken?: Quantiles;
  recall?: Quantiles;
  models: ModelFigures[];
  cacheHits: number;
  cacheMisses: number;
  cpuSeconds: number;
  threads: number;
  openFiles: number;
  journal: { destination: string; isRemoved: boolean; ledger: Ledger }[];
}

export interface Figures {
  intervalSeconds: number;
  points: FigurePoint[];
  now: FiguresNow;
}

/** The routes of telemetry and figures. */
export class TelemetryRoutes {
  constructor(private readonly client: Client) {}

  show = () => this.client.json<TelemetryState>("GET", "/api/v1/telemetry");
  name = (environment: string) => this.client.json<TelemetryState>("PATCH", "/api/v1/telemetry", { body: { environment } });
  /** `null` takes a value away; what is not named stays. */
  change = (kind: string, values: Record<string, string | null>) => this.client.json<TelemetryState>("PATCH", `/api/v1/telemetry/${kind}`, { body: { values } });
  remove = (kind: string) => this.client.none("DELETE", `/api/v1/telemetry/${kind}`);
  /** Waits for as long as the destination may take to answer. */
  test = (kind: string) => this.client.json<TelemetryTest>("POST", `/api/v1/telemetry/${kind}/test`, { timeout: 120_000 });
  figures = (after: Timestamp) => this.client.json<Figures>("GET", `/api/v1/figures?after=${after}`);
}
