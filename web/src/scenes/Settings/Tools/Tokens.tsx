import { useState } from "react";
import { Button, ConfirmButton, ErrorNote } from "../../../components/controls";
import { Fold } from "../../../components/fields";
import { Icon } from "../../../components/Icon";
import { RemoteState } from "../../../components/RemoteState";
import { count, exactDate, sayDate, sayDayAhead } from "../../../hooks/format";
import { useAction } from "../../../hooks/useAction";
import { sayBudget, sayContext, saySpent, usedOf } from "../../../lib/tokens";
import type { Envelope } from "../../../state";
import { bridgeActions, type BridgeToken, tokens, useRemote } from "../../../state/bridge";
import { Card } from "../../Page";
import { TokenForm } from "./TokenForm";
import { TokenSecret } from "./TokenSecret";

/** What other tools show to speak through the bridge. */
export function Tokens(): JSX.Element {
  const view = useRemote(tokens);
  const [editing, setEditing] = useState<Envelope<BridgeToken> | "new" | null>(null);
  const [made, setMade] = useState<{ name: string; secret: string } | null>(null);
  const [isHelpShown, setHelpShown] = useState(false);
  const all = (view.value ?? []).filter(({ value }) => value !== undefined);
  const valid = all.filter(({ value }) => value?.revokedAt === undefined);
  return (
    <Card title="Access tokens" lead="Editors, scripts and agents speak to every model through one address. Each gets a token of its own, with its own limits.">
      <RemoteState view={view} lines={3} />
      {view.value !== null && (
        <>
          {valid.length === 0 && <p className="notice"><Icon name="info" size={16} />No tool has access yet.</p>}
          <ul className="list">{valid.map((record) => record.value !== undefined && <TokenRow key={record.id} id={record.id} token={record.value} onEdit={() => setEditing(record)} />)}</ul>
          <div className="row">
            <Button look="main" icon="add" onClick={() => setEditing("new")}>New token</Button>
            <Button onClick={() => setHelpShown(true)}>How tools connect</Button>
          </div>
          {all.length > valid.length && (
            <Fold title={count(all.length - valid.length, "revoked token")}>
              <ul className="list">{all.map((record) => record.value?.revokedAt !== undefined && <RevokedRow key={record.id} id={record.id} token={record.value} revokedAt={record.value.revokedAt} />)}</ul>
            </Fold>
          )}
        </>
      )}
      {editing !== null && <TokenForm record={editing === "new" ? null : editing} onMade={(name, secret) => { setEditing(null); setMade({ name, secret }); }} onClose={() => setEditing(null)} />}
      {made !== null && <TokenSecret name={made.name} secret={made.secret} onClose={() => setMade(null)} />}
      {isHelpShown && <TokenSecret name={null} secret={null} onClose={() => setHelpShown(false)} />}
    </Card>
  );
}

function TokenRow({ id, token, onEdit }: { id: string; token: BridgeToken; onEdit: () => void }): JSX.Element {
  const { error, run } = useAction();
  const isExpired = token.expiresAt !== undefined && token.expiresAt <= Date.now();
  const used = Math.max(usedOf(token.spentToday, token.daily), usedOf(token.spentThisMonth, token.monthly));
  const limits = [
    token.models === undefined ? "every model" : token.models.join(", "),
    sayContext(token.contextAccess),
    ...(token.requestsPerMinute === undefined ? [] : [`${token.requestsPerMinute} a minute`]),
    ...sayBudget(token.daily, "a day"), ...sayBudget(token.monthly, "a month"),
  ];
  return (
    <li className="list-item">
      <Icon name="key" />
      <div className="grow">
        <p><strong>{token.name}</strong> <code className="chip">{token.prefix}…</code> {isExpired && <span className="chip chip-warning">Expired</span>} {used >= 0.8 && <span className="chip chip-warning">{used >= 1 ? "Budget used up" : `${Math.floor(used * 100)} % of a budget used`}</span>}</p>
        <p className="muted small wrap">{limits.join(" · ")}</p>
        <p className="muted small">
          {token.lastUsedAt === undefined ? (token.spentThisMonth.tokens > 0 ? "Used in the last minutes" : "Not used yet") : <>Last used: <time title={exactDate(token.lastUsedAt)}>{sayDate(token.lastUsedAt)}</time></>}
          {token.expiresAt !== undefined && <> · {isExpired ? "Expired" : "Lasts until"}: <time title={exactDate(token.expiresAt)}>{isExpired ? sayDate(token.expiresAt) : sayDayAhead(token.expiresAt - 1)}</time></>}
        </p>
        {token.spentThisMonth.tokens > 0 && (
          <dl className="spent small numbers">
            <div><dt>Today</dt><dd>{saySpent(token.spentToday, token.daily)}</dd></div>
            <div><dt>This month</dt><dd>{saySpent(token.spentThisMonth, token.monthly)}</dd></div>
          </dl>
        )}
        <ErrorNote error={error} />
      </div>
      <Button icon="edit" aria-label={`Edit ${token.name}`} onClick={onEdit}>Edit</Button>
      <ConfirmButton look="plain" action={`Revoke ${token.name}`} question={`“${token.name}” is refused at once, and what it asks for now ends. This cannot be undone; a new token can be made.`} onConfirm={() => void run(() => bridgeActions.revokeToken(id))}>Revoke<span className="visually-hidden"> {token.name}</span></ConfirmButton>
    </li>
  );
}

/** A token that opens nothing any more; what was used through it keeps its name while it is here. */
function RevokedRow({ id, token, revokedAt }: { id: string; token: BridgeToken; revokedAt: number }): JSX.Element {
  const { error, run } = useAction();
  return (
    <li className="list-item">
      <div className="grow">
        <p>{token.name} <code className="chip">{token.prefix}…</code></p>
        <p className="muted small">Revoked: <time title={exactDate(revokedAt)}>{sayDate(revokedAt)}</time></p>
        <ErrorNote error={error} />
      </div>
      <ConfirmButton look="plain" action={`Remove ${token.name}`} question={`“${token.name}” goes from this list. What was used through it stays counted, without its name.`} onConfirm={() => void run(() => bridgeActions.deleteToken(id))}>Remove<span className="visually-hidden"> {token.name}</span></ConfirmButton>
    </li>
  );
}
