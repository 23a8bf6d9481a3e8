import { useEffect, useRef } from "react";
import { count, exactDate, sayDate } from "../hooks/format";
import { navigate } from "../hooks/useRoute";
import { sayOutcome } from "../hooks/words";
import { matchExchanges } from "../lib/exchanges";
import { sayCount, sayDuration, sayMoney } from "../lib/money";
import { type ConversationView, type Message, useProviders } from "../state";
import { type UsageRecord, useConversationUsage } from "../state/bridge";
import { IconButton } from "./controls";
import { RemoteState } from "./RemoteState";

/** What each reply of a conversation took: model, tokens, cost, times, tries. */
export function Details({ view, onClose }: { view: ConversationView; onClose: () => void }): JSX.Element {
  const id = view.conversation?.id ?? "";
  const replies = view.messages.filter(({ message }) => message.role === "assistant" && message.state !== "streaming").map(({ message }) => message);
  const usage = useConversationUsage(id, view.conversation?.createdAt ?? 0, `${replies.length} ${replies[replies.length - 1]?.id ?? ""}`);
  const records = usage.value ?? [];
  const { byReply, others } = matchExchanges(replies, records);
  const panel = useRef<HTMLElement>(null);
  useOverlay(panel, onClose);
  const cost = records.reduce((sum, { microDollars }) => sum + (microDollars ?? 0), 0);
  const tokens = records.reduce((sum, { tokens: each }) => sum + (each === undefined ? 0 : each.prompt + each.completion), 0);
  const isPartlyUnknown = records.some(({ tokens: each, microDollars }) => each !== undefined && microDollars === undefined);
  const isEstimated = records.some((record) => record.isEstimated);
  return (
    <aside ref={panel} className="side-panel" aria-label="Details">
      <header className="side-head"><h2>Details</h2><IconButton icon="close" label="Close the details" onClick={onClose} /></header>
      <div className="side-scroll" tabIndex={0} role="region" aria-label="Details of the conversation">
        <RemoteState view={usage} lines={3} />
        {usage.value !== null && (
          <dl className="facts">
            <Fact name="Cost so far" value={records.length === 0 ? "nothing counted" : `${isPartlyUnknown ? "at least " : ""}${sayMoney(cost)}`} />
            <Fact name="Tokens" value={`${isEstimated ? "about " : ""}${tokens.toLocaleString()}`} />
            <Fact name="Requests" value={others.length === 0 ? String(records.length) : `${records.length}, ${count(others.length, "other")} such as titles or earlier versions`} />
          </dl>
        )}
        <h3>Replies</h3>
        {replies.length === 0 && <p className="muted small">No reply yet.</p>}
        <ol className="reply-list">
          {[...replies].reverse().map((reply) => <Reply key={reply.id} conversationID={id} reply={reply} record={byReply.get(reply.id)} />)}
        </ol>
      </div>
    </aside>
  );
}

function Reply({ conversationID, reply, record }: { conversationID: string; reply: Message; record: UsageRecord | undefined }): JSX.Element {
  const providers = useProviders();
  const { metrics } = reply;
  const model = record?.model ?? reply.model?.model;
  const providerID = record?.providerID ?? reply.model?.providerID;
  const provider = providers.find(({ id }) => id === providerID)?.name ?? "This machine";
  const prompt = record?.tokens?.prompt ?? metrics?.promptTokens;
  const completion = record?.tokens?.completion ?? metrics?.completionTokens;
  const first = record?.firstTokenMilliseconds ?? metrics?.firstTokenMilliseconds;
  const total = record?.totalMilliseconds ?? metrics?.totalMilliseconds;
  const about = record?.isEstimated ?? metrics?.isEstimated ?? false ? "about " : "";
  const extra = [
    ...(record?.tokens?.cachedPrompt ? [`${sayCount(record.tokens.cachedPrompt)} cached`] : []),
    ...(record?.tokens?.reasoning ? [`${sayCount(record.tokens.reasoning)} of reasoning`] : []),
  ];
  return (
    <li className="card">
      <p className="reply-head">
        <a href={`/c/${conversationID}#m-${reply.id}`} onClick={(event) => { event.preventDefault(); navigate(`/c/${conversationID}#m-${reply.id}`); }}><time title={exactDate(reply.createdAt)}>{sayDate(reply.createdAt)}</time></a>
        {reply.state !== "complete" && <span className={`small ${reply.state === "failed" ? "danger" : "muted"}`}>{record === undefined || record.outcome === "complete" ? reply.state : sayOutcome(record.outcome)}</span>}
      </p>
      <dl className="facts small">
        {record?.alias !== undefined && <Fact name="Asked for" value={record.alias} />}
        {model !== undefined && <Fact name="Answered" value={`${model}, ${provider}`} />}
        {prompt !== undefined && <Fact name="Read" value={`${about}${count(prompt, "token")}`} />}
        {completion !== undefined && <Fact name="Written" value={`${about}${count(completion, "token")}`} />}
        {extra.length > 0 && <Fact name="Of these" value={extra.join(", ")} />}
        {record !== undefined && <Fact name="Cost" value={record.microDollars === undefined ? "no price known" : sayMoney(record.microDollars)} />}
        {first !== undefined && <Fact name="First token after" value={sayDuration(first)} />}
        {total !== undefined && <Fact name="In all" value={sayDuration(total)} />}
        {record !== undefined && <Fact name="Tries" value={record.attempts === 0 ? "none, from the cache" : record.attempts === 1 ? "1" : `${record.attempts} (${record.attempts === 2 ? "1 retry" : `${record.attempts - 1} retries`})`} />}
      </dl>
    </li>
  );
}

function Fact({ name, value }: { name: string; value: string }): JSX.Element {
  return <div><dt>{name}</dt><dd className="numbers">{value}</dd></div>;
}

/** Where the panel lies over the page, it takes the focus, Escape closes it, and the page behind rests. */
function useOverlay(panel: { current: HTMLElement | null }, onClose: () => void): void {
  const close = useRef(onClose);
  close.current = onClose;
  useEffect(() => {
    const narrow = matchMedia("(max-width: 1180px)");
    const behind = [...document.querySelectorAll("#main, .sidebar")];
    const apply = () => {
      behind.forEach((each) => each.toggleAttribute("inert", narrow.matches));
      if (narrow.matches) {
        panel.current?.querySelector<HTMLElement>(".icon-button")?.focus();
      }
    };
    const handleKey = (event: KeyboardEvent) => {
      if (event.key === "Escape" && !event.defaultPrevented && document.querySelector("dialog[open]") === null && (narrow.matches || panel.current?.contains(document.activeElement) === true)) {
        event.preventDefault();
        close.current();
      }
    };
    apply();
    narrow.addEventListener("change", apply);
    addEventListener("keydown", handleKey, true);
    return () => {
      behind.forEach((each) => each.toggleAttribute("inert", false));
      narrow.removeEventListener("change", apply);
      removeEventListener("keydown", handleKey, true);
    };
  }, [panel]);
}
