import { useEffect, useRef, useState } from "react";
import { actions, type SearchResult } from "../state";

/** Searches on the server, a moment after the last key. */
export function useSearch(limit: number): { hits: SearchResult | null; query: string; setQuery: (query: string) => void } {
  const [query, setQuery] = useState("");
  const [hits, setHits] = useState<SearchResult | null>(null);
  const abort = useRef<AbortController | null>(null);
  useEffect(() => {
    abort.current?.abort();
    if (query.trim() === "") {
      setHits(null);
      return undefined;
    }
    const timer = setTimeout(() => {
      const controller = new AbortController();
      abort.current = controller;
      actions.search(query, { signal: controller.signal, limit }).then(setHits).catch(() => undefined); // a newer search follows, or the frame says that the server is away
    }, 150);
    return () => clearTimeout(timer);
  }, [query, limit]);
  return { hits, query, setQuery };
}
