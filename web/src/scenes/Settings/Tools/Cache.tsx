import { useEffect, useState } from "react";
import { Button, ErrorNote } from "../../../components/controls";
import { count, sayBytes } from "../../../hooks/format";
import { useAction } from "../../../hooks/useAction";
import { bridgeActions, type CacheState } from "../../../state/bridge";
import { Card } from "../../Page";

/** Answers that are kept for tools that ask the same again. */
export function Cache(): JSX.Element | null {
  const [state, setState] = useState<CacheState | null>(null);
  const { isBusy, error, run } = useAction();
  useEffect(() => {
    void run(async () => setState(await bridgeActions.cache()));
  }, [run]);
  return (
    <Card title="Kept answers" lead="Tools whose token says so get the same answer again when they ask the very same. Answers are kept in memory, never on disk.">
      <ErrorNote error={error} />
      {state !== null && <p role="status">{state.entries === 0 ? "None are kept now." : `${count(state.entries, "answer")}, ${sayBytes(state.bytes)}.`}</p>}
      <div className="row"><Button disabled={isBusy || state === null || state.entries === 0} onClick={() => void run(async () => { await bridgeActions.emptyCache(); setState(await bridgeActions.cache()); })}>Forget them</Button></div>
    </Card>
  );
}
