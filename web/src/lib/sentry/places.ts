/** The pages of the app, as they are told of: never an address. */
const pages = new Set(["personas", "settings", "status", "usage", "requests", "figures", "log"]);

/** The page that an address of the app shows. */
export function pageOf(pathname: string): string {
  const [first] = pathname.split("/").filter((part) => part !== "");
  return first === undefined ? "/" : first === "c" ? "/c/{id}" : pages.has(first) ? `/${first}` : "/other";
}

/** The words of the server's routes. */
const words = new Set([
  "aliases", "cache", "changes", "confirm", "context", "conversations", "erase", "events", "exchanges", "export", "figures", "import", "lock", "logout",
  "messages", "models", "passphrase", "personas", "preferences", "prices", "provider-kinds", "providers", "records", "recover", "recovery-kit",
  "reset", "restore", "revoke", "rotate", "search", "semantic", "servers", "sessions", "setup", "slots", "status", "stop", "system", "telemetry", "test",
  "tokens", "tool-calls", "turns", "unlock", "usage", "vault", "verify",
]);

/** The route of the server that an address belongs to, with whatever is not a word of a route taken out; `null` for what is none. */
export function routeOf(path: string): string | null {
  const [address = ""] = path.split(/[?#]/);
  if (!address.startsWith("/api/v1/")) {
    return null;
  }
  return `/api/v1/${address.slice("/api/v1/".length).split("/").map((part) => (words.has(part) ? part : "{id}")).join("/")}`;
}

const roles = new Set([
  "button", "link", "checkbox", "radio", "switch", "tab", "menuitem", "option", "textbox", "combobox", "slider", "dialog", "listitem", "row",
  "image", "heading",
]);
const rolesOfTags: Record<string, string> = { BUTTON: "button", A: "link", SELECT: "combobox", TEXTAREA: "textbox", IMG: "image", SUMMARY: "button" };
const rolesOfInputs: Record<string, string> = { checkbox: "checkbox", radio: "radio", range: "slider", button: "button", submit: "button" };

/** What was clicked on: its role and its test id, never its text, its name or its label. */
export function elementOf(target: Pick<Element, "closest"> | null): string {
  const element = target?.closest("[data-testid],[role],button,a,select,textarea,input,summary,img") ?? null;
  if (element === null) {
    return "other";
  }
  const stated = element.getAttribute("role") ?? "";
  const ofTag = element.tagName === "INPUT" ? rolesOfInputs[element.getAttribute("type") ?? ""] ?? "textbox" : rolesOfTags[element.tagName];
  const role = roles.has(stated) ? stated : ofTag ?? "other";
  const testID = element.getAttribute("data-testid") ?? "";
  return /^[a-z-]{1,40}$/.test(testID) ? `${role} ${testID}` : role;
}

/** Which browser, as one of a few, and its main version. */
export function browserOf(userAgent: string): { name: "Chromium" | "Firefox" | "Safari" | "Other"; version?: string } {
  for (const [name, pattern] of [["Firefox", /Firefox\/(\d{1,4})/], ["Chromium", /Chrome\/(\d{1,4})/], ["Safari", /Version\/(\d{1,4})[\d.]* .*Safari/]] as const) {
    const version = pattern.exec(userAgent)?.[1];
    if (version !== undefined) {
      return { name, version };
    }
  }
  return { name: "Other" };
}
