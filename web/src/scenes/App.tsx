import { useEffect, useRef, useState } from "react";
import { CherryMark } from "../components/CherryMark";
import { Button, Toast } from "../components/controls";
import { Help } from "../components/Help";
import { Palette } from "../components/Palette";
import { Sidebar } from "../components/Sidebar";
import { count } from "../hooks/format";
import { navigate, useRoute } from "../hooks/useRoute";
import { saySetting } from "../hooks/words";
import { actions, type ConversationItem, type Notice, useApp, useNotices, usePreferences } from "../state";
import { Bridge } from "./Bridge";
import { Conversation } from "./Conversation";
import { FirstRun } from "./FirstRun";
import { OldWrites } from "./OldWrites";
import { Personas } from "./Personas";
import { Settings } from "./Settings";
import { System } from "./System";
import { Unlock } from "./Unlock";

/** Shows what the state of the vault allows. */
export function App(): JSX.Element {
  const { phase } = useApp();
  useScheme();
  switch (phase) {
    case "loading":
      return <div className="gate" />;
    case "unreachableFirstRun":
      return (
        <main className="gate"><div className="gate-card">
          <CherryMark size={44} />
          <h1>The server cannot be reached</h1>
          <p className="muted">This browser keeps nothing yet, so there is nothing to open. Start the server and try again.</p>
          <Button look="main" onClick={() => void actions.reconnect()}>Try again</Button>
        </div></main>
      );
    case "firstRun":
      return <FirstRun />;
    case "locked":
      return <Unlock />;
    case "ready":
      return <Frame />;
  }
}

/** Puts the chosen scheme and motion on the page; before unlocking both follow the system. */
function useScheme(): void {
  const { "appearance.scheme": scheme, "appearance.reduceMotion": isReduced } = usePreferences();
  const { phase } = useApp();
  useEffect(() => {
    const dark = matchMedia("(prefers-color-scheme: dark)");
    const apply = () => {
      const chosen = phase === "ready" ? scheme : "system";
      document.documentElement.dataset["scheme"] = chosen === "system" ? (dark.matches ? "dark" : "light") : chosen;
      document.documentElement.dataset["motion"] = isReduced ? "reduced" : "full";
    };
    apply();
    dark.addEventListener("change", apply);
    return () => dark.removeEventListener("change", apply);
  }, [scheme, isReduced, phase]);
}

/** On a narrow window the list lies over the page: it takes the focus, Escape closes it, and the page behind rests. */
function useMenu(isOpen: boolean, onClose: () => void): void {
  const close = useRef(onClose);
  close.current = onClose;
  useEffect(() => {
    if (!isOpen) {
      return undefined;
    }
    const narrow = matchMedia("(max-width: 700px)");
    const page = document.getElementById("main");
    const leave = () => close.current();
    const handleKey = (event: KeyboardEvent) => {
      if (event.key === "Escape" && !event.defaultPrevented && document.querySelector("dialog[open], .rename") === null) {
        event.preventDefault();
        leave();
      }
    };
    page?.toggleAttribute("inert", true);
    document.querySelector<HTMLElement>(".sidebar-head .icon-button")?.focus();
    addEventListener("keydown", handleKey, true);
    narrow.addEventListener("change", leave);
    return () => {
      page?.toggleAttribute("inert", false);
      removeEventListener("keydown", handleKey, true);
      narrow.removeEventListener("change", leave);
      document.querySelector<HTMLElement>(".menu-button")?.focus();
    };
  }, [isOpen]);
}

function Frame(): JSX.Element {
  const route = useRoute();
  const { hasUpdate, oldWrites } = useApp();
  const notices = useNotices();
  const [isMenuOpen, setMenuOpen] = useState(false);
  const [overlay, setOverlay] = useState<"palette" | "help" | "oldWrites" | null>(null);
  /** What was deleted while the message about it is on show. */
  const [deleted, setDeleted] = useState<readonly { title: string; undo: () => Promise<void> }[]>([]);
  const selected = route.page === "chat" ? route.id : null;

  useEffect(() => {
    const handleKey = (event: KeyboardEvent) => {
      const isCommand = event.ctrlKey || event.metaKey;
      const isTyping = event.target instanceof HTMLElement && event.target.matches("input, textarea, select, [contenteditable]");
      const isInComposer = event.target instanceof HTMLElement && event.target.closest(".composer") !== null;
      const key = event.key.toLowerCase();
      if (isCommand && !event.shiftKey && key === "k") {
        event.preventDefault();
        setOverlay("palette");
      } else if (isCommand && event.shiftKey && key === "o") {
        event.preventDefault();
        navigate("/");
      } else if (isCommand && event.shiftKey && key === "l") {
        event.preventDefault();
        void actions.lock();
      } else if (!isTyping && !isCommand && event.key === "?") {
        event.preventDefault();
        setOverlay("help");
      } else if (!isTyping && !isCommand && !event.altKey && key === "i") {
        event.preventDefault();
        document.querySelector<HTMLElement>("[data-details]")?.click();
      } else if (!isTyping && !isCommand && event.key === "/") {
        event.preventDefault();
        document.querySelector<HTMLInputElement>("input[type=search]")?.focus();
      } else if (event.key === "Escape" && !event.defaultPrevented && !(isTyping && !isInComposer) && document.querySelector("dialog[open]") === null) {
        document.querySelector<HTMLButtonElement>(".composer .button-plain")?.click();
      }
    };
    addEventListener("keydown", handleKey);
    return () => removeEventListener("keydown", handleKey);
  }, []);

  const handleDelete = (item: ConversationItem) => {
    void actions.deleteConversation(item.id).then((result) => {
      setDeleted((others) => [...others, { title: item.title, undo: result.undo }]);
      if (item.id === selected) {
        navigate("/", true);
      }
    });
  };
  const openMenu = () => setMenuOpen(true);
  useMenu(isMenuOpen, () => setMenuOpen(false));
  return (
    <div className={`frame ${isMenuOpen ? "is-menu-open" : ""}`}>
      <a className="skip-link" href="#main">Skip to the content</a>
      <Sidebar selected={selected} onClose={() => setMenuOpen(false)} onDelete={handleDelete} />
      <div className="scrim" onClick={() => setMenuOpen(false)} />
      {route.page === "chat" && <Conversation key={route.id ?? "new"} id={route.id} message={route.message} onMenu={openMenu} />}
      {route.page === "personas" && <Personas onMenu={openMenu} />}
      {route.page === "settings" && <Settings section={route.section} onMenu={openMenu} />}
      {(route.page === "usage" || route.page === "requests") && <Bridge page={route.page} onMenu={openMenu} />}
      {(route.page === "status" || route.page === "figures" || route.page === "log") && <System page={route.page} onMenu={openMenu} />}
      {overlay === "palette" && <Palette onClose={() => setOverlay(null)} onHelp={() => setTimeout(() => setOverlay("help"))} />}
      {overlay === "help" && <Help onClose={() => setOverlay(null)} />}
      {overlay === "oldWrites" && <OldWrites waiting={oldWrites} onClose={() => setOverlay(null)} />}
      <div className="toasts">
        {deleted[0] !== undefined && <Toast text={deleted.length === 1 ? `“${deleted[0].title}” was deleted.` : `${count(deleted.length, "conversation")} were deleted.`} action={deleted.length === 1 ? "Undo" : "Undo all"} onAction={() => deleted.forEach(({ undo }) => void undo())} onDone={() => setDeleted([])} />}
        {hasUpdate && <Toast text="A new version of the app is ready." action="Reload" onAction={() => actions.applyUpdate()} onDone={() => undefined} seconds={3600} />}
        {oldWrites > 0 && <Toast text={`${count(oldWrites, "unsent change")} ${oldWrites === 1 ? "is" : "are"} sealed under an earlier passphrase.`} action="Open" onAction={() => setOverlay("oldWrites")} onDone={() => undefined} seconds={3600} />}
        {notices.map((notice) => <Toast key={notice.id} text={say(notice)} {...(notice.kind === "preferenceConflict" ? { action: "Use mine", onAction: () => void actions.applyNotice(notice.id) } : {})} onDone={() => void actions.dismissNotice(notice.id)} seconds={60} />)}
      </div>
    </div>
  );
}

function say(notice: Notice): string {
  switch (notice.kind) {
    case "preferenceConflict":
      return `Another device changed ${saySetting(notice.key)} too. Its value is in use; yours was kept.`;
    case "personaCopied":
      return `Another device changed this persona too. Yours was kept as “${notice.name}”.`;
    case "titleKept":
      return `Another device named this “${notice.theirs}”. Your title was kept beside it.`;
    case "copyRebuilt":
      return "The browser had thrown its copy away. It was filled again from the server.";
  }
}
