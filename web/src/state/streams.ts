import { openEvents, type EventStream } from "../api/events";
import { beginReply, cursorOf, parseReplyEvent, reduceReply, type ReplyState } from "../api/reply";
import { Cell } from "./Cell";
import type { Core } from "./core";
import type { Envelope, ID, Message } from "./types";
import type { StreamView } from "./views";

const idle: StreamView = { content: "", reasoning: "", uses: [], notices: [], state: "connecting", firstTextAt: null };

/** One reply that is arriving: follows the server's events and shows at most one change per animation frame. */
class ReplyStream {
  readonly view: Cell<StreamView>;
  private state: ReplyState;
  private events: EventStream | null = null;
  private frame = 0;
  private shown: StreamView;

  constructor(message: Message, private readonly onEnd: (message: Envelope<Message>) => void) {
    this.state = beginReply(message);
    this.shown = { ...idle, content: this.state.content, reasoning: this.state.reasoning, uses: this.state.uses };
    this.view = new Cell(this.shown);
    this.events = openEvents({
      address: () => `/api/v1/messages/${message.id}/events?after=${cursorOf(this.state)}`,
      types: ["text", "reasoning", "tools", "notice", "end"],
      event: (type, data) => this.receive(type, data),
      open: (isOpen) => this.show({ state: isOpen ? "streaming" : "lost" }),
    });
  }

  close(): void {
    this.events?.close();
    this.events = null;
    cancelAnimationFrame(this.frame);
  }

  private receive(type: string, data: string): void {
    const event = parseReplyEvent(type, data);
    if (event === null) {
      return;
    }
    const { state, gap } = reduceReply(this.state, event);
    if (gap) {
      this.events?.restart();
      return;
    }
    this.state = state;
    if (state.end !== null) {
      this.close();
      this.show({ state: "ended" });
      this.onEnd(state.end);
      return;
    }
    if (this.frame === 0) {
      this.frame = requestAnimationFrame(() => {
        this.frame = 0;
        this.show({});
      });
    }
  }

  private show(change: Partial<StreamView>): void {
    const { content, reasoning, uses, notices } = this.state;
    this.shown = {
      ...this.shown, content, reasoning, uses, notices,
      firstTextAt: this.shown.firstTextAt ?? (content === "" && reasoning === "" ? null : Date.now()),
      ...change,
    };
    this.view.set(this.shown);
  }
}

/** All replies that are arriving. */
export class Streams {
  private readonly open = new Map<ID, ReplyStream>();
  private readonly none = new Cell<StreamView>(idle);

  constructor(private readonly core: Core, private readonly onEnd: (message: Envelope<Message>) => Promise<void>) {}

  /** Follows a reply, unless it is followed already. */
  follow(message: Message): void {
    if (message.state !== "streaming" || this.open.has(message.id)) {
      return;
    }
    this.core.streaming.add(message.conversationID);
    this.core.followed.add(message.id);
    this.open.set(message.id, new ReplyStream(message, (end) => {
      this.core.followed.delete(message.id);
      void this.onEnd(end).finally(() => {
        this.open.delete(message.id);
        this.core.streaming.delete(message.conversationID);
        this.core.publish();
      });
    }));
    this.core.publish();
  }

  view(id: ID): Cell<StreamView> {
    return this.open.get(id)?.view ?? this.none;
  }

  closeAll(): void {
    this.open.forEach((stream) => stream.close());
    this.open.clear();
  }
}
