import { useCallback, useState } from "react";
import { ApiError } from "../state";

/** Runs something that may fail; keeps whether it runs and what went wrong. */
export function useAction(): { isBusy: boolean; error: ApiError | null; run(work: () => Promise<unknown>): Promise<boolean>; clear(): void } {
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);
  const run = useCallback(async (work: () => Promise<unknown>) => {
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
