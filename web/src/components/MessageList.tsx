import { useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";
import type { ApiError, ConversationView, ModelListing, PersonaItem } from "../state";
import { Button } from "./controls";
import { Icon } from "./Icon";
import { Message } from "./Message";

const nearEnd = 48;
const nearStart = 400;

/** The branch on show. Follows the end only while the reader is there; older messages come in above without moving what is read. */
export function MessageList({ view, personas, models, target, onError }: {
  view: ConversationView & { loadOlder(): void };
  personas: PersonaItem[];
  models: ModelListing;
  target: string | null;
  onError: (error: ApiError) => void;
}): JSX.Element {
  const scroller = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const follows = useRef(true);
  const anchor = useRef<{ id: string; top: number } | null>(null);
  const [isAway, setAway] = useState(false);
  const firstID = view.messages[0]?.id;
  const conversationID = view.conversation?.id ?? "";

  const toEnd = useCallback(() => {
    const box = scroller.current;
    if (box !== null) {
      box.scrollTop = box.scrollHeight;
      follows.current = true;
      setAway(false);
    }
  }, []);

  useLayoutEffect(toEnd, [toEnd, conversationID]);

  useLayoutEffect(() => {
    const box = scroller.current;
    if (box !== null && anchor.current !== null) {
      const element = document.getElementById(anchor.current.id);
      if (element !== null) {
        box.scrollTop += element.getBoundingClientRect().top - anchor.current.top;
      }
      anchor.current = null;
    }
  }, [firstID]);

  useEffect(() => {
    const box = content.current;
    if (box === null) {
      return undefined;
    }
    const observer = new ResizeObserver(() => {
      if (follows.current) {
        toEnd();
      }
    });
    observer.observe(box);
    return () => observer.disconnect();
  }, [toEnd]);

  useEffect(() => {
    if (target !== null) {
      const element = document.getElementById(`m-${target}`);
      if (element !== null) {
        follows.current = false;
        element.scrollIntoView({ block: "center" });
        element.classList.add("is-target");
        const timer = setTimeout(() => element.classList.remove("is-target"), 2500);
        return () => clearTimeout(timer);
      }
    }
    return undefined;
  }, [target, view.messages.length]);

  const handleScroll = () => {
    const box = scroller.current;
    if (box === null) {
      return;
    }
    const distance = box.scrollHeight - box.scrollTop - box.clientHeight;
    follows.current = distance < nearEnd;
    setAway(distance > nearEnd * 4);
    if (box.scrollTop < nearStart && view.hasOlder && !view.isLoadingOlder && firstID !== undefined) {
      const element = document.getElementById(`m-${firstID}`);
      anchor.current = element === null ? null : { id: element.id, top: element.getBoundingClientRect().top };
      view.loadOlder();
    }
  };

  return (
    <div className="messages-frame">
      <div className="messages" ref={scroller} onScroll={handleScroll} role="log" aria-label="Conversation" aria-live="off" tabIndex={0}>
        <div className="column" ref={content}>
          {view.hasOlder && <p className="older muted small">{view.isLoadingOlder ? "Loading older messages" : "Older messages above"}</p>}
          {view.status === "partial" && <p className="notice"><Icon name="cloudOff" size={16} />Part of this conversation is not in this browser. It comes back with the server.</p>}
          {view.messages.map((item, index) => (
            <Message
              key={item.id}
              item={item}
              persona={personas.find((each) => each.id === item.message.personaID) ?? null}
              models={models}
              conversationID={conversationID}
              isLast={index === view.messages.length - 1}
              onError={onError}
            />
          ))}
        </div>
      </div>
      {isAway && <Button className="to-end" icon="arrowDown" onClick={toEnd}>Jump to the end</Button>}
    </div>
  );
}
