import { type KeyboardEvent, useEffect, useMemo, useState } from "react";
import { navigate } from "../hooks/useRoute";
import { useSearch } from "../hooks/useSearch";
import { actions, useConversations, usePersonas } from "../state";
import { Dialog } from "./controls";
import { Icon, type IconName } from "./Icon";

interface Command { name: string; kind: string; icon: IconName; run: () => void }

const mostCommands = 16;
const mostMessages = 8;

/** Finds everything: conversations, messages, personas, pages and actions. */
export function Palette({ onClose, onHelp }: { onClose: () => void; onHelp: () => void }): JSX.Element {
  const { items } = useConversations();
  const personas = usePersonas();
  const { hits, query, setQuery } = useSearch(mostMessages);
  const [at, setAt] = useState(0);
  const commands = useMemo<Command[]>(() => [
    { name: "New conversation", kind: "Action", icon: "add", run: () => navigate("/") },
    { name: "Lock", kind: "Action", icon: "lock", run: () => void actions.lock() },
    { name: "Keyboard shortcuts", kind: "Help", icon: "keyboard", run: onHelp },
    { name: "Personas", kind: "Page", icon: "people", run: () => navigate("/personas") },
    { name: "Usage and cost", kind: "Page", icon: "chart", run: () => navigate("/usage") },
    { name: "Live requests", kind: "Page", icon: "status", run: () => navigate("/requests") },
    { name: "Providers", kind: "Settings", icon: "plug", run: () => navigate("/settings/providers") },
    { name: "Models: aliases, routing, prices", kind: "Settings", icon: "branch", run: () => navigate("/settings/models") },
    { name: "Tools: access tokens, tool servers (MCP)", kind: "Settings", icon: "tool", run: () => navigate("/settings/tools") },
    { name: "Appearance", kind: "Settings", icon: "sun", run: () => navigate("/settings/appearance") },
    { name: "Security: passphrase, recovery kit, devices", kind: "Settings", icon: "shield", run: () => navigate("/settings/security") },
    { name: "Data: export, import, delete everything", kind: "Settings", icon: "database", run: () => navigate("/settings/data") },
    { name: "Status", kind: "Page", icon: "status", run: () => navigate("/status") },
    { name: "Telemetry: what leaves this machine", kind: "Settings", icon: "upload", run: () => navigate("/settings/telemetry") },
    { name: "Figures", kind: "Page", icon: "chart", run: () => navigate("/figures") },
    { name: "Log", kind: "Page", icon: "status", run: () => navigate("/log") },
    { name: "Dark colours", kind: "Action", icon: "sun", run: () => void actions.setPreference("appearance.scheme", "dark") },
    { name: "Light colours", kind: "Action", icon: "sun", run: () => void actions.setPreference("appearance.scheme", "light") },
    ...personas.map((persona): Command => ({ name: `Talk to ${persona.name}`, kind: "Persona", icon: "people", run: () => void actions.createConversation({ personaID: persona.id }).then((id) => navigate(`/c/${id}`)) })),
    ...items.map((item): Command => ({ name: item.title, kind: "Conversation", icon: "thought", run: () => navigate(`/c/${item.id}`) })),
  ], [items, personas, onHelp]);
  const words = query.toLowerCase().split(/\s+/).filter((word) => word !== "");
  const messages = (hits?.items ?? []).map((hit): Command => ({ name: hit.snippet, kind: hit.title, icon: "search", run: () => navigate(`/c/${hit.conversationID}#m-${hit.messageID}`) }));
  const found = [
    ...commands.filter(({ name, kind }) => words.every((word) => `${name} ${kind}`.toLowerCase().includes(word))).slice(0, mostCommands),
    ...messages,
  ];
  const choose = (command: Command | undefined) => {
    if (command !== undefined) {
      onClose();
      command.run();
    }
  };
  useEffect(() => {
    document.getElementById(`palette-${at}`)?.scrollIntoView({ block: "nearest" });
  }, [at]);
  const handleKey = (event: KeyboardEvent) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      setAt((found.length + at + (event.key === "ArrowDown" ? 1 : -1)) % Math.max(1, found.length));
    } else if (event.key === "Enter") {
      event.preventDefault();
      choose(found[at]);
    }
  };
  return (
    <Dialog title="Command palette" onClose={onClose} isLight className="dialog-palette">
      <input className="input" autoComplete="off" role="combobox" aria-expanded="true" aria-controls="palette-list" aria-activedescendant={at < found.length ? `palette-${at}` : undefined} aria-label="Find anything" placeholder="Find a conversation, a message, a page or an action" value={query} autoFocus onChange={(event) => { setQuery(event.target.value); setAt(0); }} onKeyDown={handleKey} />
      <ul className="palette" id="palette-list" role="listbox" aria-label="Found">
        {found.map((command, index) => (
          <li key={`${command.kind}${command.name}${index}`} id={`palette-${index}`} role="option" aria-selected={index === at} onPointerMove={(event) => { if (event.movementX !== 0 || event.movementY !== 0) { setAt(index); } }} onClick={() => choose(command)}>
            <Icon name={command.icon} /><span className="truncate grow">{command.name}</span><span className="muted small truncate">{command.kind}</span>
          </li>
        ))}
      </ul>
      {found.length === 0 && <p className="empty muted" role="status">Nothing found.</p>}
    </Dialog>
  );
}
