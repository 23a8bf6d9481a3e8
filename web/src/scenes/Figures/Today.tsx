import { useEffect, useState } from "react";
import { Segments } from "../../components/fields";
import { RemoteState } from "../../components/RemoteState";
import { dayKey, periodOf, totalOf } from "../../lib/periods";
import { useProviders } from "../../state";
import { useUsage } from "../../state/bridge";
import { Card } from "../Page";
import { BarList } from "../Usage/BarList";
import { type Measure, measures } from "../Usage/measure";

/** What each model read, wrote and cost today, by the book of usage: a restart does not lose it. */
export function Today({ now }: { now: number }): JSX.Element {
  const [measure, setMeasure] = useState<Measure>("tokens");
  const { from, to } = periodOf("today", Date.parse(dayKey(now)));
  const view = useUsage(from, to);
  const providers = useProviders();
  const { reload } = view;
  useEffect(() => {
    const timer = setInterval(() => { if (!document.hidden) { reload(); } }, 30_000);
    return () => clearInterval(timer);
  }, [reload]);
  const sayModel = (key: string) => {
    const slash = key.indexOf("/");
    const provider = providers.find(({ id }) => id === key.slice(0, slash));
    return slash < 0 ? key : provider === undefined ? key.slice(slash + 1) : `${key.slice(slash + 1)} (${provider.name})`;
  };
  const isEmpty = view.value !== null && totalOf(view.value.day).requests === 0;
  return (
    <Card title="Models today" lead="Since midnight UTC, as the usage page counts it.">
      <RemoteState view={view} lines={3} />
      {isEmpty && <p className="muted">No model was asked today.</p>}
      {view.value !== null && !isEmpty && (
        <>
          <Segments label="Show" options={measures} value={measure} onChange={setMeasure} />
          <BarList sums={view.value.model} measure={measure} sayKey={sayModel} keyName="Model" />
        </>
      )}
    </Card>
  );
}
