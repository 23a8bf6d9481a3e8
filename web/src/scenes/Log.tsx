import { memo, useEffect, useMemo, useRef, useState } from "react";
import { Button } from "../components/controls";
import { Segments } from "../components/fields";
import { Icon } from "../components/Icon";
import { Skeleton } from "../components/Skeleton";
import { count, exactDate, sayClock } from "../hooks/format";
import { fitsLog, type LogLevel, type LogLine, modulesOf } from "../lib/logLines";
import { actions, useApp } from "../state";
import { useLiveLog } from "../state/log";

const levels: readonly (readonly [LogLevel, string])[] = [["trace", "All"], ["info", "Info"], ["warning", "Warnings"], ["error", "Errors"]];

/** Lines that are drawn at first, and how many more each time. */
const pageLength = 300;

/** The log of the server as it is written, newest first. */
export function Log(): JSX.Element {
  const { lines, state, isPaused, waiting, pause } = useLiveLog();
  const { connection } = useApp();
  const [level, setLevel] = useState<LogLevel>("trace");
  const [module, setModule] = useState("");
  const [text, setText] = useState("");
  const [most, setMost] = useState(pageLength);
  const search = useRef<HTMLInputElement>(null);
  useKeys(() => pause(!isPaused), search);
  const found = useMemo(() => lines.filter(fitsLog({ level, module, text })), [lines, level, module, text]);
  const modules = useMemo(() => modulesOf(lines), [lines]);
  const shown = useMemo(() => found.slice(Math.max(0, found.length - most)).reverse(), [found, most]);
  const isAway = connection === "offline" || state === "lost";
  const isWaiting = state === "connecting" && !isAway;
  return (
    <>
      <div className="row live-head">
        <div className="grow log-state">
          <p role="status">
            {isAway
              ? <span className="notice"><Icon name="cloudOff" size={16} />The server cannot be reached. The log goes on when it is back.</span>
              : isWaiting ? <span className="muted">Connecting</span> : isPaused && <span className="live"><i className="dot hue-slate" aria-hidden="true" />Paused</span>}
          </p>
          {/* How many there are changes too often to be read out. */}
          {!isAway && !isWaiting && !(isPaused && waiting === 0) && <p className={isPaused ? "muted numbers" : "live numbers"}>{isPaused
            ? count(waiting, "new line")
            : <><i className="dot hue-moss is-live" aria-hidden="true" />{found.length === lines.length ? `Live, ${count(lines.length, "line")}` : `Live, ${found.length.toLocaleString()} of ${count(lines.length, "line")}`}</>}</p>}
        </div>
        {isAway
          ? <Button icon="refresh" onClick={() => void actions.reconnect()}>Try again</Button>
          : <Button icon={isPaused ? "play" : "pause"} aria-keyshortcuts="p" onClick={() => pause(!isPaused)}>{isPaused ? "Go on" : "Pause"}</Button>}
      </div>
      <div className="row log-filter">
        <Segments label="Which lines" options={levels} value={level} onChange={setLevel} />
        <select className="input" aria-label="Which part of the program" value={module} onChange={(event) => setModule(event.target.value)}>
          <option value="">Every part</option>
          {[...new Set([...modules, ...(module === "" ? [] : [module])])].map((name) => <option key={name} value={name}>{name}</option>)}
        </select>
        <input ref={search} type="search" className="input grow" aria-label="Search the log" aria-keyshortcuts="f" placeholder="Search the log" autoComplete="off" spellCheck={false} value={text} onChange={(event) => setText(event.target.value)} onKeyDown={(event) => { if (event.key === "Escape") { event.preventDefault(); setText(""); event.currentTarget.blur(); } }} />
      </div>
      {lines.length === 0 && isWaiting && <Skeleton lines={8} />}
      {lines.length === 0 && state === "open" && !isAway && <p className="empty muted">Nothing was written since the server started.</p>}
      {lines.length > 0 && found.length === 0 && <p className="empty muted">None of the last {count(lines.length, "line")} fits. <Button look="quiet" onClick={() => { setLevel("trace"); setModule(""); setText(""); }}>Show all</Button></p>}
      {shown.length > 0 && (
        <div className="log-lines" role="table" aria-label="Log lines, newest first">
          <div role="row" className="log-row log-columns">{["Time", "Level", "Part", "What happened"].map((name) => <span key={name} role="columnheader">{name}</span>)}</div>
          {shown.map((line) => <Row key={line.key} line={line} />)}
        </div>
      )}
      {found.length > shown.length && <Button onClick={() => setMost(most + pageLength)}>Show {count(Math.min(pageLength, found.length - shown.length), "older line")}</Button>}
    </>
  );
}

/** P pauses and goes on, F searches; not while something is typed. */
function useKeys(onPause: () => void, search: { readonly current: HTMLInputElement | null }): void {
  const pause = useRef(onPause);
  pause.current = onPause;
  useEffect(() => {
    const handleKey = (event: KeyboardEvent) => {
      const isTyping = event.target instanceof HTMLElement && event.target.matches("input:not([type=radio]), textarea, select, [contenteditable]");
      if (isTyping || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]") !== null) {
        return;
      }
      if (event.key === "p") {
        event.preventDefault();
        pause.current();
      } else if (event.key === "f") {
        event.preventDefault();
        search.current?.focus();
      }
    };
    addEventListener("keydown", handleKey);
    return () => removeEventListener("keydown", handleKey);
  }, [search]);
}

const tones: Record<LogLevel, string> = { trace: "muted", debug: "muted", info: "", notice: "", warning: "warning-text", error: "danger", critical: "danger" };

/** Only new lines are drawn: the others never change. */
const Row = memo(function Row({ line }: { line: LogLine }): JSX.Element {
  const { day, time } = sayClock(line.time);
  return (
    <>
      <div role="row" className={`log-row is-${line.level}`}>
        <time role="cell" className="numbers muted" title={exactDate(line.time)}>{day !== null && `${day} `}{time}</time>
        <span role="cell" className={`small ${tones[line.level]}`}>{line.level}</span>
        <span role="cell" className="small muted">{line.module.replace(/^Cherry(?=[A-Z])/, "")}</span>
        <span role="cell" className="log-message">{line.message}{line.fields.map(([name, value]) => <span key={name} className="log-field"> <span className="muted">{name}=</span>{value}</span>)}</span>
      </div>
      {line.missed > 0 && <div role="row" className="log-row"><span role="cell" className="muted small log-gap">{count(line.missed, "line")} came too fast and {line.missed === 1 ? "is" : "are"} left out here.</span></div>}
    </>
  );
});
