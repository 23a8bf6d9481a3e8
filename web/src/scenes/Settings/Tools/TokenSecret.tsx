import { useState } from "react";
import { CodeBlock } from "../../../components/CodeBlock";
import { Button, Dialog } from "../../../components/controls";
import { Segments } from "../../../components/fields";
import { Icon } from "../../../components/Icon";
import { snippetsFor } from "../../../lib/snippets";
import { aliases, useRemote } from "../../../state/bridge";

/** A new token, the only time it is shown, and how tools use it; without a token, how tools use theirs. */
export function TokenSecret({ name, secret, onClose }: { name: string | null; secret: string | null; onClose: () => void }): JSX.Element {
  const { value } = useRemote(aliases);
  const [at, setAt] = useState("OpenAI");
  const [isCopied, setCopied] = useState(false);
  const names = (value ?? []).flatMap((record) => record.value?.name ?? []);
  const snippets = snippetsFor(location.origin, secret ?? "YOUR-TOKEN", names.find((each) => each === "fast") ?? names[0] ?? "MODEL");
  const snippet = snippets.find((each) => each.name === at) ?? snippets[0];
  const copy = () => void navigator.clipboard.writeText(secret ?? "").then(() => setCopied(true));
  return (
    <Dialog title={name === null ? "How tools connect" : `Token for ${name}`} onClose={onClose} className="dialog-wide">
      {secret !== null && (
        <>
          <p>Copy it now: it is not kept here and cannot be shown again. Whoever has it can use it as you allowed.</p>
          <div className="secret">
            <code aria-label="Token">{secret}</code>
            <Button look="main" data-focus="" icon={isCopied ? "check" : "copy"} onClick={copy}>{isCopied ? "Copied" : "Copy"}</Button>
          </div>
        </>
      )}
      {secret === null && <p className="muted">Tools take an address and a key: the address of this server, and a token that you make here.</p>}
      <Segments label="Tool" options={snippets.map((each) => [each.name, each.name] as const)} value={at} onChange={setAt} />
      {snippet !== undefined && <CodeBlock language={snippet.language} code={snippet.code} />}
      {snippet?.note !== undefined && <p className="notice"><Icon name="info" size={16} />{snippet.note}</p>}
      {!/^(localhost|127\.|\[::1\])/.test(location.hostname) ? null : <p className="notice"><Icon name="info" size={16} />This address works on this machine. From another one, use the name under which this server is reached there.</p>}
      <div className="row"><Button onClick={onClose}>{secret === null ? "Close" : "I have it"}</Button></div>
    </Dialog>
  );
}
