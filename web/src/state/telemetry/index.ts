/** What the pages of telemetry and figures follow and do. Loaded with the first of them. */
import { useEffect } from "react";
import { type Figures, TelemetryRoutes, type TelemetryState } from "../../api/telemetry";
import { mergeFigures } from "../../lib/figures";
import { useRemote } from "../bridge";
import { Remote, type RemoteView } from "../bridge/Remote";
import { core } from "../core";

export * from "../../api/telemetry";

const routes = new TelemetryRoutes(core.client);

const telemetry = new Remote(routes.show);

/** Only what is new is asked for; the points before it are here. */
const figures: Remote<Figures> = new Remote(async () => {
  const before = figures.view.get().value;
  return mergeFigures(before, await routes.figures(before?.points.at(-1)?.at ?? 0));
});

/** Asks again every so often while somebody looks. */
function useRepeated(remote: Remote<unknown>, seconds: number): void {
  useEffect(() => {
    const ask = () => {
      if (!document.hidden) {
        void remote.join();
      }
    };
    const timer = setInterval(ask, seconds * 1000);
    document.addEventListener("visibilitychange", ask);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", ask);
    };
  }, [remote, seconds]);
}

type Followed<T> = RemoteView<T> & { reload(): void };

/** Where telemetry goes and what came of it. */
export function useTelemetry(): Followed<TelemetryState> {
  useRepeated(telemetry, 10);
  return useRemote(telemetry);
}

/** The figures of the last hour. */
export function useFigures(): Followed<Figures> {
  useRepeated(figures, 10);
  return useRemote(figures);
}

/** Does something and asks how things stand, whether it succeeded or not. */
async function then<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } finally {
    await telemetry.load();
  }
}

/** What a user can do with telemetry. Everything needs the server; promises reject with `ApiError`. */
export const telemetryActions = {
  change: (kind: string, values: Record<string, string | null>) => then(routes.change(kind, values)),
  remove: (kind: string) => then(routes.remove(kind)),
  test: (kind: string) => then(routes.test(kind)),
  name: (environment: string) => then(routes.name(environment)),
};
