import { useEffect, useLayoutEffect, useRef } from "react";
import { useDraft, usePreferences } from "../state";
import { Button } from "./controls";

const mostLines = 8;
const lineHeight = 24;

/** Where there is a keyboard, typing goes on; on a touch screen the focus would bring up one that hides the page. */
function focusWithKeyboard(element: HTMLElement | null): void {
  if (matchMedia("(pointer: fine)").matches) {
    element?.focus();
  }
}

/** Where messages are written. Grows to eight lines; Enter sends, Shift-Enter breaks, or the other way round. */
export function Composer({ draftKey, isStreaming, isOffline, onSend, onStop }: {
  draftKey: string;
  isStreaming: boolean;
  isOffline: boolean;
  onSend: (text: string) => void;
  onStop: () => void;
}): JSX.Element {
  const [text, setText] = useDraft(draftKey);
  const { "composer.enterSends": enterSends } = usePreferences();
  const area = useRef<HTMLTextAreaElement>(null);
  useLayoutEffect(() => {
    const element = area.current;
    if (element !== null) {
      element.style.height = "auto";
      element.style.height = `${Math.min(element.scrollHeight, mostLines * lineHeight + 24)}px`;
    }
  }, [text]);
  useEffect(() => focusWithKeyboard(area.current), [draftKey]);
  useEffect(() => {
    // The button that sent or stopped is gone, and the focus with it.
    if (document.activeElement === document.body) {
      focusWithKeyboard(area.current);
    }
  }, [isStreaming]);
  const handleSend = () => {
    const trimmed = text.trim();
    if (trimmed !== "" && !isStreaming) {
      setText("");
      focusWithKeyboard(area.current);
      onSend(trimmed);
    }
  };
  return (
    <form autoComplete="off" className="composer" onSubmit={(event) => { event.preventDefault(); handleSend(); }}>
      <div className="composer-box">
        <textarea
          ref={area}
          autoComplete="off"
          dir="auto"
          rows={1}
          aria-label="Message"
          placeholder={isOffline ? "Write; it is sent later" : "Write a message"}
          value={text}
          maxLength={200_000}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === "Enter" && !event.nativeEvent.isComposing && event.shiftKey !== enterSends) {
              event.preventDefault();
              handleSend();
            }
          }}
        />
        {isStreaming
          // The second click of two on the button that stood here before must not stop what the first began.
          ? <Button key="stop" look="plain" icon="stop" onClick={(event) => { if (event.detail < 2) { onStop(); } }}>Stop</Button>
          : <Button key="send" look="main" icon="send" type="submit" disabled={text.trim() === ""}>Send</Button>}
      </div>
      <p className="composer-hint muted">{enterSends ? "Enter sends, Shift and Enter break the line." : "Shift and Enter send, Enter breaks the line."}</p>
    </form>
  );
}
