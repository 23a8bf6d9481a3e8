import { type KeyboardEvent, useRef, useState } from "react";
import { Fold } from "../../components/fields";
import { count } from "../../hooks/format";
import { useWidth } from "../../hooks/useWidth";
import { axisOf, fillDays, type Period } from "../../lib/periods";
import type { UsageSum } from "../../state/bridge";
import { amountOf, type Measure, sayAmount } from "./measure";
import { SumsTable } from "./SumsTable";

const height = 210;
const left = 52;
/** A label takes so much of the axis. */
const labelWidth = 64;
const bottom = 22;
const top = 12;

/** A day or month as people say it. */
function sayDay(key: string, isLong = false): string {
  const isMonth = key.length === 7;
  return new Date(`${key}${isMonth ? "-01" : ""}T00:00:00Z`).toLocaleDateString([], {
    timeZone: "UTC", month: isLong && isMonth ? "long" : "short", ...(isMonth ? { year: "numeric" } : { day: "numeric" }), ...(isLong && !isMonth ? { weekday: "long" } : {}),
  });
}

/** Usage day by day. The bars are read with the pointer or the arrow keys, and as a table below. */
export function DayChart({ sums, period, measure }: { sums: UsageSum[]; period: Period; measure: Measure }): JSX.Element {
  const { unit, sums: days } = fillDays(sums, period);
  const [at, setAt] = useState<number | null>(null);
  const figure = useRef<HTMLElement>(null);
  const width = Math.max(240, useWidth(figure, 640));
  const most = Math.max(...days.map((day) => amountOf(day, measure)));
  const { top: axisTop, steps } = axisOf(most);
  const step = (width - left) / days.length;
  const bar = Math.max(2, Math.min(38, step * 0.68));
  const y = (amount: number) => top + (height - top - bottom) * (1 - amount / axisTop);
  const labelEvery = Math.max(1, Math.ceil((days.length * labelWidth) / (width - left)));
  const shown = at === null ? null : days[Math.min(at, days.length - 1)] ?? null;
  const say = (day: UsageSum) => `${sayDay(day.key, true)}: ${sayAmount(amountOf(day, measure), measure)}${measure === "tokens" ? " tokens" : day.unpriced > 0 ? ` and ${count(day.unpriced, "request")} without a price` : ""}, ${count(day.requests, "request")}${day.estimated > 0 ? `, ${day.estimated} estimated` : ""}`;
  const greatestDay = days.find((day) => amountOf(day, measure) === most);
  const summary = `Bar chart of ${measure === "money" ? "cost" : "tokens"} by ${unit}. ${greatestDay === undefined ? "" : `The greatest: ${say(greatestDay)}.`} Arrow keys go through the ${unit}s.`;
  const handleKey = (event: KeyboardEvent) => {
    const next = { ArrowLeft: (at ?? days.length) - 1, ArrowRight: (at ?? -1) + 1, Home: 0, End: days.length - 1 }[event.key];
    if (next !== undefined) {
      event.preventDefault();
      setAt(Math.max(0, Math.min(days.length - 1, next)));
    }
  };
  return (
    <figure className="chart" ref={figure}>
      <svg viewBox={`0 0 ${width} ${height}`} height={height} role="img" aria-label={summary} tabIndex={0} onKeyDown={handleKey} onBlur={() => setAt(null)} onPointerLeave={() => setAt(null)}>
        {steps.map((amount) => (
          <g key={amount} className="chart-step">
            <line x1={left} x2={width} y1={y(amount)} y2={y(amount)} />
            <text x={left - 8} y={y(amount) + 4} textAnchor="end">{sayAmount(amount, measure)}</text>
          </g>
        ))}
        {days.map((day, index) => {
          const amount = amountOf(day, measure);
          const x = left + step * (index + 0.5);
          return (
            <g key={day.key} className={`chart-day ${index === at ? "is-on" : ""}`} onPointerEnter={() => setAt(index)} onPointerDown={() => setAt(index)}>
              <rect className="chart-ground" x={x - step / 2} y={top} width={step} height={height - top - bottom} />
              {amount > 0 && <rect className="chart-bar" x={x - bar / 2} y={Math.min(y(amount), height - bottom - 2)} width={bar} height={Math.max(2, height - bottom - y(amount))} rx={Math.min(3, bar / 3)} />}
              {day.estimated > 0 && <circle className="chart-estimated" cx={x} cy={Math.min(y(amount), height - bottom - 2) - 6} r={2.2} />}
              {(days.length - 1 - index) % labelEvery === 0 && <text x={x} y={height - 5} textAnchor={index === days.length - 1 && days.length > 1 ? "end" : "middle"} {...(index === days.length - 1 && days.length > 1 ? { dx: step / 2 } : {})}>{sayDay(day.key)}</text>}
            </g>
          );
        })}
      </svg>
      <figcaption className="small muted numbers" role="status">{shown === null ? (days.some((day) => day.estimated > 0) ? "A dot says that some of it is estimated." : "\u00a0") : say(shown)}</figcaption>
      <Fold title="As a table"><SumsTable sums={[...days].reverse()} keyName={unit === "day" ? "Day" : "Month"} sayKey={(key) => sayDay(key, true)} /></Fold>
    </figure>
  );
}
