import { navigate } from "../hooks/useRoute";
import { usePreferences } from "../state";
import { Dialog } from "./controls";

const shortcuts = [
  ["Command palette", "Ctrl K"], ["New conversation", "Ctrl Shift O"], ["Search conversations", "/"], ["Lock", "Ctrl Shift L"],
  ["Stop the reply", "Esc"], ["Details of the conversation", "I"], ["Through the conversations", "↑ ↓"], ["Pause the log", "P"], ["Search the log", "F"], ["This help", "?"],
] as const;

const places = [
  ["/settings/providers", "Providers", "services and servers that run models"], ["/settings/models", "Models", "aliases, routing and prices"],
  ["/settings/tools", "Tools", "access for your tools, and tools for the chat"], ["/usage", "Usage", "what was used and what it cost"],
  ["/requests", "Live requests", "what is asked right now"], ["/settings/telemetry", "Telemetry", "what leaves this machine, and what never does"],
  ["/status", "Status", "how everything is"], ["/figures", "Figures", "requests, models and memory in the last hour"],
  ["/log", "Log", "what the server writes down"],
] as const;

/** The keyboard's shortcuts, and where things are. */
export function Help({ onClose }: { onClose: () => void }): JSX.Element {
  const { "composer.enterSends": enterSends } = usePreferences();
  const [send, breakLine] = enterSends ? ["Enter", "Shift Enter"] : ["Shift Enter", "Enter"];
  return (
    <Dialog title="Keyboard shortcuts" onClose={onClose} isLight>
      <dl className="facts">{[...shortcuts, ["Send", send], ["Break the line", breakLine]].map(([name, keys]) => <div key={name}><dt>{name}</dt><dd>{keys.split(" ").map((key) => <kbd key={key}>{key}</kbd>)}</dd></div>)}</dl>
      <h3>Where things are</h3>
      <ul className="places">{places.map(([path, name, about]) => <li key={path}><a href={path} onClick={(event) => { event.preventDefault(); onClose(); navigate(path); }}>{name}</a> <span className="muted">{about}</span></li>)}</ul>
    </Dialog>
  );
}
