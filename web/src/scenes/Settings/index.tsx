import { type ComponentType, useEffect } from "react";
import { lazyPart } from "../../components/lazy";
import { navigate, type SettingsSection, settingsSections } from "../../hooks/useRoute";
import { Page } from "../Page";
import { About } from "./About";
import { Appearance } from "./Appearance";
import { Data } from "./Data";
import { Security } from "./Security";

const Providers = lazyPart(() => import("./Providers").then((module) => module.Providers));
const Models = lazyPart(() => import("./Models").then((module) => module.Models));
const Tools = lazyPart(() => import("./Tools").then((module) => module.Tools));
const Telemetry = lazyPart(() => import("./Telemetry").then((module) => module.Telemetry));

const names: Record<SettingsSection, string> = { providers: "Providers", models: "Models", tools: "Tools", appearance: "Appearance", security: "Security", data: "Data", telemetry: "Telemetry", about: "About" };
const sections: Record<SettingsSection, ComponentType> = { providers: Providers, models: Models, tools: Tools, appearance: Appearance, security: Security, data: Data, telemetry: Telemetry, about: About };

/** Everything that can be set. */
export function Settings({ section, onMenu }: { section: SettingsSection; onMenu: () => void }): JSX.Element {
  const Section = sections[section];
  useEffect(() => {
    // On a narrow window the tabs scroll.
    document.querySelector(".tabs [aria-current]")?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, [section]);
  return (
    <Page title="Settings" onMenu={onMenu}>
      <nav className="tabs" aria-label="Settings">
        {settingsSections.map((each) => <a key={each} href={`/settings/${each}`} aria-current={each === section ? "page" : undefined} onClick={(event) => { event.preventDefault(); navigate(`/settings/${each}`); }}>{names[each]}</a>)}
      </nav>
      <Section />
    </Page>
  );
}
