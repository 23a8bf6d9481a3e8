import { memo, useEffect, useRef, useState } from "react";
import { highlightCode, type HighlightedCode, highlighterNow, loadHighlighter } from "../lib/highlight";
import { IconButton } from "./controls";

/** Code with its language, and buttons to wrap and copy it. Colours arrive when the grammars are loaded. */
export function CodeBlock({ language, code }: { language: string; code: string }): JSX.Element {
  const [isWrapped, setWrapped] = useState(false);
  const [isCopied, setCopied] = useState(false);
  const [highlighter, setHighlighter] = useState(highlighterNow);
  const previous = useRef<HighlightedCode | null>(null);
  useEffect(() => {
    let isHere = true;
    if (highlighter === null) {
      void loadHighlighter().then((loaded) => isHere && setHighlighter(loaded)).catch(() => undefined); // plain code is readable too
    }
    return () => {
      isHere = false;
    };
  }, [highlighter]);
  if (highlighter !== null) {
    previous.current = highlightCode(highlighter, language, code, previous.current);
  }
  const lines = highlighter === null || previous.current === null ? code.split("\n").map((text) => [{ text, kind: null }]) : previous.current.spans;
  const handleCopy = () => {
    void navigator.clipboard.writeText(code).then(() => {
      setCopied(true);
      setTimeout(() => setCopied(false), 1500);
    });
  };
  return (
    <figure className="code-block">
      <figcaption>
        <span>{language === "" ? "text" : language}</span>
        <IconButton icon="wrap" label="Wrap lines" aria-pressed={isWrapped} size={16} onClick={() => setWrapped(!isWrapped)} />
        <IconButton icon={isCopied ? "check" : "copy"} label={isCopied ? "Copied" : "Copy code"} size={16} onClick={handleCopy} />
      </figcaption>
      <pre className={isWrapped ? "is-wrapped" : undefined} tabIndex={0}><code>{lines.map((spans, index) => <Line key={index} spans={spans} />)}</code></pre>
    </figure>
  );
}

const Line = memo(function Line({ spans }: { spans: readonly { text: string; kind: string | null }[] }): JSX.Element {
  return <>{spans.map(({ text, kind }, index) => (kind === null ? text : <span key={index} className={`code-${kind.split(/[\s.]/)[0] ?? ""}`}>{text}</span>))}{"\n"}</>;
});
