import { navigate, type SettingsSection, settingsSections } from "../../hooks/useRoute";
import { Page } from "../Page";
import { About } from "./About";
import { Appearance } from "./Appearance";
import { Data } from "./Data";
import { Providers } from "./Providers";
import { Security } from "./Security";

const names: Record<SettingsSection, string> = { providers: "Providers", appearance: "Appearance", security: "Security", data: "Data", about: "About" };
const sections: Record<SettingsSection, () => JSX.Element> = { providers: Providers, appearance: Appearance, security: Security, data: Data, about: About };

/** Everything that can be set. */
export function Settings({ section, onMenu }: { section: SettingsSection; onMenu: () => void }): JSX.Element {
  const Section = sections[section];
  return (
    <Page title="Settings" onMenu={onMenu}>
      <nav className="tabs" aria-label="Settings">
        {settingsSections.map((each) => <a key={each} href={`/settings/${each}`} aria-current={each === section ? "page" : undefined} onClick={(event) => { event.preventDefault(); navigate(`/settings/${each}`); }}>{names[each]}</a>)}
      </nav>
      <Section />
    </Page>
  );
}
