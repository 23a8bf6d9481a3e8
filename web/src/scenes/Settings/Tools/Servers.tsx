import { useState } from "react";
import { Button, ErrorNote } from "../../../components/controls";
import { Fold } from "../../../components/fields";
import { Icon } from "../../../components/Icon";
import { RemoteState } from "../../../components/RemoteState";
import { Skeleton } from "../../../components/Skeleton";
import { count } from "../../../hooks/format";
import { useAction } from "../../../hooks/useAction";
import type { Envelope } from "../../../state";
import { bridgeActions, type ServerTool, type ToolPermission, type ToolRule, type ToolServer, type ToolServerTest, toolServers, useRemote } from "../../../state/bridge";
import { Card } from "../../Page";
import { permissions } from "./permissions";
import { ServerForm } from "./ServerForm";

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
  const { endpoint } = server;
  const test = () => void run(async () => setResult(await bridgeActions.testToolServer(record.id)));
  const tools = result?.ok === true ? result.tools : Object.keys(server.rules).map((name): ServerTool => ({ name }));
  return (
    <li className="list-item">
      <Icon name="tool" />
      <div className="grow">
        <p><strong>{server.name}</strong> <span className="chip">{endpoint.kind === "command" ? "Program" : "HTTP"}</span> {!server.isEnabled && <span className="chip">Off</span>}</p>
        <p className="muted small wrap code">{endpoint.kind === "command" ? [endpoint.program, ...endpoint.arguments].join(" ") : endpoint.url}</p>
        {result !== null && (result.ok
          ? <p className="good small" role="status"><Icon name="check" size={14} />It answered in {Math.max(1, result.latencyMilliseconds)} ms and offers {count(result.tools.length, "tool")}{result.server === undefined ? "" : ` (${result.server})`}.</p>
          : <ErrorNote error={result.error ?? { message: "It did not answer." }} />)}
        <ErrorNote error={error} />
      </div>
      <Button disabled={isBusy} aria-label={`Test ${server.name}`} onClick={test}>{isBusy ? "Testing" : "Test"}</Button>
      <Button icon="edit" aria-label={`Edit ${server.name}`} onClick={onEdit}>Edit</Button>
      <div className="list-more">
        <Fold title={result?.ok === true ? count(tools.length, "tool") : "Tools and permissions"} onOpen={() => { if (result === null && !isBusy) { test(); } }}>
          {isBusy && <Skeleton lines={2} />}
          <ul className="list">{tools.map((tool) => <ToolRow key={tool.name} record={record} server={server} tool={tool} />)}</ul>
          {!isBusy && tools.length === 0 && <p className="muted small">{result?.ok === true ? "It offers no tools." : "Its tools are known once it has answered."}</p>}
          {tools.length > 0 && <p className="muted small">After a turn has read what others wrote, a tool that may change something always asks.</p>}
        </Fold>
      </div>
    </li>
  );
}

function ToolRow({ record, server, tool }: { record: Envelope<ToolServer>; server: ToolServer; tool: ServerTool }): JSX.Element {
  const { isBusy, error, run } = useAction();
  const rule = server.rules[tool.name];
  const permission = rule?.permission ?? server.permission;
  const byItself = server.isTrusted && tool.saysReadOnly === true ? "only reads" : "may change";
  const natures = [["", `${server.isTrusted ? "As it says" : "Default"}: ${byItself}`], ["reads", "Only reads"], ["changes", "May change things"]] as const;
  const change = (next: ToolRule) => void run(() => bridgeActions.changeToolServer(record.id, record.version, { rules: { ...server.rules, [tool.name]: next } }));
  return (
    <li className="list-item">
      <div className="grow">
        <p><strong className="code">{tool.title ?? tool.name}</strong></p>
        {tool.description !== undefined && <p className="muted small clamp">{tool.description}</p>}
        <ErrorNote error={error} />
      </div>
      <div className="row">
        <select className="input narrow" aria-label={`What ${tool.name} does`} value={rule?.isReadOnly === undefined ? "" : rule.isReadOnly ? "reads" : "changes"} disabled={isBusy} onChange={(event) => change({ permission, ...(event.target.value === "" ? {} : { isReadOnly: event.target.value === "reads" }) })}>
          {natures.map(([value, words]) => <option key={value} value={value}>{words}</option>)}
        </select>
        <select className="input narrow" aria-label={`Permission of ${tool.name}`} value={permission} disabled={isBusy} onChange={(event) => change({ ...rule, permission: event.target.value as ToolPermission })}>
          {permissions.map(([value, words]) => <option key={value} value={value}>{words}</option>)}
        </select>
      </div>
    </li>
  );
}
