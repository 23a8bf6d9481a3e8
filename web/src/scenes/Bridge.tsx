import { lazyPart } from "../components/lazy";
import { navigate } from "../hooks/useRoute";
import { Page } from "./Page";

const Usage = lazyPart(() => import("./Usage").then((module) => module.Usage));
const Requests = lazyPart(() => import("./Requests").then((module) => module.Requests));

const pages = [["usage", "Usage"], ["requests", "Live requests"]] as const;

/** What goes through the bridge: summed up, and as it happens. */
export function Bridge({ page, onMenu }: { page: "usage" | "requests"; onMenu: () => void }): JSX.Element {
  return (
    <Page title={page === "usage" ? "Usage" : "Live requests"} isWide onMenu={onMenu}>
      <nav className="tabs" aria-label="Usage">
        {pages.map(([each, name]) => <a key={each} href={`/${each}`} aria-current={each === page ? "page" : undefined} onClick={(event) => { event.preventDefault(); navigate(`/${each}`); }}>{name}</a>)}
      </nav>
      {page === "usage" ? <Usage /> : <Requests />}
    </Page>
  );
}
