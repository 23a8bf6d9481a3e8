import { type ReactNode, useCallback, useEffect, useState } from "react";
import { Button, ErrorNote } from "../components/controls";
import { exactDate, sayBytes, sayDate } from "../hooks/format";
import { useAction } from "../hooks/useAction";
import { sayWrite } from "../hooks/words";
import { actions, type SystemInfo, useApp, useOutbox } from "../state";
import { Card } from "./Page";

const localStates = { missing: "Not installed", stopped: "Asleep; it starts when it is needed", starting: "Starting", ready: "Ready", failed: "Failed" } as const;

const vaultStates = { uninitialized: "Not set up", sealed: "Locked", unlocked: "Unlocked" } as const;

const engines: Record<string, string> = { sqlite: "SQLite", postgres: "PostgreSQL" };

const integrityStates = { unchecked: "Not checked yet", checking: "Being checked", sound: "As they were written", tampered: "Not as they were written" } as const;

/** How everything is. */
export function Status(): JSX.Element {
  const app = useApp();
  const outbox = useOutbox();
  const [system, setSystem] = useState<SystemInfo | null>(null);
  const { error, run } = useAction();
  const refresh = useCallback(() => void run(async () => {
    setSystem(await actions.system());
    await actions.refreshVault();
  }), [run]);
  useEffect(() => {
    refresh();
    const timer = setInterval(refresh, 10_000);
    return () => clearInterval(timer);
  }, [refresh, app.connection]);
  return (
    <>
      <ErrorNote error={error} action={<Button icon="refresh" onClick={() => void actions.reconnect()}>Try again</Button>} />
      <div className="grid">
        <FactCard title="Connection" rows={[["Server", app.connection === "online" ? "Reached" : "Out of reach"], ["Last synced", app.sync.lastSyncedAt === null ? "Not yet" : sayDate(app.sync.lastSyncedAt)], ["Waiting to send", String(app.sync.waiting)], ["Refused", String(app.sync.parked)]]} />
        <FactCard title="Vault" rows={[["State", app.vault === null ? "Unknown" : vaultStates[app.vault.state]], ["Unlocked since", app.vault?.unlockedAt === undefined ? "" : sayDate(app.vault.unlockedAt)], ["Ways to unlock", String(app.vault?.slots.length ?? "")], ["Recovery kit", app.vault?.recoveryConfirmed === true ? "Confirmed" : "Not confirmed"]]} />
        <FactCard title="Store" rows={[["Engine", system === null ? "" : engines[system.store.engine] ?? system.store.engine], ["Records", system === null ? "" : system.store.records.toLocaleString()], ["Size", system === null ? "" : sayBytes(system.store.bytes)], ["Records are", system === null ? "" : integrityStates[system.store.integrity.state]], ["Note", system?.store.integrity.detail ?? ""]]} />
        <FactCard title="Local model" rows={[["State", system === null ? "" : localStates[system.localModel.state]], ["Model", system?.localModel.model ?? ""], ["Note", [system?.localModel.detail, system?.localModel.hint].filter(Boolean).join(" ")]]} />
        <FactCard title="Process" rows={[["Version", system?.version ?? app.serverVersion ?? ""], ["Running since", system === null ? "" : <time key="since" title={exactDate(system.startedAt)}>{sayDate(system.startedAt)}</time>], ["Memory", system === null ? "" : sayBytes(system.memoryBytes)], ["Open streams", String(system?.streams ?? "")]]} />
      </div>
      {outbox.length > 0 && (
        <Card title="Not sent yet">
          <ul className="list">{outbox.map((entry) => (
            <li key={entry.id} className="list-item">
              <div className="grow"><p className="truncate">{sayWrite(entry)}</p>{entry.error !== null && <p className="warning small">{entry.error.message}</p>}</div>
              {entry.state === "parked" && <Button onClick={() => void actions.retryWrite(entry.id)}>Try again</Button>}
              {entry.state === "parked" && <Button look="quiet" onClick={() => void actions.discardWrite(entry.id)}>Discard</Button>}
            </li>
          ))}</ul>
        </Card>
      )}
    </>
  );
}

/** Facts under a title; nothing while none is known. */
function FactCard({ title, rows }: { title: string; rows: [string, ReactNode][] }): JSX.Element | null {
  const known = rows.filter(([, value]) => value !== "");
  return known.length === 0 ? null : <Card title={title}><dl className="facts">{known.map(([name, value]) => <div key={name}><dt>{name}</dt><dd className="numbers">{value}</dd></div>)}</dl></Card>;
}
