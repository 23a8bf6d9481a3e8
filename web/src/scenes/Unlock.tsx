import { type FormEvent, useEffect, useState } from "react";
import { CherryMark } from "../components/CherryMark";
import { Button, ErrorNote, PassphraseField, TextField } from "../components/controls";
import { Icon } from "../components/Icon";
import { StrengthMeter } from "../components/StrengthMeter";
import { useAction } from "../hooks/useAction";
import { assessPassphrase } from "../lib/passphrase";
import { checkRecoveryCode } from "../lib/recovery";
import { actions, ApiError, useApp } from "../state";

const reasons = {
  opened: "Unlock to see your conversations.",
  user: "The keys are no longer in memory.",
  idle: "Nobody was here for a while, so the keys left memory.",
  server: "The server locked itself, or was started anew.",
  expired: "Your session ended.",
  elsewhere: "You locked it in another window.",
} as const;

/** Calm: no content, no titles, one field. */
export function Unlock(): JSX.Element {
  const { lockReason, connection, retryAt, hasLocalCopy } = useApp();
  const [passphrase, setPassphrase] = useState("");
  const [isRecovering, setRecovering] = useState(false);
  const { isBusy, error, run } = useAction();
  const wait = useSecondsUntil(retryAt);
  useEffect(() => {
    document.title = "Locked · cherry";
    return () => {
      document.title = "cherry";
    };
  }, []);
  if (isRecovering) {
    return <Recover onBack={() => setRecovering(false)} />;
  }
  const handleSubmit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const field = event.currentTarget.querySelector("input");
    if (await run(() => actions.unlock(passphrase))) {
      setPassphrase("");
    } else {
      field?.focus();
      field?.select();
    }
  };
  return (
    <main className="gate" id="main">
      <form autoComplete="off" className="gate-card" onSubmit={(event) => void handleSubmit(event)}>
        <CherryMark size={44} />
        <h1>Locked</h1>
        <p className="muted">{reasons[lockReason]}</p>
        {connection === "offline" && <p className="notice"><Icon name="cloudOff" size={16} />{hasLocalCopy ? "The server cannot be reached. You can open what this browser keeps." : "The server cannot be reached."}</p>}
        <PassphraseField label="Passphrase" value={passphrase} autoFocus onChange={(event) => setPassphrase(event.target.value)} />
        <ErrorNote error={error} />
        <Button look="main" type="submit" disabled={isBusy || wait > 0 || passphrase === ""}>{isBusy ? "Unlocking" : wait > 0 ? `Wait ${wait} s` : "Unlock"}</Button>
        <div className="row gate-links">
          <Button look="quiet" onClick={() => setRecovering(true)}>Use the recovery kit</Button>
          {connection === "offline" && <Button look="quiet" onClick={() => void run(() => actions.reconnect())}>Try the server again</Button>}
        </div>
      </form>
    </main>
  );
}

function useSecondsUntil(time: number | null): number {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    if (time === null || time <= now) {
      return undefined;
    }
    const timer = setTimeout(() => setNow(Date.now()), 500);
    return () => clearTimeout(timer);
  }, [time, now]);
  return time === null ? 0 : Math.max(0, Math.ceil((time - now) / 1000));
}

const problems = {
  length: "A recovery code has nine groups of four characters.",
  character: "One character cannot be in a recovery code.",
  checksum: "There is a typing error in the code.",
} as const;

/** Sets a new passphrase by the recovery kit. */
function Recover({ onBack }: { onBack: () => void }): JSX.Element {
  const [code, setCode] = useState("");
  const [passphrase, setPassphrase] = useState("");
  const [again, setAgain] = useState("");
  const { isBusy, error, run } = useAction();
  const { weaknesses } = assessPassphrase(passphrase);
  const handleSubmit = () => void run(async () => {
    const checked = await checkRecoveryCode(code);
    if ("problem" in checked) {
      throw new ApiError({ code: "malformedRecoveryCode", message: problems[checked.problem.kind], hint: "Compare it with your recovery kit." });
    }
    await actions.recover(checked.code, passphrase);
  });
  return (
    <main className="gate" id="main">
      <form autoComplete="off" className="gate-card" onSubmit={(event) => { event.preventDefault(); handleSubmit(); }}>
        <CherryMark size={44} />
        <h1>Recovery kit</h1>
        <p className="muted">It sets a new passphrase. Nothing you wrote is lost, and every other session ends.</p>
        <TextField label="Recovery code" value={code} autoFocus spellCheck={false} autoComplete="off" className="mono" placeholder="XXXX-XXXX-XXXX-…" onChange={(event) => setCode(event.target.value)} />
        <PassphraseField label="New passphrase" value={passphrase} onChange={(event) => setPassphrase(event.target.value)} />
        <StrengthMeter passphrase={passphrase} />
        <PassphraseField label="The same again" value={again} onChange={(event) => setAgain(event.target.value)} />
        {again !== "" && again !== passphrase && <p className="small warning">The two differ.</p>}
        <ErrorNote error={error} />
        <Button look="main" type="submit" disabled={isBusy || code.trim() === "" || weaknesses.length > 0 || again !== passphrase}>Set new passphrase</Button>
        <Button look="quiet" onClick={onBack}>Back</Button>
      </form>
    </main>
  );
}
