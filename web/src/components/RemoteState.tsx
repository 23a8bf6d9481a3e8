import { actions, type ApiError, useApp } from "../state";
import { Button, ErrorNote } from "./controls";
import { Icon } from "./Icon";
import { Skeleton } from "./Skeleton";

/** Says how something stands that only the server has: loading, failed, or out of reach. Nothing when it is here and current. */
export function RemoteState({ view, lines }: { view: { value: unknown; isLoading: boolean; error: ApiError | null; reload(): void }; lines?: number }): JSX.Element | null {
  const { connection } = useApp();
  if (connection === "offline") {
    return (
      <div className="note" role="status">
        <Icon name="cloudOff" />
        <div>
          <p>{view.value === null ? "The server has this, and it cannot be reached." : "The server cannot be reached. This is how it was when it last answered."}</p>
          <div className="row"><Button icon="refresh" onClick={() => void actions.reconnect()}>Try again</Button></div>
        </div>
      </div>
    );
  }
  if (view.error !== null) {
    return <ErrorNote error={view.error} action={<div className="row"><Button icon="refresh" onClick={view.reload}>Try again</Button></div>} />;
  }
  return view.value === null && view.isLoading ? <Skeleton {...(lines === undefined ? {} : { lines })} /> : null;
}
