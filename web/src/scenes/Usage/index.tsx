import { useMemo, useState } from "react";
import { TextField } from "../../components/controls";
import { Segments, SelectField } from "../../components/fields";
import { RemoteState } from "../../components/RemoteState";
import { navigate } from "../../hooks/useRoute";
import { sayCount, sayMoney } from "../../lib/money";
import { dayKey, type Period, periodBetween, type PeriodName, periodNames, periodOf, sayPeriod, totalOf } from "../../lib/periods";
import { useConversations, useDeletedConversations, useLocalSetting, useProviders } from "../../state";
import { tokens, useRemote, useUsage } from "../../state/bridge";
import { Card } from "../Page";
import { BarList } from "./BarList";
import { DayChart } from "./DayChart";
import { amountOf, type Measure, measures } from "./measure";
import { SumsTable } from "./SumsTable";

const mostConversations = 50;

/** What was used, and what it cost. */
export function Usage(): JSX.Element {
  const [name, setName] = useLocalSetting<PeriodName>("usage period", "month");
  const [measure, setMeasure] = useLocalSetting<Measure>("usage measure", "money");
  const [first, setFirst] = useState(() => dayKey(Date.now() - 29 * 86_400_000));
  const [last, setLast] = useState(() => dayKey(Date.now()));
  const today = dayKey(Date.now());
  const chosen = useMemo(() => (name === "own" ? periodBetween(first, last) : periodOf(name, Date.parse(today))), [name, first, last, today]);
  return (
    <>
      <div className="row usage-head">
        <SelectField label="Period" value={name} onChange={(event) => setName(event.target.value as PeriodName)}>
          {periodNames.map(([value, words]) => <option key={value} value={value}>{words}</option>)}
        </SelectField>
        {name === "own" && <TextField label="From" type="date" value={first} max={last} onChange={(event) => setFirst(event.target.value)} />}
        {name === "own" && <TextField label="To" type="date" value={last} min={first} onChange={(event) => setLast(event.target.value)} />}
        <Segments label="Show" isLabelShown options={measures} value={measure} onChange={setMeasure} />
      </div>
      {chosen !== null && <p className="print-only">{sayPeriod(chosen)}</p>}
      {chosen === null ? <p className="notice">Choose a first and a last day, in this order.</p> : <Figures period={chosen} measure={measure} />}
    </>
  );
}

function Figures({ period, measure }: { period: Period; measure: Measure }): JSX.Element {
  const view = useUsage(period.from, period.to);
  const { value: tokenRecords } = useRemote(tokens);
  const conversations = useConversations().items;
  const deleted = useDeletedConversations();
  const providers = useProviders();
  const usage = view.value;
  if (usage === null) {
    return <RemoteState view={view} lines={6} />;
  }
  const total = totalOf(usage.day);
  if (total.requests === 0) {
    return (
      <>
        <RemoteState view={view} />
        <Card title="Nothing was used" lead="No model was asked in these days. What you ask here and what other tools ask through this server is counted, never what is said."><></></Card>
      </>
    );
  }
  const sayModel = (key: string) => {
    const at = key.indexOf("/");
    const provider = providers.find(({ id }) => id === key.slice(0, at));
    return at < 0 ? key : provider === undefined ? key.slice(at + 1) : `${key.slice(at + 1)} (${provider.name})`;
  };
  const sayTool = (key: string) => (key === "" ? "This app" : tokenRecords?.find(({ id }) => id === key)?.value?.name ?? "A removed token");
  const titleOf = (key: string) => (key === "" ? "Outside of conversations" : [...conversations, ...deleted].find(({ id }) => id === key)?.title ?? "A deleted conversation");
  const byCost = [...usage.conversation].sort((a, b) => amountOf(b, measure) - amountOf(a, measure));
  return (
    <>
      <RemoteState view={view} />
      <dl className="totals" aria-label="Totals" aria-busy={view.isLoading}>
        <Total name="Cost" value={sayMoney(total.microDollars)} note={[...(total.unpriced > 0 ? [`${total.unpriced.toLocaleString()} without a price`] : []), ...(total.estimated > 0 ? ["partly estimated"] : [])].join(", ") || "by the price table"} />
        <Total name="Tokens read" value={sayCount(total.prompt)} note={`${sayCount(total.cached)} from caches`} />
        <Total name="Tokens written" value={sayCount(total.completion)} note={`${sayCount(total.reasoning)} of reasoning`} />
        <Total name="Requests" value={total.requests.toLocaleString()} note={[...(total.failures > 0 ? [`${total.failures.toLocaleString()} failed`] : []), ...(total.estimated > 0 ? [`${total.estimated.toLocaleString()} estimated`] : [])].join(", ") || "all counted"} />
      </dl>
      <Card title="By day"><DayChart sums={usage.day} period={period} measure={measure} /></Card>
      <div className="grid grid-wide">
        <Card title="By model"><BarList sums={usage.model} measure={measure} sayKey={sayModel} keyName="Model" /></Card>
        <Card title="By tool"><BarList sums={usage.token} measure={measure} sayKey={sayTool} keyName="Tool" /></Card>
      </div>
      <Card title="By conversation">
        <SumsTable
          sums={byCost.slice(0, mostConversations)}
          keyName="Conversation"
          sayKey={(key) => (conversations.some(({ id }) => id === key)
            ? <a href={`/c/${key}`} onClick={(event) => { event.preventDefault(); navigate(`/c/${key}`); }}>{titleOf(key)}</a>
            : titleOf(key))}
        />
        {byCost.length > mostConversations && <p className="muted small">The {mostConversations} greatest of {byCost.length}.</p>}
      </Card>
      <p className="muted small">Days are those of UTC. Costs are reckoned by the <a href="/settings/models" onClick={(event) => { event.preventDefault(); navigate("/settings/models"); }}>price table</a> at the time of each request; your provider’s bill is what counts. “Estimated” says that a provider did not count the tokens, so they were estimated here.</p>
    </>
  );
}

function Total({ name, value, note }: { name: string; value: string; note: string }): JSX.Element {
  return <div className="total"><dt>{name}</dt><dd><strong className="numbers">{value}</strong><span className="muted small">{note}</span></dd></div>;
}
