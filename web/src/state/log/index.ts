/** What the page of the log follows. Loaded with it. */
import { useEffect, useMemo } from "react";
import { useCell } from "../Cell";
import { LiveLog, type LogView } from "./LiveLog";

export type { LogView } from "./LiveLog";

const live = new LiveLog();

/** The log as it is written. Followed while it is mounted. */
export function useLiveLog(): LogView & { pause(isPaused: boolean): void } {
  const view = useCell(live.view);
  useEffect(() => {
    live.open();
    return () => live.close();
  }, []);
  return useMemo(() => ({ ...view, pause: (isPaused: boolean) => live.pause(isPaused) }), [view]);
}
