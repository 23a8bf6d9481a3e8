import { useState } from "react";
import { Button, ErrorNote } from "../../../components/controls";
import { Fold } from "../../../components/fields";
import { Icon } from "../../../components/Icon";
import { RemoteState } from "../../../components/RemoteState";
import { count } from "../../../hooks/format";
import { useAction } from "../../../hooks/useAction";
import type { Envelope } from "../../../state";
import { bridgeActions, type ServerTool, type ToolPermission, type ToolServer, type ToolServerTest, toolServers, useRemote } from "../../../state/bridge";
import { Card } from "../../Page";
import { ServerForm } from "./ServerForm";

const permissions: readonly (readonly [ToolPermission, string])[] = [["ask", "Ask each time"], ["always", "Always allow"], ["never", "Never"]];

/** Servers whose tools can be used in the chat. */
export function Servers(): JSX.Element {
  const view = useRemote(toolServers);
  const [editing, setEditing] = useState<Envelope<ToolServer> | "new" | null>(null);
  return (
    <Card title="Tool servers" lead="Programs that speak the Model Context Protocol. Their tools can be used in a conversation; each call is shown, and you decide which may run.">
      <RemoteState view={view} lines={3} />
      {view.value !== null && (
        <>
          {view.value.length === 0 && <p className="notice"><Icon name="info" size={16} />None yet. With one, a model can look things up or do things for you.</p>}
          <ul className="list">{view.value.map((record) => record.value !== undefined && <ServerRow key={record.id} record={record} server={record.value} onEdit={() => setEditing(record)} />)}</ul>
          <div className="row"><Button icon="add" onClick={() => setEditing("new")}>Add a tool server</Button></div>
        </>
      )}
      {editing !== null && <ServerForm record={editing === "new" ? null : editing} onClose={() => setEditing(null)} />}
    </Card>
  );
}

function ServerRow({ record, server, onEdit }: { record: Envelope<ToolServer>; server: ToolServer; onEdit: () => void }): JSX.Element {
  const [result, setResult] = useState<ToolServerTest | null>(null);
  const { isBusy, error, run } = useAction();
  return (
    <li className="list-item">
      <Icon name="tool" />
      <div className="grow">
        <p><strong>{server.name}</strong> <span className="chip">{server.transport === "stdio" ? "Program" : "HTTP"}</span> {!server.isEnabled && <span className="chip">Off</span>}</p>
        <p className="muted small wrap code">{server.transport === "stdio" ? [server.command, ...server.arguments].join(" ") : server.url}</p>
        {result !== null && (result.ok
          ? <p className="good small" role="status"><Icon name="check" size={14} />It answered in {Math.max(1, result.latencyMilliseconds)} ms and offers {count(result.tools.length, "tool")}.</p>
          : <ErrorNote error={result.error ?? { message: "It did not answer." }} />)}
        <ErrorNote error={error} />
      </div>
      <Button disabled={isBusy} onClick={() => void run(async () => setResult(await bridgeActions.testToolServer(record.id)))}>{isBusy ? "Testing" : "Test"}</Button>
      <Button icon="edit" aria-label={`Edit ${server.name}`} onClick={onEdit}>Edit</Button>
      {server.tools.length > 0 && (
        <div className="list-more">
          <Fold title={count(server.tools.length, "tool")}>
            <ul className="list">{server.tools.map((tool) => <ToolRow key={tool.name} serverID={record.id} tool={tool} />)}</ul>
            <p className="muted small">After a turn has read what others wrote, a tool that may change something always asks.</p>
          </Fold>
        </div>
      )}
    </li>
  );
}

function ToolRow({ serverID, tool }: { serverID: string; tool: ServerTool }): JSX.Element {
  const { isBusy, error, run } = useAction();
  return (
    <li className="list-item">
      <div className="grow">
        <p><strong className="code">{tool.title ?? tool.name}</strong> {tool.isReadOnly !== undefined && <span className="chip">{tool.isReadOnly ? "only reads" : "may change things"}</span>}</p>
        {tool.description !== undefined && <p className="muted small clamp">{tool.description}</p>}
        <ErrorNote error={error} />
      </div>
      <select className="input narrow" aria-label={`Permission of ${tool.name}`} value={tool.permission} disabled={isBusy} onChange={(event) => void run(() => bridgeActions.setToolPermission(serverID, tool.name, event.target.value as ToolPermission))}>
        {permissions.map(([value, words]) => <option key={value} value={value}>{words}</option>)}
      </select>
    </li>
  );
}
