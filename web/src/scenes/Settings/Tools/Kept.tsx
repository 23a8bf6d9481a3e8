import { ConfirmButton, ErrorNote } from "../../../components/controls";
import { Icon } from "../../../components/Icon";
import { RemoteState } from "../../../components/RemoteState";
import { exactDate, sayDate } from "../../../hooks/format";
import { useAction } from "../../../hooks/useAction";
import { bridgeActions, type ContextItem, context, useRemote } from "../../../state/bridge";
import { Card } from "../../Page";

/** Notes and facts that tools have written, to look through and to throw away. */
export function Kept(): JSX.Element {
  const view = useRemote(context);
  const items = (view.value ?? []).flatMap(({ value }) => value ?? []);
  return (
    <Card title="Notes and facts" lead="Kept by tools that may write your context. Every tool that may read it finds them, and so does search.">
      <RemoteState view={view} lines={2} />
      {view.value !== null && items.length === 0 && <p className="notice"><Icon name="info" size={16} />None yet.</p>}
      <ul className="list">{items.map((item) => <KeptRow key={item.id} item={item} />)}</ul>
    </Card>
  );
}

function KeptRow({ item }: { item: ContextItem }): JSX.Element {
  const { error, run } = useAction();
  const name = item.title ?? item.text;
  const origin = [item.origin.name, item.origin.client].filter(Boolean).join(", ");
  return (
    <li className="list-item">
      <div className="grow">
        {item.title !== undefined && <p className="wrap" dir="auto"><strong>{item.title}</strong></p>}
        <p className="clamp wrap" dir="auto">{item.text}</p>
        <p className="muted small">{item.kind === "fact" ? "Fact" : "Note"} · {origin === "" ? "you" : origin} · <time title={exactDate(item.createdAt)}>{sayDate(item.createdAt)}</time></p>
        <ErrorNote error={error} />
      </div>
      <ConfirmButton look="plain" action="Delete it" question={`“${name.length > 80 ? `${name.slice(0, 80)}…` : name}” is destroyed. This cannot be undone.`} onConfirm={() => void run(() => bridgeActions.deleteContext(item.id))}>Delete<span className="visually-hidden"> {name.slice(0, 80)}</span></ConfirmButton>
    </li>
  );
}
