/** Where a link of a message leads, after everything that could hide it is taken off. */
export type LinkTarget =
  | { kind: "web"; url: string; host: string; origin: string }
  | { kind: "mail"; url: string; address: string }
  /** Nothing that a person should be sent to; its text is shown and nothing else. */
  | { kind: "none" };

const longestAddress = 4096;

/** Decides what an address from a message may become. Only absolute http, https and mailto addresses lead anywhere. */
export function classifyLink(href: string): LinkTarget {
  if (href.length > longestAddress) {
    return { kind: "none" };
  }
  let url: URL;
  try {
    url = new URL(href);
  } catch {
    return { kind: "none" };
  }
  if (url.protocol === "https:" || url.protocol === "http:") {
    return url.hostname === "" ? { kind: "none" } : { kind: "web", url: url.href, host: url.host, origin: url.origin };
  }
  if (url.protocol === "mailto:") {
    return { kind: "mail", url: url.href, address: safeDecode(url.pathname) };
  }
  return { kind: "none" };
}

function safeDecode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The address in as few characters as tell where it leads: the host, and a path shortened in its middle. */
export function shortAddress(target: LinkTarget): string {
  if (target.kind === "none") {
    return "";
  }
  if (target.kind === "mail") {
    return target.address;
  }
  const rest = target.url.slice(target.url.indexOf(target.host) + target.host.length);
  if (rest === "/" || rest === "") {
    return target.host;
  }
  return target.host + (rest.length > 28 ? `${rest.slice(0, 16)}…${rest.slice(-8)}` : rest);
}

/** Whether a link's text already says its address, so that it need not be said twice. */
export function textSaysAddress(text: string, target: LinkTarget): boolean {
  if (target.kind === "none") {
    return true;
  }
  const said = text.trim().toLowerCase().replace(/\/$/, "");
  if (target.kind === "mail") {
    return said === target.address.toLowerCase();
  }
  const url = target.url.toLowerCase().replace(/\/$/, "");
  return said === url || said === url.replace(/^https?:\/\//, "");
}
