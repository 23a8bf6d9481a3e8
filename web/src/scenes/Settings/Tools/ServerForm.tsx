import { useState } from "react";
import { Button, ConfirmButton, Dialog, ErrorNote, TextField } from "../../../components/controls";
import { AreaField, CheckField, Fold, NamesField, Segments } from "../../../components/fields";
import { useAction } from "../../../hooks/useAction";
import { isPrivateAddress } from "../../../lib/providerPresets";
import type { Envelope } from "../../../state";
import { bridgeActions, type ToolEndpoint, type ToolPermission, type ToolServer, type ToolServerInput } from "../../../state/bridge";
import { permissions } from "./permissions";

/** Variables that most programs need to start. */
const usualEnvironment = ["HOME", "LANG", "PATH"];

/** Adds a tool server or changes one. */
export function ServerForm({ record, onClose }: { record: Envelope<ToolServer> | null; onClose: () => void }): JSX.Element {
  const server = record?.value ?? null;
  const command = server?.endpoint.kind === "command" ? server.endpoint : null;
  const [name, setName] = useState(server?.name ?? "");
  const [kind, setKind] = useState<ToolEndpoint["kind"]>(server?.endpoint.kind ?? "command");
  const [program, setProgram] = useState(command?.program ?? "");
  const [words, setWords] = useState(command?.arguments.join("\n") ?? "");
  const [environment, setEnvironment] = useState(command?.environment ?? usualEnvironment);
  const [variable, setVariable] = useState(command?.credentialVariable ?? "");
  const [url, setURL] = useState(server?.endpoint.kind === "http" ? server.endpoint.url : "");
  const [credential, setCredential] = useState("");
  const [mayBePrivate, setMayBePrivate] = useState<boolean | null>(server?.allowsPrivateAddresses ?? null);
  const [permission, setPermission] = useState<ToolPermission>(server?.permission ?? "ask");
  const [isTrusted, setTrusted] = useState(server?.isTrusted ?? false);
  const [timeout, setTimeoutSeconds] = useState(String(server?.timeoutSeconds ?? 60));
  const { isBusy, error, run } = useAction();
  const isProgram = kind === "command";
  const isPrivate = isPrivateAddress(url.trim());
  const allowsPrivateAddresses = mayBePrivate ?? isPrivate;
  const input: ToolServerInput = {
    name: name.trim(), permission, isTrusted, timeoutSeconds: Number(timeout),
    endpoint: isProgram
      ? { kind: "command", program: program.trim(), arguments: words.split("\n").filter((line) => line !== ""), environment, ...(variable.trim() === "" ? {} : { credentialVariable: variable.trim() }) }
      : { kind: "http", url: url.trim() },
    allowsPrivateAddresses: !isProgram && allowsPrivateAddresses,
    ...(credential === "" ? {} : { credential: credential.trim() }),
  };
  const finish = async (work: () => Promise<unknown>) => {
    if (await run(work)) {
      onClose();
    }
  };
  const stored = server?.hasCredential === true ? "Stored; leave empty to keep it" : "";
  return (
    <Dialog title={server === null ? "Add a tool server" : `Edit ${server.name}`} onClose={onClose}>
      <form autoComplete="off" className="stack" onSubmit={(event) => { event.preventDefault(); void finish(() => bridgeActions.saveToolServer(record?.id ?? null, record?.version ?? 0, input)); }}>
        <TextField label="Name" value={name} maxLength={80} required onChange={(event) => setName(event.target.value)} />
        <Segments label="How it is reached" isLabelShown options={[["command", "A program on the server"], ["http", "An address"]]} value={kind} onChange={setKind} />
        {isProgram ? (
          <>
            <TextField label="Command" value={program} required spellCheck={false} placeholder="/usr/bin/npx" hint="Runs where cherry runs, as the same user. Use only programs that you trust." onChange={(event) => setProgram(event.target.value)} />
            <AreaField label="Arguments" isCode value={words} hint="One in a line, without quotation marks." onChange={setWords} />
            <NamesField label="Environment" values={environment} suggestions={usualEnvironment} placeholder="NAME" hint="Names of the variables of cherry’s own environment that it gets to see, and no others." onChange={setEnvironment} />
            <fieldset className="pairs">
              <legend>Credential, if it wants one</legend>
              <TextField label="In the variable" value={variable} spellCheck={false} placeholder="API_KEY" onChange={(event) => setVariable(event.target.value)} />
              <TextField label="Key" type="password" autoComplete="off" value={credential} placeholder={stored} onChange={(event) => setCredential(event.target.value)} />
            </fieldset>
          </>
        ) : (
          <>
            <TextField label="Address" type="url" value={url} required placeholder="https://host/mcp" onChange={(event) => setURL(event.target.value)} />
            {(isPrivate || allowsPrivateAddresses) && <CheckField label="It may be at a private address" hint="On this machine or in a private network. Without this, it is refused." checked={allowsPrivateAddresses} onChange={setMayBePrivate} />}
            <TextField label="Key" type="password" autoComplete="off" value={credential} placeholder={stored} hint="Sent as a bearer token, if the server wants one. It is sealed and never shown again." onChange={(event) => setCredential(event.target.value)} />
          </>
        )}
        <Segments label="Its tools" isLabelShown options={permissions} value={permission} onChange={setPermission} />
        <Fold title="Trust and time limit" isOpen={isTrusted}>
          <CheckField label="Believe what it says of its tools" hint="Such as that one only reads. Otherwise every tool counts as one that may change things, unless you say otherwise." checked={isTrusted} onChange={setTrusted} />
          <TextField label="Seconds for one call" type="number" min={1} max={3600} required value={timeout} hint="A call that takes longer is cancelled." onChange={(event) => setTimeoutSeconds(event.target.value)} />
        </Fold>
        <ErrorNote error={error} />
        <div className="row">
          <Button look="main" type="submit" disabled={isBusy || name.trim() === ""}>Save</Button>
          {record !== null && server !== null && <Button onClick={() => void finish(() => bridgeActions.changeToolServer(record.id, record.version, { isEnabled: !server.isEnabled }))}>{server.isEnabled ? "Switch off" : "Switch on"}</Button>}
          {record !== null && server !== null && <ConfirmButton look="quiet" action={`Remove ${server.name}`} question="Its settings, its key and its permissions are destroyed. Conversations keep what its tools answered." onConfirm={() => void finish(() => bridgeActions.deleteToolServer(record.id))}>Remove {server.name}</ConfirmButton>}
        </div>
      </form>
    </Dialog>
  );
}
