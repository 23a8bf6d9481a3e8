import { RemoteState } from "../../components/RemoteState";
import { count, exactDate, sayBytes, sayClock } from "../../hooks/format";
import { navigate } from "../../hooks/useRoute";
import { sayRate, seriesOf } from "../../lib/figures";
import { sayDuration } from "../../lib/money";
import { type Figures as Known, useFigures } from "../../state/telemetry";
import { Card } from "../Page";
import { LedgerTable, ModelsTable } from "./tables";
import { type Line, TimeChart } from "./TimeChart";
import { Today } from "./Today";

const classes = [["1xx going on", "four"], ["2xx answered", "good"], ["3xx unchanged", "three"], ["4xx refused", "warning"], ["5xx failed", "danger"]] as const;
/** A time of today, or a day and a time. */
function sayStart(time: number): string {
  const { day, time: clock } = sayClock(time);
  return day === null ? clock : `${day}, ${clock}`;
}

const sayWhole = (value: number) => (Number.isInteger(value) ? value.toLocaleString() : value < 10 ? String(Number(value.toFixed(1))) : Math.round(value).toLocaleString());

/** The main figures of the server as charts. */
export function Figures(): JSX.Element {
  const view = useFigures();
  return (
    <>
      <RemoteState view={view} lines={6} />
      {view.value !== null && <Charts figures={view.value} />}
    </>
  );
}

function Charts({ figures: { points, now } }: { figures: Known }): JSX.Element {
  const times = points.map(({ at }) => at);
  const line = (tone: Line["tone"], ...parts: Parameters<typeof seriesOf>): Line => ({ ...seriesOf(...parts), tone });
  const waiting = "The first figures come within ten seconds.";
  const empty = (words: string) => (points.length === 0 ? waiting : words);
  const common = { times, now: now.at };
  const requests = classes
    .map(([name, tone], place) => line(tone, name, points, "mean", (point) => point.requestsPerSecond[place]))
    .filter(({ name, values }) => name.startsWith("2") || values.some((value) => value !== null && value > 0));
  const total = now.requests.reduce((sum, each) => sum + each, 0);
  const exchanges = now.models.reduce((sum, each) => sum + each.exchanges, 0);
  const quantiles = (of: "firstToken" | "recall") => [
    line("one", "half within", points, "last", (point) => point[of]?.medianMilliseconds),
    line("two", "95 % within", points, "last", (point) => point[of]?.p95Milliseconds),
  ];
  return (
    <>
      <p className="muted">The last hour, a point every ten seconds. Counts are those since the server started, <time title={exactDate(now.since)}>{sayStart(now.since)}</time>. All of it stays in this server’s memory; <a href="/settings/telemetry" onClick={(event) => { event.preventDefault(); navigate("/settings/telemetry"); }}>Settings, Telemetry</a> says what goes elsewhere.</p>
      <dl className="totals" aria-label="Since the start">
        <Total name="Requests" value={total.toLocaleString()} note={`${(now.requests[4] ?? 0).toLocaleString()} with status 5xx`} />
        <Total name="Exchanges with models" value={exchanges.toLocaleString()} note={`${now.models.reduce((sum, each) => sum + each.failures, 0).toLocaleString()} failed, ${now.models.reduce((sum, each) => sum + each.retries, 0).toLocaleString()} asked again`} />
        <Total name="First token, half within" value={now.firstToken === undefined ? "–" : sayDuration(now.firstToken.medianMilliseconds)} note={now.firstToken === undefined ? "Nothing was answered yet" : `95 %: ${sayDuration(now.firstToken.p95Milliseconds)}`} />
        <Total name="Memory" value={sayBytes(now.state.memoryBytes)} note={`${count(now.threads, "thread")}, ${count(now.openFiles, "open file")}`} />
      </dl>
      <div className="grid grid-wide">
        <Card title="Requests a second"><TimeChart {...common} title="Requests a second" isStacked least={0.5} lines={requests} say={sayRate} empty={empty("No requests.")} /></Card>
        <Card title="Time to the first token"><TimeChart {...common} title="Time to the first token" lines={quantiles("firstToken")} say={sayDuration} empty={empty("No model has answered in this time.")} /></Card>
        <Card title="Retries and breakers">
          <TimeChart
            {...common} title="Retries and breakers" least={3} say={sayWhole} empty={empty("Nothing.")}
            lines={[line("warning", "asked again", points, "sum", (point) => point.retries), line("one", "taken over", points, "sum", (point) => point.failovers), line("danger", "models not asked", points, "greatest", (point) => point.state.openBreakers)]}
          />
        </Card>
        <Card title="Recall"><TimeChart {...common} title="Recall" lines={quantiles("recall")} say={sayDuration} empty={empty("Nothing was looked up in this time.")} /></Card>
        <Card title="Open streams">
          <TimeChart
            {...common} title="Open streams" least={3} say={sayWhole} empty={empty("None.")}
            lines={[line("one", "to browsers", points, "greatest", (point) => point.state.browserStreams), line("two", "to tools", points, "greatest", (point) => point.state.doorStreams)]}
          />
        </Card>
        <Card title="Memory"><TimeChart {...common} title="Memory" lines={[line("one", "in RAM", points, "greatest", (point) => point.state.memoryBytes)]} say={sayBytes} empty={empty("Nothing.")} /></Card>
        <Card title="Journal">
          {now.journal.length === 0
            ? <p className="muted">Nothing is sent elsewhere, so nothing is kept for it.</p>
            : (
              <>
                <TimeChart
                  {...common} title="Journal" least={3} say={sayWhole} empty={empty("Nothing.")}
                  lines={[line("one", "waiting", points, "last", (point) => point.state.queued), line("danger", "put aside or dropped", points, "last", (point) => point.state.lost)]}
                />
                <LedgerTable now={now} />
              </>
            )}
        </Card>
        <Today now={now.at} />
      </div>
      {now.models.length > 0 && <Card title="Models since the start" lead="Under the names that the metrics have. A model that failed too often is not asked for a while."><ModelsTable now={now} /></Card>}
    </>
  );
}

function Total({ name, value, note }: { name: string; value: string; note: string }): JSX.Element {
  return <div className="total"><dt>{name}</dt><dd><strong className="numbers">{value}</strong><span className="muted small numbers">{note}</span></dd></div>;
}
