import { memo, useEffect, useState } from "react";
import { Button } from "../components/controls";
import { Segments } from "../components/fields";
import { Icon } from "../components/Icon";
import { Skeleton } from "../components/Skeleton";
import { count, exactDate, sayClock } from "../hooks/format";
import { sayOutcome } from "../hooks/words";
import { sayDuration, sayFineMoney, sayMoney } from "../lib/money";
import { actions, useApp, useConversations, useProviders } from "../state";
import { type ExchangeReport, tokens, useLiveRequests, useRemote } from "../state/bridge";

const stages = { asking: "Asking", answering: "Answering", ended: "Ended" } as const;

type Shown = "all" | "running" | "failed";

const kinds: readonly (readonly [Shown, string])[] = [["all", "All"], ["running", "Under way"], ["failed", "Failed"]];

const isFailed = ({ outcome }: ExchangeReport) => outcome !== undefined && outcome !== "complete" && outcome !== "stopped";

const fits: Record<Shown, (row: ExchangeReport) => boolean> = { all: () => true, running: ({ stage }) => stage !== "ended", failed: isFailed };

/** Requests as they happen: which model, how soon, how much. Never what is said in them. */
export function Requests(): JSX.Element {
  const { rows, state, isPaused, waiting, pause } = useLiveRequests();
  const [shown, setShown] = useState<Shown>("all");
  const { connection } = useApp();
  const { value: tokenRecords } = useRemote(tokens);
  const providers = useProviders();
  const conversations = useConversations().items;
  const isAway = connection === "offline" || state === "lost";
  const running = rows.filter(fits.running).length;
  const found = rows.filter(fits[shown]);
  const sayWho = (row: ExchangeReport) => (row.tokenID !== undefined
    ? tokenRecords?.find(({ id }) => id === row.tokenID)?.value?.name ?? "A tool"
    : conversations.find(({ id }) => id === row.conversationID)?.title ?? "This app");
  return (
    <>
      <div className="row live-head">
        <div className="grow">
          {/* How many are under way changes too often to be read out. */}
          <p role="status">
            {isAway
              ? <span className="notice"><Icon name="cloudOff" size={16} />The server cannot be reached. The list goes on when it is back.</span>
              : state === "connecting" ? <span className="muted">Connecting</span> : isPaused && <span className="live"><i className="dot hue-slate" aria-hidden="true" />Paused{waiting > 0 ? `, ${count(waiting, "new request")}` : ""}</span>}
          </p>
          {!isAway && state !== "connecting" && !isPaused && <p className="live numbers"><i className="dot hue-moss is-live" aria-hidden="true" />{running === 0 ? "Live, none under way" : `Live, ${running} under way`}</p>}
        </div>
        <Segments label="Which requests" options={kinds} value={shown} onChange={setShown} />
        {isAway
          ? <Button icon="refresh" onClick={() => void actions.reconnect()}>Try again</Button>
          : <Button icon={isPaused ? "play" : "pause"} onClick={() => pause(!isPaused)}>{isPaused ? "Go on" : "Pause"}</Button>}
      </div>
      {rows.length === 0 && state === "connecting" && !isAway && <Skeleton lines={6} />}
      {rows.length === 0 && state !== "connecting" && !isAway && <p className="empty muted">Nothing yet. Requests of this app and of your tools appear here while they happen.</p>}
      {rows.length > 0 && found.length === 0 && <p className="empty muted">{shown === "running" ? "None is under way." : `None of the last ${rows.length} failed.`}</p>}
      {found.length > 0 && (
        <div className="live-table" role="table" aria-label="Requests, newest first">
          <div role="row" className="live-row live-columns">
            {["Began", "Asked for", "Answers", "First token", "Tokens", "Cost", "Tries", "State"].map((name) => <span key={name} role="columnheader">{name}</span>)}
          </div>
          {found.map((row) => <Row key={row.id} row={row} who={sayWho(row)} provider={row.target === undefined ? "" : providers.find(({ id }) => id === row.target?.providerID)?.name ?? "This machine"} />)}
        </div>
      )}
    </>
  );
}

/** Only rows that changed are drawn anew: at a hundred requests a second the rest must cost nothing. */
const Row = memo(function Row({ row, who, provider }: { row: ExchangeReport; who: string; provider: string }): JSX.Element {
  const total = row.tokens === undefined ? null : row.tokens.prompt + row.tokens.completion;
  const began = sayClock(row.startedAt);
  const isKept = row.attempts === 0 && row.outcome === "complete";
  const nothing = <span className="muted">–</span>;
  return (
    <div role="row" className={`live-row ${row.stage === "ended" ? "" : "is-running"}`}>
      <time role="cell" className="numbers muted" title={exactDate(row.startedAt)} data-cell="began">{began.day !== null && <span className="small">{began.day} </span>}{began.time}</time>
      <span role="cell" data-cell="asked"><span className="code truncate" title={row.asked}>{row.asked}</span><span className="muted small truncate" title={who}>{who}</span></span>
      <span role="cell" data-cell="answers">{row.target === undefined
        ? <span className="muted">{row.stage === "ended" ? "nobody" : "choosing"}</span>
        : <><span className="truncate" title={row.target.model}>{row.target.model}</span><span className="muted small truncate" title={provider}>{isKept ? "kept answer" : provider}</span></>}</span>
      <span role="cell" className="numbers" data-cell="first">{row.firstTokenMilliseconds === undefined ? nothing : sayDuration(row.firstTokenMilliseconds)}</span>
      <span role="cell" className="numbers" data-cell="tokens" title={row.tokens === undefined ? undefined : `${row.tokens.prompt.toLocaleString()} read, ${row.tokens.completion.toLocaleString()} written${row.isEstimated ? ", estimated" : ""}`}>{total === null ? nothing : `${row.isEstimated ? "about " : ""}${total.toLocaleString()}`}</span>
      <span role="cell" className="numbers" data-cell="cost" title={row.microDollars === undefined ? undefined : sayMoney(row.microDollars)}>{row.microDollars !== undefined ? sayFineMoney(row.microDollars) : total === null ? nothing : <span className="muted">no price</span>}</span>
      <span role="cell" className={`numbers ${row.attempts > 1 ? "warning-text" : ""}`} data-cell="tries">{row.attempts}</span>
      <span role="cell" data-cell="state" className={isFailed(row) ? "danger" : row.stage === "ended" ? "" : "good-text"}>{row.outcome === undefined ? stages[row.stage] : sayOutcome(row.outcome)}<span className="muted small numbers"> {row.stage === "ended" ? row.totalMilliseconds !== undefined && sayDuration(row.totalMilliseconds) : <Elapsed since={row.startedAt} />}</span></span>
    </div>
  );
});

/** How long a request has been under way, by the second. */
function Elapsed({ since }: { since: number }): JSX.Element {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  const seconds = Math.max(0, Math.floor((now - since) / 1000));
  return <>{seconds < 60 ? `${seconds} s` : sayDuration(seconds * 1000)}</>;
}
