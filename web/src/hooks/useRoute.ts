import { useSyncExternalStore } from "react";

/** Where the app is. Addresses hold opaque ids only: browsers keep them in clear. */
export type Route =
  | { page: "chat"; id: string | null; message: string | null }
  | { page: "personas" }
  | { page: "settings"; section: SettingsSection }
  | { page: "usage" }
  | { page: "requests" }
  | { page: "status" }
  | { page: "figures" }
  | { page: "log" };

export type SettingsSection = "providers" | "models" | "tools" | "appearance" | "security" | "data" | "telemetry" | "about";
export const settingsSections: readonly SettingsSection[] = ["providers", "models", "tools", "appearance", "security", "data", "telemetry", "about"];

const listeners = new Set<() => void>();
addEventListener("popstate", () => listeners.forEach((listener) => listener()));

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Goes to an address of the app. */
export function navigate(path: string, replace = false): void {
  if (path !== location.pathname + location.hash) {
    history[replace ? "replaceState" : "pushState"](null, "", path);
    listeners.forEach((listener) => listener());
  }
}

/** Reads an address. */
export function parseRoute(path: string, hash: string): Route {
  const [first, second] = path.split("/").filter((part) => part !== "");
  switch (first) {
    case "c":
      return { page: "chat", id: second ?? null, message: hash.startsWith("#m-") ? hash.slice(3) : null };
    case "personas":
      return { page: "personas" };
    case "settings":
      return { page: "settings", section: settingsSections.find((each) => each === second) ?? "providers" };
    case "usage":
    case "requests":
    case "status":
    case "figures":
    case "log":
      return { page: first };
    default:
      return { page: "chat", id: null, message: null };
  }
}

/** The route on show. */
export function useRoute(): Route {
  const address = useSyncExternalStore(subscribe, () => location.pathname + location.hash);
  const at = address.indexOf("#");
  return parseRoute(at < 0 ? address : address.slice(0, at), at < 0 ? "" : address.slice(at));
}
