import { useEffect, useState } from "react";
import { Button, ConfirmButton, ErrorNote } from "../../../components/controls";
import { Fold } from "../../../components/fields";
import { count, exactDate, sayBytes, sayDate } from "../../../hooks/format";
import { useAction } from "../../../hooks/useAction";
import { sayHits } from "../../../lib/tokens";
import { bridgeActions, type CacheState, type SemanticEntry, semanticEntries, tokens, useRemote } from "../../../state/bridge";
import { Card } from "../../Page";

/** Answers that are kept for tools that ask the same again, in the same or in other words. */
export function Cache(): JSX.Element | null {
  const [state, setState] = useState<CacheState | null>(null);
  const { isBusy, error, run } = useAction();
  const similar = useRemote(semanticEntries);
  // What is forgotten in the list counts in the figures too.
  const stamp = similar.value;
  useEffect(() => {
    void run(async () => setState(await bridgeActions.cache()));
  }, [run, stamp]);
  const total = state === null ? 0 : state.entries + state.semantic.entries;
  return (
    <Card title="Kept answers" lead="Tools whose token says so get the same answer again when they ask the very same, or the same in other words. Answers are kept in memory, never on disk.">
      <ErrorNote error={error ?? similar.error} />
      {state !== null && <p role="status">{total === 0 ? "None are kept now." : `${count(total, "answer")}, ${sayBytes(state.bytes + state.semantic.bytes)}.`}</p>}
      {similar.value !== null && similar.value.length > 0 && <Similar entries={similar.value} total={state?.semantic.entries ?? similar.value.length} />}
      <div className="row"><Button disabled={isBusy || total === 0} onClick={() => void run(bridgeActions.emptyCache)}>Forget them</Button></div>
    </Card>
  );
}

/** The answers to questions that say the same, to look for one that should not be given again. */
function Similar({ entries, total }: { entries: readonly SemanticEntry[]; total: number }): JSX.Element {
  const names = new Map((useRemote(tokens).value ?? []).map(({ id, value }) => [id, value?.name ?? "A removed token"]));
  const { error, run } = useAction();
  const owners = [...new Set(entries.map(({ tokenID }) => tokenID))];
  return (
    <Fold title={`${count(total, "answer")} to questions in other words`}>
      <ErrorNote error={error} />
      {total > entries.length && <p className="muted small">The newest {entries.length} are shown.</p>}
      <ul className="list">{entries.map((entry) => <SimilarRow key={entry.id} entry={entry} owner={names.get(entry.tokenID) ?? "A removed token"} />)}</ul>
      {owners.length > 1 && (
        <div className="row">
          {owners.map((id) => <Button key={id} onClick={() => void run(() => bridgeActions.emptySemantic(id))}>Forget those of {names.get(id) ?? "a removed token"}</Button>)}
        </div>
      )}
      <div className="row"><Button onClick={() => void run(() => bridgeActions.emptySemantic())}>Forget those in other words</Button></div>
    </Fold>
  );
}

function SimilarRow({ entry, owner }: { entry: SemanticEntry; owner: string }): JSX.Element {
  const { error, run } = useAction();
  return (
    <li className="list-item">
      <div className="grow">
        <p className="clamp wrap" dir="auto">{entry.question}</p>
        <p className="muted small wrap">{owner} · {entry.model} · compared by {entry.embeddings ?? "wording"} · {sayBytes(entry.bytes)}</p>
        <p className="muted small">Kept: <time title={exactDate(entry.keptAt)}>{sayDate(entry.keptAt)}</time> · {sayHits(entry)}{entry.lastHitAt !== undefined && <>, last: <time title={exactDate(entry.lastHitAt)}>{sayDate(entry.lastHitAt)}</time></>}</p>
        <ErrorNote error={error} />
      </div>
      <ConfirmButton look="plain" action="Forget this answer" question="The next tool that asks this is answered by the model." onConfirm={() => void run(() => bridgeActions.forgetSemantic(entry.id))}>Forget<span className="visually-hidden"> the answer to {entry.question.slice(0, 80)}</span></ConfirmButton>
    </li>
  );
}
