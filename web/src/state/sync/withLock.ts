/** Runs a step while this tab alone holds a name; without that facility, at once. Nothing happens once the signal has fired. */
export async function withLock(name: string, step: () => Promise<void>, signal: AbortSignal): Promise<void> {
  if (!("locks" in navigator)) {
    return step();
  }
  try {
    await navigator.locks.request(name, { signal }, step);
  } catch (error) {
    if (!signal.aborted) {
      throw error;
    }
  }
}
