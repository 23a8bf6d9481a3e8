import { lazyPart } from "../components/lazy";
import { navigate } from "../hooks/useRoute";
import { Page } from "./Page";
import { Status } from "./Status";

const Log = lazyPart(() => import("./Log").then((module) => module.Log));

const pages = [["status", "Status"], ["log", "Log"]] as const;

/** How the server is, and what it writes down. */
export function System({ page, onMenu }: { page: "status" | "log"; onMenu: () => void }): JSX.Element {
  return (
    <Page title={page === "status" ? "Status" : "Log"} isWide={page === "log"} onMenu={onMenu}>
      <nav className="tabs" aria-label="System">
        {pages.map(([each, name]) => <a key={each} href={`/${each}`} aria-current={each === page ? "page" : undefined} onClick={(event) => { event.preventDefault(); navigate(`/${each}`); }}>{name}</a>)}
      </nav>
      {page === "status" ? <Status /> : <Log />}
    </Page>
  );
}
