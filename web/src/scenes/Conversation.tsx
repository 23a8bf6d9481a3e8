import { useRef, useState } from "react";
import { Icon } from "../components/Icon";
import { lazyPart } from "../components/lazy";
import { useConversation, useLocalSetting } from "../state";
import { Chat } from "./Chat";

const Details = lazyPart(() => import("../components/Details").then((module) => module.Details));

/** One conversation, and beside it, where it is wanted, what each reply took. */
export function Conversation({ id, message, onMenu }: { id: string | null; message: string | null; onMenu: () => void }): JSX.Element {
  const view = useConversation(id);
  const [isWanted, setWanted] = useLocalSetting<boolean>("details", false);
  // Where it would lie over the conversation, it comes only when it is asked for.
  const [isShown, setShown] = useState(() => isWanted && matchMedia("(min-width: 1181px)").matches);
  const button = useRef<HTMLButtonElement>(null);
  const show = (next: boolean) => {
    setWanted(next);
    setShown(next);
    if (!next) {
      setTimeout(() => button.current?.focus()); // once the page behind is awake again
    }
  };
  const tools = (
    <button ref={button} type="button" className="icon-button" data-details="" aria-label="Details" title="Details: tokens, cost and times" aria-pressed={isShown} onClick={() => show(!isShown)}>
      <Icon name="panel" />
    </button>
  );
  return (
    <>
      <Chat id={id} message={message} tools={tools} onMenu={onMenu} />
      {isShown && view.conversation !== null && <Details view={view} onClose={() => show(false)} />}
    </>
  );
}
