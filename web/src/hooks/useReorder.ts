import { type KeyboardEvent, type PointerEvent, type RefObject, useEffect, useLayoutEffect, useRef, useState } from "react";
import { placeAt } from "../lib/reorder";

/**
 * Rows that are put in order by dragging a handle, or by the arrow keys while it has the focus.
 *
 * Rows are the children of `list`; each carries its `data-key` and one element with `data-handle`.
 */
export function useReorder(list: RefObject<HTMLElement>, keys: readonly string[], onMove: (from: number, to: number) => void): {
  dragged: string | null;
  handle: (key: string) => { "data-handle": ""; onPointerDown: (event: PointerEvent) => void; onKeyDown: (event: KeyboardEvent) => void };
  move: (key: string, by: number) => void;
} {
  const [dragged, setDragged] = useState<string | null>(null);
  const focusNext = useRef<string | null>(null);
  const latest = useRef({ keys, onMove });
  latest.current = { keys, onMove };
  useLayoutEffect(() => {
    // A row that moves loses the focus with its place in the page.
    const key = focusNext.current;
    focusNext.current = null;
    if (key !== null) {
      list.current?.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"] [data-handle]`)?.focus();
    }
  }, [list, keys]);
  useEffect(() => {
    if (dragged === null) {
      return undefined;
    }
    const handleMove = (event: globalThis.PointerEvent) => {
      const rows = [...list.current?.children ?? []].map((row) => row.getBoundingClientRect());
      const from = latest.current.keys.indexOf(dragged);
      const to = placeAt(event.clientY, rows, from);
      if (to !== from) {
        latest.current.onMove(from, to);
      }
    };
    const end = () => setDragged(null);
    addEventListener("pointermove", handleMove);
    addEventListener("pointerup", end);
    addEventListener("pointercancel", end);
    return () => {
      removeEventListener("pointermove", handleMove);
      removeEventListener("pointerup", end);
      removeEventListener("pointercancel", end);
    };
  }, [dragged, list]);
  const move = (key: string, by: number) => {
    const from = keys.indexOf(key);
    const to = from + by;
    if (to >= 0 && to < keys.length) {
      focusNext.current = key;
      onMove(from, to);
    }
  };
  return {
    dragged,
    move,
    handle: (key) => ({
      "data-handle": "",
      onPointerDown: (event) => {
        if (event.button === 0) {
          setDragged(key);
        }
      },
      onKeyDown: (event) => {
        if (event.key === "ArrowUp" || event.key === "ArrowDown") {
          event.preventDefault();
          move(key, event.key === "ArrowUp" ? -1 : 1);
        }
      },
    }),
  };
}
