import { useEffect } from "react";
import { useAction } from "../hooks/useAction";
import { sayDuration } from "../lib/money";
import { readable } from "../lib/toolCalls";
import { actions, type ToolCall, type ToolCallState, type ToolDecision } from "../state";
import { Button, ErrorNote } from "./controls";
import { Icon } from "./Icon";

const states: Record<ToolCallState, string> = { waiting: "Waits for you", running: "Running", done: "Done", failed: "Failed", refused: "Refused", cancelled: "Cancelled" };

/** Calls of tools that a reply made, in order. */
export function ToolCalls({ messageID, calls }: { messageID: string; calls: readonly ToolCall[] }): JSX.Element {
  return <ul className="tool-calls" aria-label="Tool calls">{calls.map((call) => <li key={call.id}><Call messageID={messageID} call={call} /></li>)}</ul>;
}

function Call({ messageID, call }: { messageID: string; call: ToolCall }): JSX.Element {
  const { isBusy, error, run } = useAction();
  const isWaiting = call.state === "waiting";
  const name = call.server === "" ? call.tool : `${call.tool} of ${call.server}`;
  const decide = (decision: ToolDecision) => void run(() => actions.decideToolCall(messageID, call.id, decision));
  useEffect(() => {
    if (!isWaiting) {
      return undefined;
    }
    const before = document.title;
    document.title = "Waits for you · cherry";
    return () => {
      document.title = before;
    };
  }, [isWaiting]);
  return (
    <section className={`tool-call is-${call.state}`} aria-label={`Tool ${name}: ${states[call.state]}`}>
      <p className="tool-call-head">
        <Icon name="tool" size={16} /><span className="code">{call.tool}</span>{call.server !== "" && <span className="chip">{call.server}</span>}
        <span className={`small ${call.state === "failed" ? "danger" : isWaiting ? "warning" : "muted"}`} role="status">{states[call.state]}{call.milliseconds !== undefined && `, ${sayDuration(call.milliseconds)}`}</span>
      </p>
      {call.arguments !== "" && call.arguments !== "{}" && <Payload key={isWaiting ? "asked" : "kept"} title="Arguments" text={call.arguments} isOpen={isWaiting} />}
      {call.result !== undefined && <Payload title="Result" text={call.result} />}
      {call.failure !== undefined && <p className="small danger">{call.failure.message}{call.failure.hint === undefined ? "" : ` ${call.failure.hint}`}</p>}
      {isWaiting && (
        <>
          <p className="small">The model asks to run this. It may act on your behalf: check the arguments.</p>
          <div className="row">
            <Button look="main" disabled={isBusy} onClick={() => decide("once")}>Allow once</Button>
            <Button disabled={isBusy} onClick={() => decide("always")}>Always allow</Button>
            <Button disabled={isBusy} onClick={() => decide("refuse")}>Refuse</Button>
          </div>
        </>
      )}
      <ErrorNote error={error} />
    </section>
  );
}

/** What went into a call or came out of it; folded unless it is being asked about. */
function Payload({ title, text, isOpen = false }: { title: string; text: string; isOpen?: boolean }): JSX.Element {
  const { text: shown } = readable(text);
  return <details className="fold" open={isOpen}><summary>{title}</summary><pre className="payload" tabIndex={0}>{shown}</pre></details>;
}
