import { useEffect, useRef, useState } from "react";
import { actions, type SearchResult } from "../state";

/** Searches on the server, a moment after the last key. */
export function useSearch(limit: number): { hits: SearchResult | null; hasFailed: boolean; query: string; setQuery: (query: string) => void } {
  const [query, setQuery] = useState("");
  const [hits, setHits] = useState<SearchResult | null>(null);
  const [hasFailed, setFailed] = useState(false);
  const abort = useRef<AbortController | null>(null);
  useEffect(() => {
    abort.current?.abort();
    setFailed(false);
    if (query.trim() === "") {
      setHits(null);
      return undefined;
    }
    const timer = setTimeout(() => {
      const controller = new AbortController();
      abort.current = controller;
      actions.search(query, { signal: controller.signal, limit }).then(setHits).catch(() => setFailed(!controller.signal.aborted)); // what is aborted gives way to a newer search
    }, 150);
    return () => clearTimeout(timer);
  }, [query, limit]);
  return { hits, hasFailed, query, setQuery };
}
