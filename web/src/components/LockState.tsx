import { sayTimeLeft } from "../hooks/format";
import { actions, useApp, useIdleCountdown } from "../state";
import { IconButton } from "./controls";

/** The lock in the head of a page where the list, which has its own, is out of sight. */
export function LockState(): JSX.Element {
  const { connection } = useApp();
  const left = useIdleCountdown();
  const time = left === null ? "" : `, locks by itself in ${sayTimeLeft(left)}`;
  const state = connection === "offline" ? "offline" : "unlocked";
  return <IconButton icon={connection === "offline" ? "cloudOff" : "unlock"} label="Lock now" title={`Lock now (${state}${time})`} className="lock-state" onClick={() => void actions.lock()} />;
}
