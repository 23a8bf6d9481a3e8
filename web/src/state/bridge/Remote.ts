import { asApiError, type ApiError } from "../../api/ApiError";
import { Cell } from "../Cell";
import { core } from "../core";

/** Something that only the server has, as far as it is known here. */
export interface RemoteView<T> {
  value: T | null;
  isLoading: boolean;
  error: ApiError | null;
}

/** A value that is asked from the server and forgotten at a lock. What is on show stays while it is asked for again. */
export class Remote<T> {
  readonly view = new Cell<RemoteView<T>>({ value: null, isLoading: true, error: null });
  private turn = 0;
  private underWay: Promise<void> | null = null;

  constructor(private readonly read: () => Promise<T>) {
    core.onWipe.add(this.forget);
  }

  /** Lets go of a value that is not needed any more. */
  close(): void {
    core.onWipe.delete(this.forget);
    this.forget();
  }

  /** Asks, unless an answer is under way: for several that begin to follow at once. */
  join(): Promise<void> {
    return this.underWay ?? this.load();
  }

  /** Asks again. Of several answers the one that was asked for last counts. */
  load(): Promise<void> {
    this.turn += 1;
    const { turn } = this;
    const loading = this.take(turn).finally(() => {
      if (turn === this.turn) {
        this.underWay = null;
      }
    });
    this.underWay = loading;
    return loading;
  }

  private async take(turn: number): Promise<void> {
    this.view.update((view) => ({ ...view, isLoading: true }));
    try {
      const value = await this.read();
      if (turn === this.turn) {
        this.view.set({ value, isLoading: false, error: null });
      }
    } catch (thrown) {
      if (turn === this.turn) {
        this.view.update(({ value }) => ({ value, isLoading: false, error: asApiError(thrown) }));
      }
    }
  }

  private readonly forget = (): void => {
    this.turn += 1;
    this.underWay = null;
    this.view.set({ value: null, isLoading: true, error: null });
  };
}
