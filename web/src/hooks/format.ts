const day = 86_400_000;

/** A date as people say it. */
export function sayDate(time: number, now: number = Date.now()): string {
  const [then, today] = [new Date(time), new Date(now)];
  const midnight = new Date(today.getFullYear(), today.getMonth(), today.getDate()).getTime();
  if (time >= midnight) {
    return now - time < 60_000 ? "Just now" : then.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
  }
  if (time >= midnight - day) {
    return "Yesterday";
  }
  return then.toLocaleDateString([], time >= midnight - 6 * day ? { weekday: "long" } : { day: "numeric", month: "short", ...(then.getFullYear() === today.getFullYear() ? {} : { year: "numeric" }) });
}

/** A day to come as people say it. */
export function sayDayAhead(time: number, now: number = Date.now()): string {
  const today = new Date(now);
  const midnight = (days: number) => new Date(today.getFullYear(), today.getMonth(), today.getDate() + days).getTime();
  if (time < midnight(2)) {
    return time < midnight(1) ? "Today" : "Tomorrow";
  }
  return new Date(time).toLocaleDateString([], { day: "numeric", month: "short", ...(new Date(time).getFullYear() === today.getFullYear() ? {} : { year: "numeric" }) });
}

const clock = new Intl.DateTimeFormat([], { hour: "2-digit", minute: "2-digit", second: "2-digit" });
const clockDay = new Intl.DateTimeFormat([], { day: "numeric", month: "short" });

/** A time to the second; of another day with its date. */
export function sayClock(time: number, now: number = Date.now()): { day: string | null; time: string } {
  return { day: new Date(time).toDateString() === new Date(now).toDateString() ? null : clockDay.format(time), time: clock.format(time) };
}

/** Date and time in full, for hovering. */
export function exactDate(time: number): string {
  return new Date(time).toLocaleString([], { dateStyle: "full", timeStyle: "medium" });
}

/** The heading under which a conversation is listed. */
export function dateGroup(time: number, now: number = Date.now()): string {
  const today = new Date(now);
  const midnight = new Date(today.getFullYear(), today.getMonth(), today.getDate()).getTime();
  if (time >= midnight) {
    return "Today";
  }
  if (time >= midnight - day) {
    return "Yesterday";
  }
  return time >= midnight - 7 * day ? "Last seven days" : time >= midnight - 30 * day ? "Last thirty days" : "Older";
}

/** A number of bytes in the unit that suits it. */
export function sayBytes(bytes: number): string {
  const units = ["B", "KB", "MB", "GB"];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit] ?? ""}`;
}

/** A number of things: "1 message", "2 messages". */
export function count(number: number, thing: string): string {
  return `${number.toLocaleString()} ${thing}${number === 1 ? "" : "s"}`;
}

/** Seconds as minutes and seconds. */
export function sayTimeLeft(seconds: number): string {
  return seconds > 60 ? `${Math.ceil(seconds / 60)} min` : `${seconds} s`;
}
