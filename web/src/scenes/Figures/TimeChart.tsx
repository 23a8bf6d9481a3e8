import { type KeyboardEvent, useId, useRef, useState } from "react";
import { Fold } from "../../components/fields";
import { exactDate } from "../../hooks/format";
import { useWidth } from "../../hooks/useWidth";
import { byMinute, runsOf, type Series, spanOf, stacked, ticksOf } from "../../lib/figures";
import { axisOf } from "../../lib/periods";

const height = 150;
const left = 52;
const right = 8;
const bottom = 20;
const top = 8;
/** A label takes so much of the axis. */
const labelWidth = 50;
/** Points further apart are not joined. */
const longestStep = 35_000;

/** A line of a chart and how it is told from others: by its colour and by its strokes. */
export interface Line extends Series {
  tone: "one" | "two" | "three" | "four" | "good" | "warning" | "danger";
}

interface TimeChartProps {
  /** What is shown, such as "Requests a second". */
  title: string;
  times: readonly number[];
  lines: readonly Line[];
  now: number;
  /** What a value is called, such as 1.2 s. */
  say: (value: number) => string;
  /** Whether values lie on each other. */
  isStacked?: boolean;
  /** A top that the axis has at least, so that next to nothing is not drawn as a mountain. */
  least?: number;
  /** Said while there is nothing to draw. */
  empty: string;
}

const clock = new Intl.DateTimeFormat([], { hour: "2-digit", minute: "2-digit" });

/** Figures of the last hour. They are read with the pointer or the arrow keys, and as a table below. */
export function TimeChart({ title, times, lines, now, say, isStacked = false, least = 0, empty }: TimeChartProps): JSX.Element {
  const [at, setAt] = useState<number | null>(null);
  const [isTableOpen, setTableOpen] = useState(false);
  const figure = useRef<HTMLElement>(null);
  const clip = useId();
  const width = Math.max(220, useWidth(figure, 420));
  const drawn = isStacked ? stacked(lines) : lines;
  const known = drawn.flatMap(({ values }) => values.flatMap((value) => value ?? []));
  const { top: axisTop, steps } = axisOf(Math.max(least, ...known));
  const span = spanOf(times, now);
  const x = (time: number) => left + (width - left - right) * ((time - span.from) / (span.to - span.from));
  const y = (value: number) => top + (height - top - bottom) * (1 - value / axisTop);
  const place = at === null || times.length === 0 ? null : Math.min(at, times.length - 1);
  const sayAt = (index: number) => {
    const said = lines.flatMap(({ name, values }) => (values[index] == null ? [] : [`${name} ${say(values[index] ?? 0)}`]));
    return said.length === 0 ? "nothing measured" : said.join(", ");
  };
  const latest = times.length - 1;
  const summary = known.length === 0 ? `${title}: ${empty}` : `Chart of ${title.toLowerCase()} over the last ${Math.round((span.to - span.from) / 60_000)} minutes. Latest: ${sayAt(latest)}. Highest: ${say(Math.max(...known))}. Arrow keys go through the times.`;
  const handleKey = (event: KeyboardEvent) => {
    const next = { ArrowLeft: (place ?? times.length) - 1, ArrowRight: (place ?? -1) + 1, Home: 0, End: latest }[event.key];
    if (next !== undefined && times.length > 0) {
      event.preventDefault();
      setAt(Math.max(0, Math.min(latest, next)));
    }
  };
  const handlePointer = (event: { clientX: number; currentTarget: SVGSVGElement }) => {
    const box = event.currentTarget.getBoundingClientRect();
    const time = span.from + ((event.clientX - box.left) * (width / box.width) - left) / (width - left - right) * (span.to - span.from);
    setAt(times.reduce((best, each, index) => (Math.abs(each - time) < Math.abs((times[best] ?? 0) - time) ? index : best), 0));
  };
  return (
    <figure className="chart" ref={figure} aria-label={title}>
      {lines.length > 1 && <ul className="legend small muted">{lines.map(({ name, tone }) => <li key={name}><svg width="18" height="8" aria-hidden="true"><line className={isStacked ? `line-area line-${tone}` : `line line-${tone}`} x1="0" x2="18" y1="4" y2="4" /></svg>{name}</li>)}</ul>}
      <svg viewBox={`0 0 ${width} ${height}`} height={height} role="img" aria-label={summary} tabIndex={0} onKeyDown={handleKey} onBlur={() => setAt(null)} onPointerMove={handlePointer} onPointerDown={handlePointer} onPointerLeave={() => setAt(null)}>
        <clipPath id={clip}><rect x={left} y={0} width={width - left - right} height={height - bottom + 1} /></clipPath>
        {steps.map((value) => (
          <g key={value} className="chart-step">
            <line x1={left} x2={width - right} y1={y(value)} y2={y(value)} />
            <text x={left - 8} y={y(value) + 4} textAnchor="end">{known.length === 0 && value > 0 ? "" : say(value).replace(/\.0(?= )/, "")}</text>
          </g>
        ))}
        {ticksOf(span, (width - left - right) / labelWidth).map((tick) => x(tick) > left + 16 && x(tick) < width - right - 14 && <text key={tick} x={x(tick)} y={height - 4} textAnchor="middle">{clock.format(tick)}</text>)}
        {known.length === 0 && <text className="chart-empty" x={(left + width) / 2} y={(height - bottom) / 2 + 4} textAnchor="middle">{empty}</text>}
        <g clipPath={`url(#${clip})`}>
          {[...drawn].reverse().map((line) => runsOf(times, line.values, longestStep).map((run) => {
            const path = run.map(({ at: time, value }) => `${x(time).toFixed(1)},${y(value).toFixed(1)}`).join("L");
            const [first, last] = [run[0], run[run.length - 1]];
            if (first === undefined || last === undefined) {
              return null;
            }
            return isStacked
              ? <path key={`${line.name}${first.at}`} className={`area area-${line.tone}`} d={`M${x(first.at).toFixed(1)},${y(0)}L${path}L${x(last.at).toFixed(1)},${y(0)}Z`} />
              : run.length === 1
                ? <circle key={`${line.name}${first.at}`} className={`point point-${line.tone}`} cx={x(first.at)} cy={y(first.value)} r={2} />
                : <path key={`${line.name}${first.at}`} className={`line line-${line.tone}`} d={`M${path}`} />;
          }))}
        </g>
        {place !== null && <line className="chart-cursor" x1={x(times[place] ?? 0)} x2={x(times[place] ?? 0)} y1={top} y2={height - bottom} />}
      </svg>
      <figcaption className="small muted numbers" role="status">{place === null ? (known.length === 0 ? "\u00a0" : `Now: ${sayAt(latest)}`) : <><time title={exactDate(times[place] ?? 0)}>{clock.format(times[place])}</time>: {sayAt(place)}</>}</figcaption>
      <Fold title="As a table" onOpen={() => setTableOpen(true)}>
        {isTableOpen && (
          <div className="table-scroll table-tall" tabIndex={0} role="region" aria-label={`${title}, minute by minute`}>
            <table className="figures-table sums-table">
              <thead><tr><th scope="col">Minute</th>{lines.map(({ name }) => <th key={name} scope="col" className="align-right">{name}</th>)}</tr></thead>
              <tbody>{byMinute(times, lines).map((row) => <tr key={row.at}><th scope="row">{clock.format(row.at)}</th>{row.values.map((value, index) => <td key={lines[index]?.name} className="align-right">{value === null ? "" : say(value)}</td>)}</tr>)}</tbody>
            </table>
          </div>
        )}
      </Fold>
    </figure>
  );
}
