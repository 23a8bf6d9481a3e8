import type { marked } from "marked";

declare module "marked" {
  /** Exported by the package, missing in its types. */
  export function getDefaults(): marked.MarkedOptions;
}
