import { useState } from "react";
import { Button, ErrorNote } from "../../../components/controls";
import { Icon } from "../../../components/Icon";
import { exactDate, sayDate } from "../../../hooks/format";
import { useAction } from "../../../hooks/useAction";
import { droppedOf, placeOf, sayTest } from "../../../lib/telemetry";
import { type Ledger, telemetryActions, type TelemetryDestination, type TelemetryTest } from "../../../state/telemetry";

/** How one destination does. */
export function DestinationRow({ destination, onEdit }: { destination: TelemetryDestination; onEdit: () => void }): JSX.Element {
  const { title, takes, isSet, lastSentAt, lastFailure, ledger } = destination;
  const [result, setResult] = useState<TelemetryTest | null>(null);
  const { isBusy, error, run } = useAction();
  const place = placeOf(destination);
  // What failed before something was accepted is over.
  const isFailing = lastFailure !== undefined && lastFailure.at > (lastSentAt ?? 0);
  // A test that has just failed says the same.
  const isTold = result !== null && result.outcome !== "sent";
  const test = () => void run(async () => {
    setResult(null);
    setResult(await telemetryActions.test(destination.kind));
  });
  return (
    <li className={isSet ? "list-item" : "list-item is-short"} aria-label={title}>
      <Icon name="upload" />
      <div className="grow">
        <p><strong>{title}</strong> {isSet ? <span className="chip chip-good">On</span> : <span className="chip">Off</span>} {isSet && isFailing && <span className="chip chip-warning">Failing</span>}</p>
        <p className="muted small">{isSet ? "Takes" : "Would take"} {takes}.</p>
        {isSet && place !== null && <p className="muted small wrap code">{place}</p>}
        {isSet && (
          <p className="muted small">{lastSentAt === undefined ? "Nothing was accepted since the server started." : <>Last accepted: <time title={exactDate(lastSentAt)}>{sayDate(lastSentAt)}</time></>}</p>
        )}
        {isSet && lastFailure !== undefined && !isTold && (
          <p className={`small ${isFailing ? "warning-text" : "muted"}`}>Last failure: <time title={exactDate(lastFailure.at)}>{sayDate(lastFailure.at)}</time>. {lastFailure.message} {lastFailure.hint} <code className="chip">{lastFailure.reason}</code></p>
        )}
        {result !== null && (result.outcome === "sent"
          ? <p className="good small" role="status"><Icon name="check" size={14} />{sayTest(title, result)}</p>
          : <ErrorNote error={{ message: sayTest(title, result), ...(result.hint === undefined ? {} : { hint: result.hint }) }} action={<code className="chip">{result.reason}</code>} />)}
        <ErrorNote error={error} />
      </div>
      {isSet && <Button disabled={isBusy} onClick={test}>{isBusy ? "Sending" : "Send a test"}<span className="visually-hidden"> to {title}</span></Button>}
      <Button {...(isSet ? { icon: "edit" } : {})} aria-label={isSet ? `Edit ${title}` : `Set up ${title}`} onClick={onEdit}>{isSet ? "Edit" : "Set up"}</Button>
      {ledger !== undefined && ledger.produced > 0 && <div className="list-more"><LedgerLine ledger={ledger} title={title} /></div>}
    </li>
  );
}

/** What became of everything: the sum of what stands after the sign is what stands before it. */
function LedgerLine({ ledger, title }: { ledger: Ledger; title: string }): JSX.Element {
  const dropped = droppedOf(ledger);
  const parts = [["produced", ledger.produced], ["sent", ledger.sent], ["waiting", ledger.queued], ["put aside", ledger.quarantined], ["dropped", dropped.total]] as const;
  return (
    <>
      <dl className="ledger numbers" aria-label={`Ledger of ${title}`}>
        {parts.map(([name, number], place) => <div key={name}><dt>{name}</dt><dd><span aria-hidden="true" className="muted">{place === 0 ? "" : place === 1 ? "= " : "+ "}</span>{number.toLocaleString()}</dd></div>)}
      </dl>
      {dropped.reasons !== "" && <p className="muted small">Dropped: {dropped.reasons}.</p>}
      {ledger.quarantined > 0 && <p className="muted small">See what was put aside with <code>cherry journal quarantine</code>.</p>}
      {!ledger.balanced && <p className="warning small"><Icon name="warning" size={14} />These do not add up. Stop the server and run <code>cherry journal verify</code>.</p>}
    </>
  );
}
