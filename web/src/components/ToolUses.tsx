import { useEffect, useRef } from "react";
import { useAction } from "../hooks/useAction";
import { readable } from "../lib/toolUses";
import { actions, type ToolDecision, type ToolUse, type ToolUseState } from "../state";
import { Button, ErrorNote } from "./controls";
import { Icon } from "./Icon";

const states: Record<ToolUseState, string> = { asked: "Waits for you", running: "Running", done: "Done", failed: "Failed", refused: "Refused", cancelled: "Cancelled" };

/** Calls of tools that a reply made, in order. */
export function ToolUses({ messageID, uses }: { messageID: string; uses: readonly ToolUse[] }): JSX.Element {
  const next = uses.find(({ state }) => state === "asked")?.id;
  return <ul className="tool-uses" aria-label="Tool calls">{uses.map((use) => <li key={use.id}><Use messageID={messageID} use={use} isNext={use.id === next} /></li>)}</ul>;
}

function Use({ messageID, use, isNext }: { messageID: string; use: ToolUse; isNext: boolean }): JSX.Element {
  const { isBusy, error, run } = useAction();
  const isAsked = use.state === "asked";
  const name = use.server === "" ? use.tool : `${use.tool} of ${use.server}`;
  const section = useRef<HTMLElement>(null);
  const decide = (decision: ToolDecision) => void run(() => actions.decideToolUse(messageID, use.id, decision)).then((isDone) => {
    if (isDone) {
      section.current?.focus({ preventScroll: true }); // the buttons go away, and the focus with them
    }
  });
  useEffect(() => {
    if (!isAsked) {
      return undefined;
    }
    const before = document.title;
    document.title = "Waits for you · cherry";
    return () => {
      document.title = before;
    };
  }, [isAsked]);
  return (
    <section ref={section} tabIndex={-1} className={`tool-use is-${use.state}`} aria-label={`Tool ${name}: ${states[use.state]}`}>
      <p className="tool-use-head">
        <Icon name="tool" size={16} /><span className="code">{use.tool}</span>{use.server !== "" && <span className="chip">{use.server}</span>}
        <span className={`small ${use.state === "failed" ? "danger" : isAsked ? "warning" : "muted"}`} role="status">{states[use.state]}</span>
      </p>
      {use.arguments !== "" && use.arguments !== "{}" && <Payload key={isAsked ? "asked" : "kept"} title="Arguments" text={use.arguments} isOpen={isAsked} />}
      {use.result !== undefined && <Payload title="Result" text={use.result} />}
      {use.failure !== undefined && <p className={`small ${use.state === "failed" ? "danger" : "muted"}`}>{use.failure.message}{use.failure.hint === undefined ? "" : ` ${use.failure.hint}`}</p>}
      {isAsked && (
        <>
          <p className="small" role="alert">{use.reason === "untrusted"
            ? "The model asks to run this after it read what others wrote, which may contain instructions that are not yours. Check the arguments."
            : "The model asks to run this. It may act on your behalf: check the arguments."}</p>
          <div className="row">
            <Button look={isNext ? "main" : "plain"} disabled={isBusy} onClick={() => decide("once")}>Allow once</Button>
            <Button disabled={isBusy} onClick={() => decide("always")}>Always allow</Button>
            <Button disabled={isBusy} onClick={() => decide("refuse")}>Refuse</Button>
            <Button look="quiet" disabled={isBusy} onClick={() => decide("never")}>Never allow</Button>
          </div>
        </>
      )}
      <ErrorNote error={error} />
    </section>
  );
}

/** What went into a call or came out of it; folded unless it is being asked about. */
function Payload({ title, text, isOpen = false }: { title: string; text: string; isOpen?: boolean }): JSX.Element {
  return <details className="fold" open={isOpen}><summary>{title}</summary><pre className="payload" tabIndex={0}>{readable(text)}</pre></details>;
}
