import { Fragment, memo, type ReactNode, useEffect, useRef, useState } from "react";
import { classifyLink, shortAddress, textSaysAddress } from "../lib/links";
import { type Block, type Inline, parseMarkdown, type ParsedMarkdown } from "../lib/markdown";
import { CodeBlock } from "./CodeBlock";
import { Icon } from "./Icon";

/** A message as elements: its Markdown is read into tokens, and no markup of it ever reaches the page. */
export function Markdown({ source, isStreaming = false }: { source: string; isStreaming?: boolean }): JSX.Element {
  const previous = useRef<ParsedMarkdown | null>(null);
  const parsed = parseMarkdown(source, { hasBreaks: true, previous: previous.current, isFinal: !isStreaming && previous.current?.source !== source });
  previous.current = parsed;
  return (
    <div className="markdown">
      {parsed.blocks.map(({ block }, index) => (block === null ? null : <BlockView key={index} block={block} />))}
    </div>
  );
}

const BlockView = memo(function BlockView({ block }: { block: Block }): JSX.Element {
  switch (block.kind) {
    case "paragraph":
      return <p><Inlines items={block.children} /></p>;
    case "heading": {
      const Heading = `h${Math.min(block.level + 2, 6)}` as "h3" | "h4" | "h5" | "h6";
      return <Heading className={`heading-${block.level}`}><Inlines items={block.children} /></Heading>;
    }
    case "code":
      return <CodeBlock language={block.language} code={block.text} />;
    case "quote":
      return <blockquote dir="auto">{block.children.map((child, index) => <BlockView key={index} block={child} />)}</blockquote>;
    case "list": {
      const items = block.items.map((item, index) => (
        <li key={index} className={item.isChecked === null ? undefined : "task"}>
          {item.isChecked !== null && <input type="checkbox" checked={item.isChecked} disabled aria-label={item.isChecked ? "Done" : "To do"} />}
          {item.children.map((child, at) => (!block.isLoose && child.kind === "paragraph" ? <Inlines key={at} items={child.children} /> : <BlockView key={at} block={child} />))}
        </li>
      ));
      return block.ordered ? <ol dir="auto" start={block.start}>{items}</ol> : <ul dir="auto">{items}</ul>;
    }
    case "table":
      return (
        <div className="table-scroll" tabIndex={0} role="region" aria-label="Table">
          <table dir="auto">
            <thead><tr>{block.header.map((cell, at) => <th key={at} scope="col" className={`align-${block.alignments[at] ?? "left"}`}><Inlines items={cell} /></th>)}</tr></thead>
            <tbody>{block.rows.map((row, index) => <tr key={index}>{row.map((cell, at) => <td key={at} className={`align-${block.alignments[at] ?? "left"}`}><Inlines items={cell} /></td>)}</tr>)}</tbody>
          </table>
        </div>
      );
    case "rule":
      return <hr />;
    case "source":
      return <pre className="source">{block.text}</pre>;
  }
});

/** Text with its forms. Inside a link no other link stands: links and images in its text are their words. */
function Inlines({ items, isInLink = false }: { items: Inline[]; isInLink?: boolean }): JSX.Element {
  return <>{items.map((item, index) => <Fragment key={index}>{inline(item, isInLink)}</Fragment>)}</>;
}

function inline(item: Inline, isInLink: boolean): ReactNode {
  switch (item.kind) {
    case "text": return item.text;
    case "strong": return <strong><Inlines items={item.children} isInLink={isInLink} /></strong>;
    case "emphasis": return <em><Inlines items={item.children} isInLink={isInLink} /></em>;
    case "deleted": return <del><Inlines items={item.children} isInLink={isInLink} /></del>;
    case "code": return <code>{item.text}</code>;
    case "break": return <br />;
    case "link": return isInLink ? <Inlines items={item.children} isInLink /> : <OutsideLink href={item.href} text={plainOf(item.children)}><Inlines items={item.children} isInLink /></OutsideLink>;
    case "image": return isInLink ? item.alt || "Image" : <OutsideLink href={item.href} text={item.alt} isImage><Icon name="image" size={14} /> {item.alt || "Image"}</OutsideLink>;
  }
}

const plainOf = (items: Inline[]): string => items.map((item) => ("children" in item ? plainOf(item.children) : "text" in item ? item.text : "")).join("");

/** A link or an image of a message: text with its address, which is followed only when the user says so. */
function OutsideLink({ href, text, children, isImage = false }: { href: string; text: string; children: ReactNode; isImage?: boolean }): JSX.Element {
  const target = classifyLink(href);
  const [isAsking, setAsking] = useState(false);
  const box = useRef<HTMLSpanElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (!isAsking) {
      return undefined;
    }
    const close = (event: Event) => {
      if (event instanceof KeyboardEvent) {
        if (event.key === "Escape") {
          event.preventDefault(); // it closes this, and stops nothing
          setAsking(false);
          button.current?.focus();
        }
      } else if (!(box.current?.contains(event.target as Node) ?? false)) {
        setAsking(false);
      }
    };
    addEventListener("pointerdown", close);
    addEventListener("keydown", close, true);
    return () => {
      removeEventListener("pointerdown", close);
      removeEventListener("keydown", close, true);
    };
  }, [isAsking]);
  if (target.kind === "none") {
    return <span className="dead-link">{children}</span>;
  }
  return (
    <span className="outside" ref={box}>
      <button ref={button} type="button" className="outside-link" aria-expanded={isAsking} onClick={() => setAsking(!isAsking)}>
        {children}
        {!textSaysAddress(text, target) && <span className="address"> ({shortAddress(target)})</span>}
      </button>
      {isAsking && (
        <span className="outside-ask" role="group" aria-label="Open address">
          <span className="outside-url">{target.url}</span>
          <a className="button button-plain" href={target.url} target="_blank" rel="noopener noreferrer" onClick={() => setAsking(false)}>
            <Icon name="external" />{isImage ? "Open image in a new tab" : "Open in a new tab"}
          </a>
        </span>
      )}
    </span>
  );
}

