import { type KeyboardEvent, type MouseEvent, useEffect, useRef, useState } from "react";
import { dateGroup, exactDate, sayDate } from "../hooks/format";
import { navigate } from "../hooks/useRoute";
import { useSearch } from "../hooks/useSearch";
import { actions, type ConversationItem, type SearchResult, useApp, useConversations, useIdleCountdown, usePersonas } from "../state";
import { IconButton } from "./controls";
import { CherryMark } from "./CherryMark";
import { Icon } from "./Icon";
import { sayTimeLeft } from "../hooks/format";

/** Conversations, search and the ways to everything else. */
export function Sidebar({ selected, onClose, onDelete }: { selected: string | null; onClose: () => void; onDelete: (item: ConversationItem) => void }): JSX.Element {
  const { items, isLoading } = useConversations();
  const personas = usePersonas();
  const { hits, hasFailed, query, setQuery } = useSearch(40);
  const pinned = items.filter((item) => item.isPinned);
  const rest = items.filter((item) => !item.isPinned);
  const groups = [...(pinned.length > 0 ? [["Pinned", pinned] as const] : []), ...groupByDate(rest)];
  const open = (path: string) => {
    navigate(path);
    onClose();
  };
  const handleArrows = (event: KeyboardEvent<HTMLElement>) => {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") {
      return;
    }
    const links = [...event.currentTarget.querySelectorAll<HTMLElement>(".conversation-link")];
    const at = links.findIndex((link) => link === document.activeElement);
    links[Math.max(0, Math.min(links.length - 1, at + (event.key === "ArrowDown" ? 1 : -1)))]?.focus();
    event.preventDefault();
  };
  return (
    <nav className="sidebar" aria-label="Conversations">
      <header className="sidebar-head">
        <button type="button" className="brand" onClick={() => open("/")}><CherryMark size={22} /><span>cherry</span></button>
        <IconButton icon="add" label="New conversation" onClick={() => open("/")} />
      </header>
      <div className="search-box">
        <Icon name="search" size={16} />
        <input type="search" autoComplete="off" aria-label="Search conversations" placeholder="Search" value={query} onChange={(event) => setQuery(event.target.value)} />
      </div>
      <div className="conversation-list" onKeyDown={handleArrows}>
        {query.trim() !== "" ? <SearchHits hits={hits} hasFailed={hasFailed} onOpen={open} /> : groups.map(([name, group]) => (
          <section key={name} aria-label={name}>
            <h2 className="group-name">{name}</h2>
            <ul>{group.map((item) => <Row key={item.id} item={item} hue={personas.find(({ id }) => id === item.personaID)?.hue ?? "cherry"} isSelected={item.id === selected} onOpen={() => open(`/c/${item.id}`)} onDelete={() => onDelete(item)} />)}</ul>
          </section>
        ))}
        {query.trim() === "" && items.length === 0 && <p className="empty muted">{isLoading ? "Loading conversations" : "No conversations yet. What you write is kept here, sealed."}</p>}
      </div>
      <footer className="sidebar-foot">
        <OfflineNote />
        <IconButton icon="people" label="Personas" onClick={() => open("/personas")} />
        <IconButton icon="chart" label="Usage" onClick={() => open("/usage")} />
        <IconButton icon="settings" label="Settings" onClick={() => open("/settings/providers")} />
        <IconButton icon="status" label="Status" onClick={() => open("/status")} />
        <LockBadge />
      </footer>
    </nav>
  );
}

function groupByDate(items: ConversationItem[]): (readonly [string, ConversationItem[]])[] {
  const groups = new Map<string, ConversationItem[]>();
  for (const item of items) {
    const name = dateGroup(item.updatedAt);
    groups.set(name, [...(groups.get(name) ?? []), item]);
  }
  return [...groups];
}

function Row({ item, hue, isSelected, onOpen, onDelete }: { item: ConversationItem; hue: string; isSelected: boolean; onOpen: () => void; onDelete: () => void }): JSX.Element {
  const [isRenaming, setRenaming] = useState(false);
  const link = useRef<HTMLAnchorElement>(null);
  const isComingBack = useRef(false);
  useEffect(() => {
    if (!isRenaming && isComingBack.current) {
      isComingBack.current = false;
      link.current?.focus();
    }
  }, [isRenaming]);
  if (isRenaming) {
    return <li><RenameForm item={item} onDone={(byKey) => { isComingBack.current = byKey; setRenaming(false); }} /></li>;
  }
  const handleDelete = (event: MouseEvent<HTMLElement>) => {
    // The row goes away with the focus in it: the next one gets it.
    const row = event.currentTarget.closest("li");
    (row?.nextElementSibling ?? row?.previousElementSibling)?.querySelector<HTMLElement>(".conversation-link")?.focus();
    onDelete();
  };
  return (
    <li className={`conversation hue-${hue} ${isSelected ? "is-selected" : ""}`}>
      <a ref={link} href={`/c/${item.id}`} className="conversation-link" aria-current={isSelected ? "page" : undefined} title={exactDate(item.updatedAt)} onClick={(event) => { event.preventDefault(); onOpen(); }}>
        <span className={`dot ${item.isStreaming ? "is-live" : ""}`} aria-hidden="true" />
        <span className="truncate">{item.title}</span>
        {item.isWaiting && <Icon name="cloudOff" size={14} />}
      </a>
      <span className="conversation-tools">
        <IconButton icon="pin" size={15} label={item.isPinned ? `Unpin ${item.title}` : `Pin ${item.title}`} aria-pressed={item.isPinned} onClick={() => void actions.pin(item.id, !item.isPinned)} />
        <IconButton icon="edit" size={15} label={`Rename ${item.title}`} onClick={() => setRenaming(true)} />
        <IconButton icon="trash" size={15} label={`Delete ${item.title}`} onClick={handleDelete} />
      </span>
    </li>
  );
}

function RenameForm({ item, onDone }: { item: ConversationItem; onDone: (byKey: boolean) => void }): JSX.Element {
  const [title, setTitle] = useState(item.title);
  const isDone = useRef(false);
  const finish = (byKey: boolean) => {
    isDone.current = true;
    onDone(byKey);
  };
  const save = (byKey: boolean) => {
    if (isDone.current) {
      return; // the field loses the focus because it goes away
    }
    const trimmed = title.trim();
    if (trimmed !== "" && trimmed !== item.title) {
      void actions.renameConversation(item.id, trimmed);
    }
    finish(byKey);
  };
  return (
    <form autoComplete="off" className="rename" onSubmit={(event) => { event.preventDefault(); save(true); }}>
      <input className="input" autoComplete="off" dir="auto" aria-label="Title" value={title} maxLength={200} autoFocus onFocus={(event) => event.target.select()} onChange={(event) => setTitle(event.target.value)} onBlur={() => save(false)} onKeyDown={(event) => { if (event.key === "Escape") { finish(true); } }} />
      {item.otherTitles.length > 0 && <p className="muted small">Also named on another device: {item.otherTitles.join(", ")}</p>}
    </form>
  );
}

function SearchHits({ hits, hasFailed, onOpen }: { hits: SearchResult | null; hasFailed: boolean; onOpen: (path: string) => void }): JSX.Element {
  if (hasFailed || hits === null) {
    return <p className="empty muted" role="status">{hasFailed ? "The search failed. Change a word to try again." : "Searching"}</p>;
  }
  return (
    <section aria-label="Search results">
      <div role="status"><h2 className="group-name">{hits.items.length === 0 ? "Nothing found" : `${hits.items.length} found`}{hits.isLocal ? ", in this browser" : ""}{hits.indexing ? ", still reading" : ""}</h2></div>
      <ul>
        {hits.items.map((hit) => (
          <li key={hit.messageID} className="conversation">
            <a href={`/c/${hit.conversationID}#m-${hit.messageID}`} className="conversation-link hit" onClick={(event) => { event.preventDefault(); onOpen(`/c/${hit.conversationID}#m-${hit.messageID}`); }}>
              <span className="hit-title"><span className="truncate">{hit.title}</span><time className="muted small">{sayDate(hit.createdAt)}</time></span>
              <span className="hit-snippet">{marked(hit.snippet, hit.ranges)}</span>
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** A snippet with what was found marked. */
function marked(text: string, ranges: [number, number][]): (string | JSX.Element)[] {
  const parts: (string | JSX.Element)[] = [];
  let at = 0;
  for (const [start, length] of ranges) {
    parts.push(text.slice(at, start), <mark key={start}>{text.slice(start, start + length)}</mark>);
    at = start + length;
  }
  return [...parts, text.slice(at)];
}

/** Says that the server is away, and what waits for it. */
function OfflineNote(): JSX.Element | null {
  const { connection, sync } = useApp();
  return connection !== "offline" ? null : (
    <p className="offline-note" role="status" title="The server cannot be reached. What you write is kept and sent later.">
      <Icon name="cloudOff" size={16} />Offline{sync.waiting > 0 ? `, ${sync.waiting} waiting to be sent` : ""}
    </p>
  );
}

/** Tells the truth about the lock: open, with the time left. */
function LockBadge(): JSX.Element {
  const left = useIdleCountdown();
  return (
    <button type="button" className="button button-quiet lock-button" aria-label="Lock" title={left === null ? "Lock now" : `Unlocked. Locks by itself in ${sayTimeLeft(left)}.`} onClick={() => void actions.lock()}>
      <Icon name="unlock" size={16} /><span className="numbers">{left === null ? "" : sayTimeLeft(left)}</span>
    </button>
  );
}
