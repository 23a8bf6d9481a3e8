import { useState } from "react";
import { useAction } from "../hooks/useAction";
import { encodeQR } from "../lib/qr";
import { groupsOf } from "../lib/recovery";
import { actions, type RecoveryKit } from "../state";
import { Button, ErrorNote, TextField } from "./controls";

/** The recovery kit: to print or write down, and then to type part of it back. */
export function RecoveryKitCard({ kit, onDone, onLater }: { kit: RecoveryKit; onDone: () => void; onLater: () => void }): JSX.Element {
  const [isAsking, setAsking] = useState(false);
  return isAsking ? <TypeBack kit={kit} onBack={() => setAsking(false)} onDone={onDone} /> : (
    <div className="kit">
      <div className="kit-sheet">
        <h2 className="print-only">cherry recovery kit</h2>
        <p className="print-only">Made on {new Date().toLocaleDateString([], { dateStyle: "long" })}. Whoever has this can open the vault and set a new passphrase. Keep it apart from the machine.</p>
        <ol className="kit-groups" aria-label="Recovery code">{groupsOf(kit.code).map((group, index) => <li key={index}><span className="muted small">{index + 1}</span><code>{group}</code></li>)}</ol>
        <QRCode text={kit.code} />
      </div>
      <p className="muted">Print it or write it down, and keep it apart from this machine. Without it, a forgotten passphrase cannot be replaced: nobody else has a key.</p>
      <div className="row">
        <Button look="main" onClick={() => setAsking(true)}>I have it</Button>
        <Button icon="print" onClick={() => print()}>Print</Button>
        <Button look="quiet" onClick={onLater}>Later</Button>
      </div>
    </div>
  );
}

function TypeBack({ kit, onBack, onDone }: { kit: RecoveryKit; onBack: () => void; onDone: () => void }): JSX.Element {
  const [answers, setAnswers] = useState<Record<number, string>>({});
  const [wrong, setWrong] = useState<number[]>([]);
  const { isBusy, error, run } = useAction();
  const handleSubmit = () => void run(async () => {
    const missed = await actions.confirmRecovery(Object.fromEntries(kit.ask.map((index) => [index, answers[index] ?? ""])));
    setWrong(missed);
    if (missed.length === 0) {
      onDone();
    }
  });
  return (
    <form className="kit" onSubmit={(event) => { event.preventDefault(); handleSubmit(); }}>
      <p className="muted">Type two groups of the kit, so that it is known to be readable.</p>
      {kit.ask.map((index, at) => (
        <TextField key={index} autoFocus={at === 0} label={`Group ${index + 1}`} className="mono" maxLength={6} autoComplete="off" spellCheck={false} value={answers[index] ?? ""} error={wrong.includes(index) ? `That is not group ${index + 1}.` : null} onChange={(event) => setAnswers({ ...answers, [index]: event.target.value })} />
      ))}
      <ErrorNote error={error} />
      <div className="row">
        <Button look="main" type="submit" disabled={isBusy}>Confirm</Button>
        <Button look="quiet" onClick={onBack}>Show the kit again</Button>
      </div>
    </form>
  );
}

function QRCode({ text }: { text: string }): JSX.Element | null {
  const matrix = encodeQR(text);
  if (matrix === null) {
    return null;
  }
  const path = matrix.flatMap((row, y) => row.map((isDark, x) => (isDark ? `M${x + 2} ${y + 2}h1v1h-1z` : ""))).join("");
  return <svg className="qr" role="img" aria-label="Recovery code as a QR code" viewBox={`0 0 ${matrix.length + 4} ${matrix.length + 4}`}><path d={path} /></svg>;
}
