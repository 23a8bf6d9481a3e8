import type { Ledger, TelemetryDestination, TelemetryField, TelemetryTest } from "../api/telemetry";

const labels: Record<string, string> = {
  dsn: "DSN", pages: "Errors of the web app as well", url: "Address", token: "Bearer token", share: "Part of traces that is kept", traces: "Part of traces that is sent", tenant: "Tenant", user: "User", password: "Password",
  stream: "Data stream", apiKey: "API key", servers: "Servers", sharedKey: "Shared key", tag: "Tag", mode: "How events are packed", private: "It may be at a private address",
};

/** What a field is called. */
export function labelOf({ name }: TelemetryField): string {
  return labels[name] ?? name;
}

const hidden = new Set(["share", "traces", "tenant", "stream", "tag", "mode", "private"]);

/** Whether few need a field. */
export function isRare({ name, required }: TelemetryField): boolean {
  return !required && hidden.has(name);
}

/** What holds while a field is not set, as its help has it in parentheses. */
export function defaultOf({ help, choices }: TelemetryField): string {
  return choices?.[0] ?? /\(([^()]+)\)\.$/.exec(help)?.[1] ?? "";
}

/** The help of a field without its default, which stands in the field. */
export function helpOf({ help }: TelemetryField): string {
  return help.replace(/ \([^()]+\)\.$/, ".");
}

const examples: Record<string, string> = {
  dsn: "https://key@sentry.example.com/1", servers: "tls://logs.example.com:24224", loki: "https://loki.example.com", elasticsearch: "https://search.example.com:9200", otlp: "https://collector.example.com:4318",
};

/** What a value that is needed looks like, for the kind of destination. */
export function exampleOf(kind: string, { name }: TelemetryField): string {
  return examples[name] ?? examples[kind] ?? "";
}

/** What is wrong with a value at first sight, and how to write it; the server looks closer. */
export function problemOf(kind: string, field: TelemetryField, typed: string): string | null {
  const value = typed.trim();
  const isSound = value === "" || {
    address: () => (field.name === "dsn" ? /^https?:\/\/[\w-]+(:[\w-]+)?@[^\s@?#]+\/[\w-]+$/i : /^https?:\/\/[^\s@]+$/i).test(value),
    places: () => value.split(/ +/).every((place) => /^(tcp|tls):\/\/[^\s@/?#]+$/i.test(place)),
    share: () => Number(value) >= 0 && Number(value) <= 1,
    word: () => /^[!-~]+$/.test(value),
    flag: () => true,
    choice: () => true,
  }[field.form]();
  if (isSound) {
    return null;
  }
  switch (field.form) {
    case "share":
      return "A number from 0 to 1, such as 0.1.";
    case "word":
      return "Letters, digits and signs without spaces.";
    default:
      return `Write it like ${exampleOf(kind, field)}`;
  }
}

/** What was typed, by field. A secret that was left empty stays; one in `forgotten` goes. */
export interface TypedTarget {
  values: Record<string, string>;
  forgotten: readonly string[];
}

/** What a form begins with. */
export function typedTarget(destination: TelemetryDestination): TypedTarget {
  return { values: { ...destination.values }, forgotten: [] };
}

/** What has to be told to the server: only what differs. */
export function changesOf(destination: TelemetryDestination, typed: TypedTarget): Record<string, string | null> {
  const changes: Record<string, string | null> = {};
  for (const { name, secret } of destination.fields) {
    const value = (typed.values[name] ?? "").trim();
    if (secret) {
      if (value !== "") {
        changes[name] = value;
      } else if (typed.forgotten.includes(name)) {
        changes[name] = null;
      }
    } else if (value !== (destination.values[name] ?? "")) {
      changes[name] = value === "" ? null : value;
    }
  }
  return changes;
}

/** Whether everything that is needed is there. */
export function isComplete(destination: TelemetryDestination, typed: TypedTarget): boolean {
  return destination.fields.every(({ name, required, secret }) => !required || (typed.values[name] ?? "").trim() !== "" || (secret && destination.secrets.includes(name)));
}

/** Where a destination's records go, in few words. A DSN is a secret, and so is where it leads. */
export function placeOf({ values }: TelemetryDestination): string | null {
  return values["url"] ?? values["servers"] ?? null;
}

/** What came of a test, as a sentence. */
export function sayTest(title: string, { outcome, message }: TelemetryTest): string {
  const because = message === undefined ? "" : ` ${message}`;
  switch (outcome) {
    case "sent":
      return `${title} took the test event.`;
    case "notNow":
      return `${title} could not take the test event now.${because}`;
    case "refused":
      return `${title} refused the test event.${because}`;
    case "dropped":
      return `${title} had the test event thrown away.${because}`;
  }
}

const reasons: Record<string, string> = {
  removed: "turned off", rate_limited: "too many at once", too_large: "too large", ratelimit_backoff: "too many for too long", backpressure: "the journal was full",
  expired: "too old", overflow: "the journal was full", network_error: "not reached", queue_overflow: "the journal was full",
};

/** How many were dropped in all, and why: the most frequent reason first. */
export function droppedOf({ dropped }: Ledger): { total: number; reasons: string } {
  const known = Object.entries(dropped).filter(([, count]) => count > 0).sort((one, other) => other[1] - one[1] || one[0].localeCompare(other[0]));
  return {
    total: known.reduce((sum, [, count]) => sum + count, 0),
    reasons: known.map(([reason, count]) => `${count.toLocaleString()} ${reasons[reason] ?? reason.replaceAll("_", " ")}`).join(", "),
  };
}
