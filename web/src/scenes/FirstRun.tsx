import { useEffect, useRef, useState } from "react";
import { CherryMark } from "../components/CherryMark";
import { Button, ErrorNote, PassphraseField } from "../components/controls";
import { Icon } from "../components/Icon";
import { RecoveryKitCard } from "../components/RecoveryKitCard";
import { StrengthMeter } from "../components/StrengthMeter";
import { useAction } from "../hooks/useAction";
import { assessPassphrase } from "../lib/passphrase";
import { actions, type RecoveryKit } from "../state";

const isProtected = [
  "What you write, what you are answered, titles, personas and settings: sealed on the server and in this browser.",
  "Keys of language-model providers: sealed under a key of their own.",
  "A stolen disk, a copied backup, another user of this machine: they see ciphertext.",
];
const isNotProtected = [
  "What you send to a provider: it must read it to answer. The local model keeps it here.",
  "A machine that somebody controls while it is unlocked.",
  "A passphrase that can be guessed, and a kit that others can read.",
];

/** The heading of a step; it takes the focus that the button of the step before had, so that it is read out. */
function StepTitle({ children }: { children: string }): JSX.Element {
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => title.current?.focus(), []);
  return <h1 ref={title} tabIndex={-1}>{children}</h1>;
}

/** From nothing to a vault: passphrase, recovery kit, what it protects. */
export function FirstRun(): JSX.Element {
  const [step, setStep] = useState<"welcome" | "passphrase" | "kit" | "protection">("welcome");
  const [kit, setKit] = useState<RecoveryKit | null>(null);
  const [isConfirmed, setConfirmed] = useState(false);
  return (
    <main className="gate" id="main">
      <div className="gate-card gate-wide">
        <CherryMark size={44} />
        {step === "welcome" && (
          <>
            <h1>A private AI, for you alone</h1>
            <p className="muted">You talk to it here; everything it keeps is sealed and stays locked until you unlock it. It takes about a minute to set up.</p>
            <Button look="main" onClick={() => setStep("passphrase")}>Begin</Button>
          </>
        )}
        {step === "passphrase" && <ChoosePassphrase onDone={(made) => { setKit(made); setStep("kit"); }} />}
        {step === "kit" && kit !== null && (
          <>
            <StepTitle>Your recovery kit</StepTitle>
            <RecoveryKitCard kit={kit} onDone={() => { setConfirmed(true); setStep("protection"); }} onLater={() => setStep("protection")} />
          </>
        )}
        {step === "protection" && <Protection isConfirmed={isConfirmed} />}
      </div>
    </main>
  );
}

function ChoosePassphrase({ onDone }: { onDone: (kit: RecoveryKit) => void }): JSX.Element {
  const [passphrase, setPassphrase] = useState("");
  const [again, setAgain] = useState("");
  const { isBusy, error, run } = useAction();
  const { weaknesses } = assessPassphrase(passphrase);
  const differs = again !== "" && again !== passphrase;
  return (
    <form autoComplete="off" className="stack" onSubmit={(event) => { event.preventDefault(); void run(async () => onDone(await actions.setUp(passphrase))); }}>
      <h1>Choose a passphrase</h1>
      <p className="muted">It never leaves this browser. Keys are made from it here.</p>
      <PassphraseField label="Passphrase" value={passphrase} autoFocus onChange={(event) => setPassphrase(event.target.value)} />
      <StrengthMeter passphrase={passphrase} />
      <PassphraseField label="The same again" value={again} onChange={(event) => setAgain(event.target.value)} />
      {differs && <p className="small warning">The two differ.</p>}
      <ErrorNote error={error} />
      <Button look="main" type="submit" disabled={isBusy || weaknesses.length > 0 || again !== passphrase}>{isBusy ? "Making keys" : "Create the vault"}</Button>
    </form>
  );
}

function Protection({ isConfirmed }: { isConfirmed: boolean }): JSX.Element {
  return (
    <div className="stack">
      <StepTitle>What is protected, and what is not</StepTitle>
      <h2>Protected</h2>
      <ul className="ticks">{isProtected.map((text) => <li key={text}><Icon name="shield" />{text}</li>)}</ul>
      <h2>Not protected</h2>
      <ul className="ticks not">{isNotProtected.map((text) => <li key={text}><Icon name="warning" />{text}</li>)}</ul>
      <Button look="main" onClick={() => void actions.finishSetUp()}>Start talking</Button>
      {!isConfirmed && <p className="muted small">The recovery kit is not confirmed yet. You can make a new one under Settings, Security.</p>}
    </div>
  );
}
