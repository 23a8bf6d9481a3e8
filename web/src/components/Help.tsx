import { usePreferences } from "../state";
import { Dialog } from "./controls";

const shortcuts = [
  ["Command palette", "Ctrl K"], ["New conversation", "Ctrl Shift O"], ["Search conversations", "/"], ["Lock", "Ctrl Shift L"],
  ["Stop the reply", "Esc"], ["Through the conversations", "↑ ↓"], ["This help", "?"],
] as const;

/** The keyboard's shortcuts. */
export function Help({ onClose }: { onClose: () => void }): JSX.Element {
  const { "composer.enterSends": enterSends } = usePreferences();
  const [send, breakLine] = enterSends ? ["Enter", "Shift Enter"] : ["Shift Enter", "Enter"];
  return (
    <Dialog title="Keyboard shortcuts" onClose={onClose} isLight>
      <dl className="facts">{[...shortcuts, ["Send", send], ["Break the line", breakLine]].map(([name, keys]) => <div key={name}><dt>{name}</dt><dd>{keys.split(" ").map((key) => <kbd key={key}>{key}</kbd>)}</dd></div>)}</dl>
    </Dialog>
  );
}
