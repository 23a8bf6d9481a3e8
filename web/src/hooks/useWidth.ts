import { type RefObject, useLayoutEffect, useState } from "react";

/** The width of an element, as it changes; `initial` until it is drawn. */
export function useWidth(element: RefObject<Element>, initial: number): number {
  const [width, setWidth] = useState(initial);
  useLayoutEffect(() => {
    if (element.current === null) {
      return undefined;
    }
    const observer = new ResizeObserver(([entry]) => setWidth((before) => Math.round(entry?.contentRect.width ?? before)));
    observer.observe(element.current);
    return () => observer.disconnect();
  }, [element]);
  return width;
}
