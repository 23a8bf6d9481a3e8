import { useRef, useState } from "react";
import { Button, ErrorNote } from "../../components/controls";
import { count, exactDate } from "../../hooks/format";
import { useAction } from "../../hooks/useAction";
import { actions, useDeletedConversations } from "../../state";
import { Card } from "../Page";
import { WithPassphrase } from "./Security";

export function Data(): JSX.Element {
  const [asking, setAsking] = useState<"json" | "markdown" | "erase" | null>(null);
  const [message, setMessage] = useState<string | null>(null);
  const file = useRef<HTMLInputElement>(null);
  const deleted = useDeletedConversations();
  const { isBusy, error, run } = useAction();
  const handleImport = () => void run(async () => {
    const chosen = file.current?.files?.[0];
    if (chosen !== undefined) {
      const { imported, skipped } = await actions.importAll(chosen);
      setMessage(`Imported ${count(imported.conversations, "conversation")} and ${count(imported.messages, "message")}; ${count(skipped, "record")} ${skipped === 1 ? "was" : "were"} here already.`);
    }
  });
  return (
    <>
      <Card title="Export" lead="A readable copy of everything you wrote. It is not sealed: keep it where only you can read it. Keys of providers are not in it.">
        <div className="row">
          <Button icon="download" onClick={() => setAsking("json")}>Export as JSON</Button>
          <Button icon="download" onClick={() => setAsking("markdown")}>Export as Markdown</Button>
        </div>
      </Card>
      <Card title="Import" lead="A JSON export of cherry. What is here already stays as it is, so importing twice does no harm.">
        <input ref={file} type="file" accept="application/json,.json" aria-label="File to import" onClick={(event) => { event.currentTarget.value = ""; }} onChange={handleImport} disabled={isBusy} />
        <ErrorNote error={error} />
        {message !== null && <p className="good" role="status">{message}</p>}
      </Card>
      {deleted.length > 0 && (
        <Card title="Just deleted" lead="These can be brought back for ten minutes.">
          <ul className="list">{deleted.map((item) => <li key={item.id} className="list-item"><span className="grow truncate" title={exactDate(item.deletedAt ?? 0)}>{item.title}</span><Button icon="undo" onClick={() => void actions.restoreConversation(item.id)}>Restore</Button></li>)}</ul>
        </Card>
      )}
      <Card title="Delete everything" lead="Destroys every conversation, persona, provider and key, on the server and in this browser. It cannot be undone.">
        <div className="row"><Button look="danger" icon="trash" onClick={() => setAsking("erase")}>Delete everything</Button></div>
      </Card>
      {asking === "erase" && <WithPassphrase title="Delete everything" lead="Every conversation, persona, provider and key is destroyed. There is no way back." action="Delete everything" look="danger" onClose={() => setAsking(null)} work={(passphrase) => actions.eraseEverything(passphrase)} />}
      {(asking === "json" || asking === "markdown") && <WithPassphrase title="Export" lead="The file can be read by whoever has it." action="Export" onClose={() => setAsking(null)} work={async (passphrase) => { await actions.exportAll(asking, passphrase); setAsking(null); }} />}
    </>
  );
}
