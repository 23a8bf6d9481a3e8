import type { ReactNode } from "react";
import { IconButton } from "../components/controls";
import { LockState } from "../components/LockState";

/** The frame of every page but the chat. */
export function Page({ title, lead, isWide = false, children, onMenu }: { title: string; lead?: string; isWide?: boolean; children: ReactNode; onMenu: () => void }): JSX.Element {
  return (
    <main className="page" id="main">
      <header className="chat-head">
        <IconButton icon="menu" label="Open conversations" className="menu-button" onClick={onMenu} />
        <h1>{title}</h1>
        <LockState />
      </header>
      <div className="page-scroll" tabIndex={0} role="region" aria-label={title}>
        <div className={`page-column ${isWide ? "is-wide" : ""}`}>
          {lead !== undefined && <p className="muted">{lead}</p>}
          {children}
        </div>
      </div>
    </main>
  );
}

/** One subject of a page. */
export function Card({ title, children, lead }: { title: string; lead?: string; children: ReactNode }): JSX.Element {
  return (
    <section className="card" aria-label={title}>
      <h2>{title}</h2>
      {lead !== undefined && <p className="muted">{lead}</p>}
      {children}
    </section>
  );
}
