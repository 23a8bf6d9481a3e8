import { lazyPart } from "../components/lazy";
import { navigate } from "../hooks/useRoute";
import { Page } from "./Page";
import { Status } from "./Status";

const Figures = lazyPart(() => import("./Figures").then((module) => module.Figures));
const Log = lazyPart(() => import("./Log").then((module) => module.Log));

const pages = [["status", "Status"], ["figures", "Figures"], ["log", "Log"]] as const;
const titles = { status: "Status", figures: "Figures", log: "Log" } as const;

/** How the server is, how it was in the last hour, and what it writes down. */
export function System({ page, onMenu }: { page: keyof typeof titles; onMenu: () => void }): JSX.Element {
  return (
    <Page title={titles[page]} isWide={page !== "status"} onMenu={onMenu}>
      <nav className="tabs" aria-label="System">
        {pages.map(([each, name]) => <a key={each} href={`/${each}`} aria-current={each === page ? "page" : undefined} onClick={(event) => { event.preventDefault(); navigate(`/${each}`); }}>{name}</a>)}
      </nav>
      {page === "status" ? <Status /> : page === "figures" ? <Figures /> : <Log />}
    </Page>
  );
}
