import { Dialog } from "./controls";

const shortcuts = [
  ["Command palette", "Ctrl K"], ["New conversation", "Ctrl Shift O"], ["Search conversations", "/"], ["Lock", "Ctrl Shift L"],
  ["Stop the reply", "Esc"], ["Send", "Enter"], ["Break the line", "Shift Enter"], ["Through the conversations", "↑ ↓"], ["This help", "?"],
] as const;

/** The keyboard's shortcuts. */
export function Help({ onClose }: { onClose: () => void }): JSX.Element {
  return (
    <Dialog title="Keyboard shortcuts" onClose={onClose}>
      <dl className="facts">{shortcuts.map(([name, keys]) => <div key={name}><dt>{name}</dt><dd>{keys.split(" ").map((key) => <kbd key={key}>{key}</kbd>)}</dd></div>)}</dl>
    </Dialog>
  );
}
