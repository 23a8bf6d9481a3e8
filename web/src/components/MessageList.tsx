import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { flushSync } from "react-dom";
import { firstBelow, pageLength, placeAfterScroll, type ReadingPlace, shownFrom } from "../lib/following";
import type { ApiError, ConversationView, ModelListing, PersonaItem } from "../state";
import { Button } from "./controls";
import { Icon } from "./Icon";
import { Message } from "./Message";

/** Farther from the end than this, the way back is offered. */
const farFromEnd = 200;
/** Closer to the start than this, older messages are asked for. */
const nearStart = 400;

/** The branch on show. Follows the end only while the reader is there; older messages come in above without moving what is read. */
export function MessageList({ view, personas, models, target, sent, onError }: {
  view: ConversationView & { loadOlder(): void };
  personas: PersonaItem[];
  models: ModelListing;
  target: string | null;
  /** Grows with each message that is sent from here: who sends wants to see it, wherever they were reading. */
  sent: number;
  onError: (error: ApiError) => void;
}): JSX.Element {
  const scroller = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const place = useRef<ReadingPlace>({ isFollowing: true, top: 0 });
  const anchor = useRef<{ element: Element; offset: number } | null>(null);
  const shownTarget = useRef<string | null>(null);
  const [isAway, setAway] = useState(false);
  const [firstShown, setFirstShown] = useState<string | null>(null);
  const [isWhole, setWhole] = useState(false);
  const conversationID = view.conversation?.id ?? "";
  const start = isWhole ? 0 : shownFrom(view.messages.map((item) => item.id), firstShown);
  const shown = useMemo(() => view.messages.slice(start), [view.messages, start]);

  const toEnd = useCallback(() => {
    const box = scroller.current;
    if (box !== null) {
      box.scrollTop = box.scrollHeight;
      place.current = { isFollowing: true, top: box.scrollTop };
      setAway(false);
    }
  }, []);

  /** Remembers the message at the upper edge and where it stands. */
  const hold = useCallback(() => {
    const box = scroller.current;
    const items = content.current?.getElementsByClassName("message");
    if (box === null || items === undefined) {
      return;
    }
    const edge = box.getBoundingClientRect().top;
    const element = items[firstBelow(items.length, edge, (index) => items[index]?.getBoundingClientRect().bottom ?? 0)];
    anchor.current = element === undefined ? null : { element, offset: element.getBoundingClientRect().top - edge };
  }, []);

  /**
   * Puts things back after the reader moved or the page changed: the end, or the message that is being read.
   *
   * What the reader moved is known; whatever else the held message moved is the page's doing, and is taken back.
   */
  const settle = useCallback(() => {
    const box = scroller.current;
    if (box === null) {
      return;
    }
    const distance = box.scrollHeight - box.scrollTop - box.clientHeight;
    const moved = box.scrollTop - place.current.top;
    const { isFollowing: wasFollowing } = place.current;
    place.current = placeAfterScroll(place.current, box.scrollTop, distance);
    if (place.current.isFollowing) {
      toEnd();
      return;
    }
    setAway(distance > farFromEnd);
    // While the end was followed no message was held: what is remembered is where one stood long ago.
    if (!wasFollowing && anchor.current !== null && anchor.current.element.isConnected) {
      anchor.current.offset -= moved;
      const shift = anchor.current.element.getBoundingClientRect().top - box.getBoundingClientRect().top - anchor.current.offset;
      if (Math.abs(shift) >= 1) {
        box.scrollTop += shift;
        place.current = { isFollowing: false, top: box.scrollTop };
      }
    }
    hold();
  }, [toEnd, hold]);

  useLayoutEffect(toEnd, [toEnd, conversationID, sent]);
  useLayoutEffect(settle, [settle, shown]);

  useEffect(() => {
    const observer = new ResizeObserver(settle);
    for (const box of [scroller.current, content.current]) {
      if (box !== null) {
        observer.observe(box);
      }
    }
    return () => observer.disconnect();
  }, [settle]);

  useEffect(() => {
    const element = target === null || target === shownTarget.current ? null : document.getElementById(`m-${target}`);
    if (element === null) {
      const at = target === null || target === shownTarget.current ? -1 : view.messages.findIndex((item) => item.id === target);
      if (at >= 0) {
        setFirstShown(view.messages[Math.max(0, at - pageLength / 2)]?.id ?? null);
      }
      return undefined;
    }
    shownTarget.current = target;
    element.scrollIntoView({ block: "center" });
    place.current = { isFollowing: false, top: scroller.current?.scrollTop ?? 0 };
    hold();
    element.classList.add("is-target");
    const timer = setTimeout(() => element.classList.remove("is-target"), 2500);
    return () => clearTimeout(timer);
  }, [target, view.messages, shown, hold]);

  useEffect(() => {
    // Paper shows all that is loaded, not the page that suits a screen.
    const handlePrint = () => flushSync(() => setWhole(true));
    addEventListener("beforeprint", handlePrint);
    return () => removeEventListener("beforeprint", handlePrint);
  }, []);

  const handleScroll = () => {
    settle();
    if (scroller.current === null || scroller.current.scrollTop >= nearStart) {
      return;
    }
    if (start > 0) {
      setFirstShown(view.messages[Math.max(0, start - pageLength)]?.id ?? null);
    } else if (view.hasOlder && !view.isLoadingOlder) {
      setWhole(true);
      view.loadOlder();
    }
  };

  return (
    <div className="messages-frame">
      <div className="messages" ref={scroller} onScroll={handleScroll} role="log" aria-label="Conversation" aria-live="off" tabIndex={0}>
        <div className="column" ref={content}>
          {(view.hasOlder || start > 0) && <p className="older muted small">{view.isLoadingOlder ? "Loading older messages" : "Older messages above"}</p>}
          {view.hasOlder && <p className="print-only">Earlier messages are left out.</p>}
          {view.status === "partial" && <p className="notice"><Icon name="cloudOff" size={16} />Part of this conversation is not in this browser. It comes back with the server.</p>}
          {shown.map((item, index) => (
            <Message
              key={item.id}
              item={item}
              persona={personas.find((each) => each.id === item.message.personaID) ?? null}
              models={models}
              conversationID={conversationID}
              isLast={index === shown.length - 1}
              onSent={toEnd}
              onError={onError}
            />
          ))}
        </div>
      </div>
      {isAway && <Button className="to-end" icon="arrowDown" onClick={toEnd}>Jump to the end</Button>}
    </div>
  );
}
