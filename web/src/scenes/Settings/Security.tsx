import { useEffect, useState } from "react";
import { Button, Dialog, ErrorNote, IconButton, PassphraseField } from "../../components/controls";
import { Icon } from "../../components/Icon";
import { RecoveryKitCard } from "../../components/RecoveryKitCard";
import { StrengthMeter } from "../../components/StrengthMeter";
import { count, exactDate, sayDate } from "../../hooks/format";
import { useAction } from "../../hooks/useAction";
import { assessPassphrase } from "../../lib/passphrase";
import { actions, type RecoveryKit, type Session, useApp, usePreferences } from "../../state";
import { Card } from "../Page";

const idleChoices = [1, 5, 15, 30, 60, 240, 1440];

export function Security(): JSX.Element {
  return (
    <>
      <Passphrase />
      <Kit />
      <IdleLock />
      <Devices />
      <Keys />
    </>
  );
}

function Passphrase(): JSX.Element {
  const [current, setCurrent] = useState("");
  const [next, setNext] = useState("");
  const [again, setAgain] = useState("");
  const [isDone, setDone] = useState(false);
  const { isBusy, error, run } = useAction();
  const isSound = assessPassphrase(next).weaknesses.length === 0 && next === again && current !== "";
  const handleSubmit = async () => {
    if (await run(() => actions.changePassphrase(current, next))) {
      setCurrent("");
      setNext("");
      setAgain("");
      setDone(true);
    }
  };
  return (
    <Card title="Passphrase" lead="Records stay as they are; every other session ends.">
      <form autoComplete="off" className="stack" onSubmit={(event) => { event.preventDefault(); void handleSubmit(); }}>
        <PassphraseField label="Current passphrase" value={current} onChange={(event) => setCurrent(event.target.value)} />
        <PassphraseField label="New passphrase" value={next} onChange={(event) => { setNext(event.target.value); setDone(false); }} />
        <StrengthMeter passphrase={next} />
        <PassphraseField label="The same again" value={again} onChange={(event) => setAgain(event.target.value)} />
        {again !== "" && again !== next && <p className="small warning">The two differ.</p>}
        <ErrorNote error={error} />
        {isDone && <p className="good" role="status">The passphrase was changed.</p>}
        <div className="row"><Button type="submit" disabled={isBusy || !isSound}>Change passphrase</Button></div>
      </form>
    </Card>
  );
}

function Kit(): JSX.Element {
  const { vault } = useApp();
  const [kit, setKit] = useState<RecoveryKit | null>(null);
  const [isAsking, setAsking] = useState(false);
  return (
    <Card title="Recovery kit" lead="A new kit makes the old one useless.">
      {vault !== null && (vault.recoveryConfirmed
        ? <p className="good"><Icon name="check" size={16} />You have shown that you hold it.</p>
        : <p className="warning"><Icon name="warning" size={16} />Not confirmed. Make a new one and type part of it back.</p>)}
      <div className="row"><Button onClick={() => setAsking(true)}>Make a new kit</Button></div>
      {isAsking && <WithPassphrase title="Make a new recovery kit" action="Make it" onClose={() => setAsking(false)} work={async (passphrase) => { setKit(await actions.newRecoveryKit(passphrase)); setAsking(false); }} />}
      {kit !== null && <Dialog title="Your new recovery kit" onClose={() => setKit(null)}><RecoveryKitCard kit={kit} onDone={() => setKit(null)} onLater={() => setKit(null)} /></Dialog>}
    </Card>
  );
}

function IdleLock(): JSX.Element {
  const { "lock.idleMinutes": minutes } = usePreferences();
  const choices = [...new Set([...idleChoices, minutes])].sort((a, b) => a - b);
  return (
    <Card title="Idle lock" lead="Without a sign of you for so long, keys leave memory here and on the server.">
      <div className="field">
        <label htmlFor="idle-minutes">Lock after</label>
        <select id="idle-minutes" className="input narrow" value={minutes} onChange={(event) => void actions.setPreference("lock.idleMinutes", Number(event.target.value))}>
          {choices.map((each) => <option key={each} value={each}>{each < 60 ? `${each} ${each === 1 ? "minute" : "minutes"}` : `${each / 60} ${each === 60 ? "hour" : "hours"}`}</option>)}
        </select>
      </div>
    </Card>
  );
}

function Devices(): JSX.Element {
  const [sessions, setSessions] = useState<Session[] | null>(null);
  const { error, run } = useAction();
  useEffect(() => {
    void run(async () => setSessions(await actions.sessions()));
  }, [run]);
  return (
    <Card title="Devices" lead="Browsers that are logged in.">
      <ErrorNote error={error} />
      <ul className="list">
        {(sessions ?? []).map((session) => (
          <li key={session.id} className="list-item">
            <Icon name="device" />
            <div className="grow"><p>{session.name} {session.current && <span className="chip">This one</span>}</p><p className="muted small" title={exactDate(session.lastSeenAt)}>Last seen: {sayDate(session.lastSeenAt)}</p></div>
            {!session.current && <IconButton icon="close" label={`End the session of ${session.name}`} onClick={() => void run(async () => { await actions.revokeSession(session.id); setSessions(await actions.sessions()); })} />}
          </li>
        ))}
      </ul>
      <div className="row"><Button onClick={() => void actions.logout()}>Log out and remove everything from this browser</Button></div>
    </Card>
  );
}

function Keys(): JSX.Element {
  const { vault } = useApp();
  const [isRotating, setRotating] = useState(false);
  const [verdict, setVerdict] = useState<string | null>(null);
  const { isBusy, error, run } = useAction();
  return (
    <Card title="Keys" lead="Rotating replaces the root key and seals every record anew, in the background.">
      {vault !== null && <p className="muted small">{vault.keys.map((key) => `Key ${key.id}: ${count(key.records, "record")}${key.active ? ", active" : ", retiring"}`).join(" · ")}{vault.rotation?.running === true ? ` · ${vault.rotation.remaining} to go` : ""}</p>}
      <ErrorNote error={error} />
      {verdict !== null && <p className="good" role="status">{verdict}</p>}
      <div className="row">
        <Button onClick={() => setRotating(true)}>Rotate keys</Button>
        <Button disabled={isBusy} onClick={() => void run(async () => { const sound = await actions.verifyStore(); setVerdict(`${count(sound, "record")} checked; all as written.`); })}>Check all records</Button>
      </div>
      {isRotating && <WithPassphrase title="Rotate keys" action="Rotate" onClose={() => setRotating(false)} work={async (passphrase) => { await actions.rotateKeys(passphrase); setRotating(false); }} />}
    </Card>
  );
}

/** Asks for the passphrase before something that needs it. */
export function WithPassphrase({ title, lead, action, look = "main", onClose, work }: { title: string; lead?: string; action: string; look?: "main" | "danger"; onClose: () => void; work: (passphrase: string) => Promise<void> }): JSX.Element {
  const [passphrase, setPassphrase] = useState("");
  const { isBusy, error, run } = useAction();
  return (
    <Dialog title={title} onClose={onClose}>
      <form autoComplete="off" className="stack" onSubmit={(event) => { event.preventDefault(); void run(() => work(passphrase)); }}>
        {lead !== undefined && <p className="muted">{lead}</p>}
        <PassphraseField label="Passphrase" value={passphrase} autoFocus onChange={(event) => setPassphrase(event.target.value)} />
        <ErrorNote error={error} />
        <div className="row"><Button look={look} type="submit" disabled={isBusy || passphrase === ""}>{action}</Button><Button look="quiet" onClick={onClose}>Cancel</Button></div>
      </form>
    </Dialog>
  );
}
