import type { ToolPermission } from "../../../state/bridge";

/** What may happen when a model calls a tool. */
export const permissions: readonly (readonly [ToolPermission, string])[] = [["ask", "Ask each time"], ["always", "Always allow"], ["never", "Never"]];
