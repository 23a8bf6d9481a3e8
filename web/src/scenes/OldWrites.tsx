import { useState } from "react";
import { Button, ConfirmButton, Dialog, ErrorNote, PassphraseField } from "../components/controls";
import { count } from "../hooks/format";
import { useAction } from "../hooks/useAction";
import { actions } from "../state";

/** Unsent changes that an older passphrase seals: opened with it and sent, or given up. */
export function OldWrites({ waiting, onClose }: { waiting: number; onClose: () => void }): JSX.Element {
  const [passphrase, setPassphrase] = useState("");
  const { isBusy, error, run } = useAction();
  const finish = async (work: () => Promise<unknown>) => {
    if (await run(work)) {
      onClose();
    }
  };
  return (
    <Dialog title="Unsent changes" onClose={onClose}>
      <form autoComplete="off" className="stack" onSubmit={(event) => { event.preventDefault(); void finish(() => actions.openOldWrites(passphrase)); }}>
        <p className="muted">{count(waiting, "change")} from before the passphrase was changed {waiting === 1 ? "is" : "are"} still in this browser. The passphrase of that time opens {waiting === 1 ? "it" : "them"}; then {waiting === 1 ? "it is" : "they are"} sent.</p>
        <PassphraseField label="Earlier passphrase" value={passphrase} autoFocus onChange={(event) => setPassphrase(event.target.value)} />
        <ErrorNote error={error} />
        <div className="row">
          <Button look="main" type="submit" disabled={isBusy || passphrase === ""}>Open and send</Button>
          <ConfirmButton action="Discard" question={`What ${waiting === 1 ? "this change" : "these changes"} wrote is destroyed. There is no way back.`} onConfirm={() => void finish(() => actions.discardOldWrites())}>Discard</ConfirmButton>
        </div>
      </form>
    </Dialog>
  );
}
