import { useEffect, useRef } from "react";
import { count, exactDate, sayDate } from "../hooks/format";
import { navigate } from "../hooks/useRoute";
import { sayOutcome } from "../hooks/words";
import { matchExchanges, type Taken, takenBy } from "../lib/exchanges";
import { sayDuration, sayMoney } from "../lib/money";
import { type ConversationView, type Message, useProviders } from "../state";
import { type UsageRecord, useConversationUsage } from "../state/bridge";
import { IconButton } from "./controls";
import { RemoteState } from "./RemoteState";

/** What each reply of a conversation took: model, tokens, cost, times, tries. */
export function Details({ view, onClose }: { view: ConversationView; onClose: () => void }): JSX.Element {
  const id = view.conversation?.id ?? "";
  const replies = view.messages.filter(({ message }) => message.role === "assistant").map(({ message }) => message);
  const usage = useConversationUsage(id, view.conversation?.createdAt ?? 0, `${replies.length} ${replies.map(({ state }) => state).join()}`);
  const records = usage.value ?? [];
  const { byReply, others } = matchExchanges(replies, records);
  const panel = useRef<HTMLElement>(null);
  useOverlay(panel, onClose);
  const taken = takenBy(records);
  return (
    <aside ref={panel} className="side-panel" aria-label="Details">
      <header className="side-head"><h2>Details</h2><IconButton icon="close" label="Close the details" onClick={onClose} /></header>
      <div className="side-scroll" tabIndex={0} role="region" aria-label="Details of the conversation">
        <RemoteState view={usage} lines={3} />
        {usage.value !== null && (
          <dl className="facts">
            <Fact name="Cost so far" value={records.length === 0 ? "nothing counted" : sayCost(taken, records.length)} />
            <Fact name="Tokens" value={`${taken.isEstimated ? "about " : ""}${(taken.prompt + taken.completion).toLocaleString()}`} />
            <Fact name="Requests" value={records.length.toLocaleString()} />
            {others.length > 0 && <Fact name="of these for titles, earlier versions and the like" value={others.length.toLocaleString()} />}
          </dl>
        )}
        <h3>Replies</h3>
        {replies.length === 0 && <p className="muted small">No reply yet.</p>}
        <ol className="reply-list">
          {[...replies].reverse().map((reply) => <Reply key={reply.id} conversationID={id} reply={reply} records={byReply.get(reply.id) ?? []} />)}
        </ol>
      </div>
    </aside>
  );
}

/** A cost in words; what has no price is not passed over. */
function sayCost(taken: Taken, requests: number): string {
  const about = taken.isEstimated ? "about " : "";
  return taken.unpriced === 0 ? `${about}${sayMoney(taken.microDollars)}` : taken.unpriced === requests || taken.microDollars === 0 ? "no price known" : `at least ${sayMoney(taken.microDollars)}`;
}

function Reply({ conversationID, reply, records }: { conversationID: string; reply: Message; records: readonly UsageRecord[] }): JSX.Element {
  const providers = useProviders();
  const { metrics } = reply;
  const record = records[0];
  const last = records[records.length - 1];
  const taken = takenBy(records);
  const model = record?.model ?? reply.model?.model;
  const providerID = record?.providerID ?? reply.model?.providerID;
  const provider = providers.find(({ id }) => id === providerID)?.name ?? "This machine";
  const isCounted = records.some(({ tokens }) => tokens !== undefined);
  const prompt = isCounted ? taken.prompt : metrics?.promptTokens;
  const completion = isCounted ? taken.completion : metrics?.completionTokens;
  const first = record?.firstTokenMilliseconds ?? metrics?.firstTokenMilliseconds;
  const total = metrics?.totalMilliseconds ?? record?.totalMilliseconds;
  const about = (record === undefined ? metrics?.isEstimated ?? false : taken.isEstimated) ? "about " : "";
  const extra = [...(taken.cached > 0 ? [`${taken.cached.toLocaleString()} cached`] : []), ...(taken.reasoning > 0 ? [`${taken.reasoning.toLocaleString()} of reasoning`] : [])];
  const retries = taken.attempts - records.length;
  return (
    <li className="card">
      <p className="reply-head">
        <a href={`/c/${conversationID}#m-${reply.id}`} onClick={(event) => { event.preventDefault(); navigate(`/c/${conversationID}#m-${reply.id}`); }}><time title={exactDate(reply.createdAt)}>{sayDate(reply.createdAt)}</time></a>
        {reply.state !== "complete" && <span className={`small ${reply.state === "failed" ? "danger" : "muted"}`}>{reply.state === "streaming" ? "under way" : last === undefined || last.outcome === "complete" ? reply.state : sayOutcome(last.outcome)}</span>}
      </p>
      <dl className="facts small">
        {record?.alias !== undefined && <Fact name="Asked for" value={record.alias} />}
        {model !== undefined && <Fact name="Answered" value={`${model}, ${provider}`} />}
        {prompt !== undefined && <Fact name="Read" value={`${about}${count(prompt, "token")}`} />}
        {completion !== undefined && <Fact name="Written" value={`${about}${count(completion, "token")}`} />}
        {extra.length > 0 && <Fact name="Of these" value={extra.join(", ")} />}
        {record !== undefined && <Fact name="Cost" value={sayCost(taken, records.length)} />}
        {first !== undefined && <Fact name="First token after" value={sayDuration(first)} />}
        {total !== undefined && <Fact name="In all" value={sayDuration(total)} />}
        {records.length > 1 && <Fact name="Asked" value={`${records.length} times, for the tools`} />}
        {record !== undefined && <Fact name="Retries" value={taken.attempts === 0 ? "none, a kept answer" : retries <= 0 ? "none" : String(retries)} />}
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
