import { memo, useEffect, useRef, useState } from "react";
import { count, exactDate, sayDate } from "../hooks/format";
import { navigate } from "../hooks/useRoute";
import { partsOf } from "../lib/toolUses";
import { actions, ApiError, type ModelListing, type MessageItem, type PersonaItem, type ToolUse, type TurnNotice, useStream } from "../state";
import { Button, IconButton } from "./controls";
import { Icon } from "./Icon";
import { Markdown } from "./Markdown";
import { ToolUses } from "./ToolUses";

const foldAbove = 6_000;

interface MessageProps {
  item: MessageItem;
  persona: PersonaItem | null;
  models: ModelListing;
  conversationID: string;
  isLast: boolean;
  onSent: () => void;
  onError: (error: ApiError) => void;
}

/** One message with what can be done to it. */
export const Message = memo(function Message({ item, persona, models, conversationID, isLast, onSent, onError }: MessageProps): JSX.Element {
  const { message } = item;
  const [isEditing, setEditing] = useState(false);
  const isUser = message.role === "user";
  // A reply that was read as it arrived stays as it is: folding it at its end would move what is being read.
  const wasStreaming = useRef(false);
  wasStreaming.current ||= message.state === "streaming";
  const attempt = (work: Promise<unknown>) => void work.catch((error: unknown) => error instanceof ApiError && onError(error));
  const name = isUser ? "You" : persona?.name ?? "Assistant";
  return (
    <article id={`m-${message.id}`} className={`message message-${message.role} hue-${persona?.hue ?? "cherry"}`} aria-label={`${name}, ${sayDate(message.createdAt)}`}>
      <header className="message-head">
        {!isUser && <span className="avatar" aria-hidden="true">{name.slice(0, 1)}</span>}
        <span className="message-name">{name}</span>
        <time className="muted small" title={exactDate(message.createdAt)} dateTime={new Date(message.createdAt).toISOString()}>{sayDate(message.createdAt)}</time>
        {item.pending === "waiting" && <span className="chip"><Icon name="cloudOff" size={14} />Waiting to send</span>}
      </header>
      {isEditing
        ? <EditForm text={message.content} onCancel={() => setEditing(false)} onSend={(text) => { setEditing(false); onSent(); attempt(actions.editAndSend(conversationID, message.id, text)); }} />
        : message.state === "streaming" ? <StreamingBody id={message.id} /> : <StoredBody item={item} canFold={!wasStreaming.current} />}
      {item.notices.filter((notice) => notice.code !== "tinyModel" || isLast).map((notice) => <NoticeLine key={notice.code} notice={notice} />)}
      <State item={item} onRetry={() => attempt(actions.retry(conversationID, message.id))} onDiscard={(id) => attempt(actions.discardWrite(id))} />
      {!isEditing && (
        <footer className={`message-tools ${isLast ? "is-last" : ""}`}>
          {item.siblings.length > 1 && (
            <span className="branches" role="group" aria-label="Versions of this message">
              <IconButton icon="back" size={14} label="Earlier version" disabled={item.index === 0} onClick={() => attempt(actions.switchBranch(conversationID, item.siblings[item.index - 1] ?? message.id))} />
              <span className="numbers">{item.index + 1} / {item.siblings.length}</span>
              <IconButton icon="chevronRight" size={14} label="Later version" disabled={item.index === item.siblings.length - 1} onClick={() => attempt(actions.switchBranch(conversationID, item.siblings[item.index + 1] ?? message.id))} />
            </span>
          )}
          {message.state !== "streaming" && <CopyButton text={message.content} />}
          {isUser && item.pending === null && <IconButton icon="edit" size={16} label="Edit message" data-edit="" onClick={() => setEditing(true)} />}
          {!isUser && message.state !== "streaming" && <IconButton icon="refresh" size={16} label="Regenerate" onClick={() => attempt(actions.regenerate(conversationID, message.id))} />}
          {!isUser && message.state !== "streaming" && models.items.length > 1 && (
            <select className="model-choice" aria-label="Regenerate with another model" value="" onChange={(event) => {
              const model = models.items[Number(event.target.value)];
              if (model !== undefined) {
                attempt(actions.regenerate(conversationID, message.id, { model: { providerID: model.providerID, model: model.model } }));
              }
            }}>
              <option value="" disabled>with …</option>
              {models.items.map((model, index) => <option key={`${model.providerID}${model.model}`} value={index}>{model.model} ({model.providerName})</option>)}
            </select>
          )}
          {!isUser && <Figures item={item} />}
        </footer>
      )}
    </article>
  );
});

function StoredBody({ item, canFold }: { item: MessageItem; canFold: boolean }): JSX.Element {
  const { content, reasoning, toolUses } = item.message;
  const [isFolded, setFolded] = useState(canFold && content.length > foldAbove);
  return (
    <div className="message-body">
      {reasoning !== undefined && reasoning !== "" && <Reasoning text={reasoning} />}
      <div className={isFolded ? "folded" : "message-parts"}><Parts id={item.id} content={content} uses={toolUses ?? []} /></div>
      {content.length > foldAbove && <Button look="quiet" onClick={() => setFolded(!isFolded)}>{isFolded ? "Show all" : "Show less"}</Button>}
    </div>
  );
}

function StreamingBody({ id }: { id: string }): JSX.Element {
  const { content, reasoning, uses, notices, state } = useStream(id);
  const isThinking = content === "" && !uses.some(({ state: each }) => each === "asked" || each === "running");
  return (
    <div className="message-body is-streaming" aria-busy="true">
      {reasoning !== "" && <Reasoning text={reasoning} isOpen={content === ""} />}
      {(content !== "" || uses.length > 0) && <div className="message-parts"><Parts id={id} content={content} uses={uses} isStreaming /></div>}
      {isThinking && <span className="thinking" aria-label="Thinking"><i /><i /><i /></span>}
      {notices.filter((notice) => notice.code !== "tinyModel").map((notice) => <NoticeLine key={notice.code} notice={notice} />)}
      {state === "lost" && <p className="muted small"><Icon name="cloudOff" size={14} /> The connection broke. What arrived is kept; it goes on as soon as the server is back.</p>}
    </div>
  );
}

/** Text and tool calls in the order in which they came. */
function Parts({ id, content, uses, isStreaming = false }: { id: string; content: string; uses: readonly ToolUse[]; isStreaming?: boolean }): JSX.Element {
  const parts = uses.length === 0 ? [{ kind: "text" as const, text: content }] : partsOf(content, uses);
  // A call ends a paragraph: the white space around it is the model's habit.
  return <>{parts.map((part, index) => (part.kind === "uses" ? <ToolUses key={index} messageID={id} uses={part.uses} /> : <Markdown key={index} source={index === 0 ? part.text : part.text.trimStart()} isStreaming={isStreaming && index === parts.length - 1} />))}</>;
}

function Reasoning({ text, isOpen = false }: { text: string; isOpen?: boolean }): JSX.Element {
  return (
    <details className="reasoning" open={isOpen}>
      <summary><Icon name="thought" size={16} />Thoughts</summary>
      <Markdown source={text} />
    </details>
  );
}

function EditForm({ text, onCancel, onSend }: { text: string; onCancel: () => void; onSend: (text: string) => void }): JSX.Element {
  const [draft, setDraft] = useState(text);
  useEffect(() => {
    const before = document.activeElement?.closest("article") ?? null;
    return () => {
      // The form took the focus; it goes back to the button that opened it, or to the composer where that is gone.
      setTimeout(() => (before?.isConnected === true ? before.querySelector<HTMLElement>("[data-edit]") : document.querySelector<HTMLElement>(".composer textarea"))?.focus({ preventScroll: true }));
    };
  }, []);
  return (
    <form autoComplete="off" className="edit-form" onSubmit={(event) => { event.preventDefault(); onSend(draft.trim()); }}>
      <textarea className="input" autoComplete="off" dir="auto" aria-label="Edited message" rows={Math.min(8, draft.split("\n").length + 1)} value={draft} autoFocus onChange={(event) => setDraft(event.target.value)} onKeyDown={(event) => { if (event.key === "Escape") { onCancel(); } }} />
      <div className="row">
        <Button look="main" type="submit" disabled={draft.trim() === ""}>Send edited</Button>
        <Button look="quiet" onClick={onCancel}>Cancel</Button>
        <span className="muted small">The earlier version stays as a branch.</span>
      </div>
    </form>
  );
}

function NoticeLine({ notice }: { notice: TurnNotice }): JSX.Element {
  if (notice.code === "toolsMissing") {
    return <p className="notice"><Icon name="tool" size={16} />{notice.servers.join(", ")} did not say which tools {notice.servers.length === 1 ? "it has, so its" : "they have, so their"} tools were left out.</p>;
  }
  return notice.code === "contextTrimmed"
    ? <p className="notice"><Icon name="info" size={16} />{count(notice.omittedMessages, "message")} from the middle {notice.omittedMessages === 1 ? "was" : "were"} left out: the conversation is longer than the model can read.</p>
    : (
      <p className="notice">
        <Icon name="info" size={16} />
        <span>The small local model answered. It is often wrong. <button type="button" className="text-button" onClick={() => navigate("/settings/providers")}>Add a provider</button> for a better one.</span>
      </p>
    );
}

function State({ item, onRetry, onDiscard }: { item: MessageItem; onRetry: () => void; onDiscard: (id: string) => void }): JSX.Element | null {
  const { message } = item;
  const words = item.pending === "parked" ? `Not sent. ${item.error?.message ?? ""}`
    : message.state === "failed" ? message.failure?.message ?? "The reply failed."
      : message.state === "stopped" ? "You stopped this reply."
        : message.state === "interrupted" ? "The server ended while this reply was being written. What had arrived is kept." : null;
  if (words === null) {
    return null;
  }
  const hint = item.pending === "parked" ? item.error?.hint : message.failure?.hint;
  return (
    <div className={`note ${message.state === "stopped" ? "" : "note-danger"}`}>
      <Icon name={message.state === "stopped" ? "info" : "warning"} />
      <div>
        <p>{words}</p>
        {hint !== undefined && <p className="muted">{hint}</p>}
        <div className="row">
          <Button icon="refresh" onClick={onRetry}>Try again</Button>
          {item.pending === "parked" && <Button look="quiet" onClick={() => onDiscard(item.id)}>Discard</Button>}
        </div>
      </div>
    </div>
  );
}

function CopyButton({ text }: { text: string }): JSX.Element {
  const [isCopied, setCopied] = useState(false);
  return <IconButton icon={isCopied ? "check" : "copy"} size={16} label={isCopied ? "Copied" : "Copy as Markdown"} onClick={() => void navigator.clipboard.writeText(text).then(() => { setCopied(true); setTimeout(() => setCopied(false), 1500); })} />;
}

/** Tokens, speed and the time to the first of them. */
function Figures({ item }: { item: MessageItem }): JSX.Element | null {
  const { metrics, model } = item.message;
  if (metrics === undefined || metrics.completionTokens === undefined) {
    return null;
  }
  const seconds = ((metrics.totalMilliseconds ?? 0) - (metrics.firstTokenMilliseconds ?? 0)) / 1000;
  const speed = seconds > 0.05 ? `, ${Math.round(metrics.completionTokens / seconds)} per second` : "";
  return (
    <span className="figures muted small numbers" title={`Prompt: ${metrics.promptTokens ?? "?"} tokens. First token after ${metrics.firstTokenMilliseconds ?? "?"} ms.${metrics.isEstimated ? " Counts are estimates." : ""}`}>
      {model?.model} · {metrics.isEstimated ? "about " : ""}{metrics.completionTokens} tokens{speed}
    </span>
  );
}
