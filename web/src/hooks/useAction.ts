import { useCallback, useEffect, useRef, useState } from "react";
import { ApiError } from "../state";

/** Runs something that may fail; keeps whether it runs and what went wrong. A button that was off meanwhile gets the focus back. */
export function useAction(): { isBusy: boolean; error: ApiError | null; run(work: () => Promise<unknown>): Promise<boolean>; clear(): void } {
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);
  const pressed = useRef<Element | null>(null);
  useEffect(() => {
    const { activeElement } = document;
    if (!isBusy && (activeElement === null || activeElement === document.body) && pressed.current instanceof HTMLElement && pressed.current.isConnected) {
      pressed.current.focus({ preventScroll: true });
    }
  }, [isBusy]);
  const run = useCallback(async (work: () => Promise<unknown>) => {
    pressed.current = document.activeElement;
    setBusy(true);
    setError(null);
    try {
      await work();
      return true;
    } catch (thrown) {
      setError(thrown instanceof ApiError ? thrown : new ApiError({ code: "unexpected", message: "Something unexpected went wrong in this page." }));
      return false;
    } finally {
      setBusy(false);
    }
  }, []);
  const clear = useCallback(() => setError(null), []);
  return { isBusy, error, run, clear };
}
