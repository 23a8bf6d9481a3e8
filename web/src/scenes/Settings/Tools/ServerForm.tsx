import { useState } from "react";
import { Button, ConfirmButton, Dialog, ErrorNote, IconButton, TextField } from "../../../components/controls";
import { AreaField, CheckField, Fold, Segments } from "../../../components/fields";
import { Icon } from "../../../components/Icon";
import { useAction } from "../../../hooks/useAction";
import { makeID } from "../../../lib/ids";
import { isPrivateAddress } from "../../../lib/providerPresets";
import type { Envelope } from "../../../state";
import { bridgeActions, type ToolServer, type ToolServerInput } from "../../../state/bridge";

/** A variable while it is edited. What is stored is never sent back, so its value is empty. */
interface Variable { key: string; name: string; value: string; isStored: boolean }

/** Adds a tool server or changes one. */
export function ServerForm({ record, onClose }: { record: Envelope<ToolServer> | null; onClose: () => void }): JSX.Element {
  const server = record?.value ?? null;
  const [name, setName] = useState(server?.name ?? "");
  const [transport, setTransport] = useState<ToolServer["transport"]>(server?.transport ?? "stdio");
  const [command, setCommand] = useState(server?.command ?? "");
  const [words, setWords] = useState(server?.arguments.join("\n") ?? "");
  const [variables, setVariables] = useState<Variable[]>(() => (server?.environment ?? []).map((each) => ({ key: makeID(), name: each, value: "", isStored: true })));
  const [url, setURL] = useState(server?.url ?? "");
  const [key, setKey] = useState("");
  const [mayBePrivate, setMayBePrivate] = useState<boolean | null>(server?.allowsPrivateAddresses ?? null);
  const [timeout, setTimeoutSeconds] = useState(String(server?.timeoutSeconds ?? 60));
  const { isBusy, error, run } = useAction();
  const isProgram = transport === "stdio";
  const isPrivate = isPrivateAddress(url.trim());
  const change = (at: string, fields: Partial<Variable>) => setVariables(variables.map((each) => (each.key === at ? { ...each, ...fields } : each)));
  const input: ToolServerInput = {
    name: name.trim(), transport,
    command: isProgram ? command.trim() : null,
    arguments: isProgram ? words.split("\n").filter((line) => line !== "") : [],
    environment: isProgram ? Object.fromEntries(variables.filter((each) => each.name.trim() !== "").map((each) => [each.name.trim(), each.isStored && each.value === "" ? null : each.value])) : {},
    url: isProgram ? null : url.trim(),
    ...(key === "" || isProgram ? {} : { key: key.trim() }),
    allowsPrivateAddresses: !isProgram && (mayBePrivate ?? isPrivate),
    timeoutSeconds: Number(timeout),
  };
  const finish = async (work: () => Promise<unknown>) => {
    if (await run(work)) {
      onClose();
    }
  };
  return (
    <Dialog title={server === null ? "Add a tool server" : `Edit ${server.name}`} onClose={onClose}>
      <form autoComplete="off" className="stack" onSubmit={(event) => { event.preventDefault(); void finish(() => bridgeActions.saveToolServer(record?.id ?? null, record?.version ?? 0, input)); }}>
        <TextField label="Name" value={name} maxLength={80} required onChange={(event) => setName(event.target.value)} />
        <Segments label="How it is reached" isLabelShown options={[["stdio", "A program on the server"], ["http", "An address"]]} value={transport} onChange={setTransport} />
        {isProgram ? (
          <>
            <TextField label="Command" value={command} required spellCheck={false} placeholder="/usr/bin/npx" hint="Runs where cherry runs, as the same user. Use only programs that you trust." onChange={(event) => setCommand(event.target.value)} />
            <AreaField label="Arguments" isCode value={words} hint="One in a line, without quotation marks." onChange={setWords} />
            <fieldset className="field">
              <legend>Environment</legend>
              {variables.map((variable) => (
                <div key={variable.key} className="input-row">
                  <input className="input input-code" autoComplete="off" aria-label="Variable" placeholder="NAME" spellCheck={false} value={variable.name} onChange={(event) => change(variable.key, { name: event.target.value, isStored: false })} />
                  <input className="input" type="password" autoComplete="off" aria-label={`Value of ${variable.name === "" ? "the variable" : variable.name}`} placeholder={variable.isStored ? "Stored; leave empty to keep it" : "Value"} value={variable.value} onChange={(event) => change(variable.key, { value: event.target.value })} />
                  <IconButton icon="close" size={16} label={`Remove ${variable.name === "" ? "the variable" : variable.name}`} onClick={() => setVariables(variables.filter((each) => each.key !== variable.key))} />
                </div>
              ))}
              <div><Button icon="add" onClick={() => setVariables([...variables, { key: makeID(), name: "", value: "", isStored: false }])}>Add a variable</Button></div>
              <div className="field-hint">It sees these and nothing else of the server’s environment. Values are sealed and never shown again.</div>
            </fieldset>
          </>
        ) : (
          <>
            <TextField label="Address" type="url" value={url} required placeholder="https://host/mcp" onChange={(event) => setURL(event.target.value)} />
            {(isPrivate || (mayBePrivate ?? false)) && <CheckField label="It may be at a private address" hint="On this machine or in a private network. Without this, it is refused." checked={mayBePrivate ?? isPrivate} onChange={setMayBePrivate} />}
            <TextField label="Key" type="password" autoComplete="off" value={key} placeholder={server?.hasKey === true ? "Stored; leave empty to keep it" : ""} hint="Sent as a bearer token, if the server wants one." onChange={(event) => setKey(event.target.value)} />
          </>
        )}
        <Fold title="Time limit">
          <TextField label="Seconds for one call" type="number" min={1} max={3600} required value={timeout} hint="A call that takes longer is cancelled." onChange={(event) => setTimeoutSeconds(event.target.value)} />
        </Fold>
        <p className="notice"><Icon name="shield" size={16} />New tools ask before each call until you decide otherwise.</p>
        <ErrorNote error={error} />
        <div className="row">
          <Button look="main" type="submit" disabled={isBusy || name.trim() === ""}>Save</Button>
          {record !== null && server !== null && <Button onClick={() => void finish(() => bridgeActions.switchToolServer(record.id, record.version, !server.isEnabled))}>{server.isEnabled ? "Switch off" : "Switch on"}</Button>}
          {record !== null && server !== null && <ConfirmButton action={`Remove ${server.name}`} question="Its settings, stored values and permissions are destroyed. Conversations keep what its tools answered." onConfirm={() => void finish(() => bridgeActions.deleteToolServer(record.id))}>Remove {server.name}</ConfirmButton>}
        </div>
      </form>
    </Dialog>
  );
}
