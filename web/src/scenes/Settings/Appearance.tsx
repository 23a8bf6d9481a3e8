import { actions, usePreferences } from "../../state";
import { Card } from "../Page";

const schemes = [["system", "Like the system"], ["light", "Light"], ["dark", "Dark"]] as const;

export function Appearance(): JSX.Element {
  const preferences = usePreferences();
  return (
    <>
      <Card title="Colours">
        <fieldset className="segments">
          <legend className="visually-hidden">Colour scheme</legend>
          {schemes.map(([value, name]) => (
            <label key={value} className={preferences["appearance.scheme"] === value ? "is-on" : undefined}>
              <input type="radio" name="scheme" checked={preferences["appearance.scheme"] === value} onChange={() => void actions.setPreference("appearance.scheme", value)} />{name}
            </label>
          ))}
        </fieldset>
      </Card>
      <Card title="Behaviour">
        <label className="check"><input type="checkbox" checked={preferences["appearance.reduceMotion"]} onChange={(event) => void actions.setPreference("appearance.reduceMotion", event.target.checked)} />Reduce motion</label>
        <label className="check"><input type="checkbox" checked={preferences["composer.enterSends"]} onChange={(event) => void actions.setPreference("composer.enterSends", event.target.checked)} />Enter sends, Shift and Enter break the line</label>
      </Card>
    </>
  );
}
