import { type ComponentType, useCallback, useEffect, useState } from "react";
import { useApp } from "../state";
import { Button, ErrorNote } from "./controls";
import { Skeleton } from "./Skeleton";

/** A part of the app that is loaded when it is first shown, so that the start stays small. */
export function lazyPart<P extends object>(load: () => Promise<ComponentType<P>>): ComponentType<P> {
  let loaded: ComponentType<P> | null = null;
  return function LazyPart(props: P): JSX.Element {
    const [Part, setPart] = useState<ComponentType<P> | null>(() => loaded);
    const [hasFailed, setFailed] = useState(false);
    const { connection } = useApp();
    const begin = useCallback(() => {
      setFailed(false);
      return load().then((part) => {
        loaded = part;
        return part;
      });
    }, []);
    const show = useCallback(() => {
      let isHere = true;
      begin().then((part) => isHere && setPart(() => part)).catch(() => isHere && setFailed(true));
      return () => {
        isHere = false;
      };
    }, [begin]);
    // Tried again by itself when the server is back.
    useEffect(() => (loaded === null ? show() : undefined), [show, connection]);
    if (Part !== null) {
      return <Part {...props} />;
    }
    return hasFailed
      ? <ErrorNote error={{ message: "This part of the app could not be loaded.", hint: "The server may be away, or the app was renewed meanwhile." }} action={<div className="row"><Button icon="refresh" onClick={show}>Try again</Button><Button onClick={() => location.reload()}>Reload</Button></div>} />
      : <Skeleton />;
  };
}
