import { Button } from "../components/controls";
import { Icon } from "../components/Icon";
import { Skeleton } from "../components/Skeleton";
import { count, exactDate } from "../hooks/format";
import { sayOutcome } from "../hooks/words";
import { sayCount, sayDuration, sayMoney } from "../lib/money";
import { actions, useApp, useConversations, useProviders } from "../state";
import { type ExchangeReport, tokens, useLiveRequests, useRemote } from "../state/bridge";

const stages = { asking: "Asking", answering: "Answering", ended: "Ended" } as const;

/** Requests as they happen: which model, how soon, how much. Never what is said in them. */
export function Requests(): JSX.Element {
  const { rows, state, isPaused, waiting, pause } = useLiveRequests();
  const { connection } = useApp();
  const { value: tokenRecords } = useRemote(tokens);
  const providers = useProviders();
  const conversations = useConversations().items;
  const isAway = connection === "offline" || state === "lost";
  const running = rows.filter((row) => row.stage !== "ended").length;
  const sayWho = (row: ExchangeReport) => (row.tokenID !== undefined
    ? tokenRecords?.find(({ id }) => id === row.tokenID)?.value?.name ?? "A tool"
    : conversations.find(({ id }) => id === row.conversationID)?.title ?? "This app");
  return (
    <>
      <div className="row live-head">
        <p className="grow" role="status">
          {isAway
            ? <span className="notice"><Icon name="cloudOff" size={16} />The server cannot be reached. The list goes on when it is back.</span>
            : state === "connecting" ? <span className="muted">Connecting</span>
              : <span className="live"><i className={`dot hue-moss ${isPaused ? "" : "is-live"}`} aria-hidden="true" />{isPaused ? `Paused${waiting > 0 ? `, ${count(waiting, "new request")}` : ""}` : running === 0 ? "Live, none under way" : `Live, ${running} under way`}</span>}
        </p>
        {isAway
          ? <Button icon="refresh" onClick={() => void actions.reconnect()}>Try again</Button>
          : <Button icon={isPaused ? "play" : "pause"} onClick={() => pause(!isPaused)}>{isPaused ? "Go on" : "Pause"}</Button>}
      </div>
      {rows.length === 0 && state === "connecting" && !isAway && <Skeleton lines={6} />}
      {rows.length === 0 && state !== "connecting" && !isAway && <p className="empty muted">Nothing yet. Requests of this app and of your tools appear here while they happen.</p>}
      {rows.length > 0 && (
        <div className="live-table" role="table" aria-label="Requests, newest first">
          <div role="row" className="live-row live-columns">
            {["Began", "Asked for", "Answers", "First token", "Tokens", "Cost", "Tries", "State"].map((name) => <span key={name} role="columnheader">{name}</span>)}
          </div>
          {rows.map((row) => <Row key={row.id} row={row} who={sayWho(row)} provider={row.target === undefined ? "" : providers.find(({ id }) => id === row.target?.providerID)?.name ?? "This machine"} />)}
        </div>
      )}
    </>
  );
}

function Row({ row, who, provider }: { row: ExchangeReport; who: string; provider: string }): JSX.Element {
  const isFailed = row.outcome !== undefined && row.outcome !== "complete" && row.outcome !== "stopped";
  const total = row.tokens === undefined ? null : row.tokens.prompt + row.tokens.completion;
  return (
    <div role="row" className={`live-row ${row.stage === "ended" ? "" : "is-running"}`}>
      <time role="cell" className="numbers muted" title={exactDate(row.startedAt)} data-cell="began">{new Date(row.startedAt).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", second: "2-digit" })}</time>
      <span role="cell" data-cell="asked"><span className="code truncate">{row.asked}</span><span className="muted small truncate">{who}</span></span>
      <span role="cell" data-cell="answers">{row.target === undefined ? <span className="muted">{row.attempts === 0 && row.stage === "ended" ? "cache" : "choosing"}</span> : <><span className="truncate">{row.target.model}</span><span className="muted small truncate">{provider}</span></>}</span>
      <span role="cell" className="numbers" data-cell="first">{row.firstTokenMilliseconds === undefined ? <span className="muted">–</span> : sayDuration(row.firstTokenMilliseconds)}</span>
      <span role="cell" className="numbers" data-cell="tokens" title={row.tokens === undefined ? undefined : `${row.tokens.prompt} read, ${row.tokens.completion} written`}>{total === null ? <span className="muted">–</span> : `${row.isEstimated ? "about " : ""}${sayCount(total)}`}</span>
      <span role="cell" className="numbers" data-cell="cost">{row.microDollars === undefined ? <span className="muted">–</span> : sayMoney(row.microDollars)}</span>
      <span role="cell" className="numbers" data-cell="tries">{row.attempts}</span>
      <span role="cell" data-cell="state" className={isFailed ? "danger" : row.stage === "ended" ? "" : "good"}>{row.outcome === undefined ? stages[row.stage] : sayOutcome(row.outcome)}{row.totalMilliseconds !== undefined && <span className="muted small numbers"> {sayDuration(row.totalMilliseconds)}</span>}</span>
    </div>
  );
}
