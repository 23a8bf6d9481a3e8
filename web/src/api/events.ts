/** How long to wait before trying a connection again: 0.5 s doubling to 15 s, with a quarter of chance. */
export function retryDelay(attempt: number, chance: number = Math.random()): number {
  return Math.min(15_000, 500 * 2 ** Math.min(attempt, 10)) * (0.75 + chance / 2);
}

/** What a stream of server-sent events is opened with. */
export interface EventHandlers {
  /** The address; asked again before each connection, so that it can carry the newest cursor. */
  address: () => string;
  /** The types of events to listen for. */
  types: readonly string[];
  event: (type: string, data: string) => void;
  /** Whether the connection stands. Called with `false` once for each break, before it is tried again. */
  open: (isOpen: boolean) => void;
}

/** A stream that can be ended or taken up again at once. */
export interface EventStream {
  close(): void;
  /** Drops the connection and opens a new one at the newest address. */
  restart(): void;
}

/** Opens a stream of server-sent events and keeps it open, with a back-off, until it is closed: the only user of EventSource. */
export function openEvents(handlers: EventHandlers): EventStream {
  let source: EventSource | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let attempt = 0;
  let isClosed = false;

  const drop = () => {
    clearTimeout(timer);
    source?.close();
    source = null;
  };
  const connect = () => {
    drop();
    if (isClosed) {
      return;
    }
    const current = new EventSource(handlers.address());
    source = current;
    current.onopen = () => {
      attempt = 0;
      handlers.open(true);
    };
    current.onerror = () => {
      if (source !== current) {
        return;
      }
      drop();
      timer = setTimeout(connect, retryDelay(attempt));
      attempt += 1;
      handlers.open(false);
    };
    for (const type of handlers.types) {
      current.addEventListener(type, (event) => {
        if (source === current) {
          handlers.event(type, String((event as MessageEvent<unknown>).data));
        }
      });
    }
  };
  connect();
  return {
    close: () => {
      isClosed = true;
      drop();
    },
    restart: connect,
  };
}
