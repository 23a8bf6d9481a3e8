import { useId } from "react";
import { TextField } from "../../../components/controls";
import { Segments, SelectField } from "../../../components/fields";
import { faultOfSemantic, type TypedSemantic } from "../../../lib/tokens";

const cacheTimes = [["", "Never"], ["300", "5 minutes"], ["3600", "1 hour"], ["86400", "1 day"], ["604800", "1 week"]] as const;

/** The times to choose from, with one that was set elsewhere. */
export function timesWith(seconds: string): JSX.Element[] {
  const times = [...cacheTimes, ...(cacheTimes.some(([value]) => value === seconds) ? [] : [[seconds, `${seconds} seconds`] as const])];
  return times.map(([value, words]) => <option key={value} value={value}>{words}</option>);
}

/** Whether questions in other words get a kept answer, and what compares them. */
export function SemanticFields({ value, suggestions, onChange }: { value: TypedSemantic; suggestions: readonly string[]; onChange: (value: TypedSemantic) => void }): JSX.Element {
  const id = useId();
  return (
    <>
      <SelectField label="Keep answers for the same in other words" value={value.seconds} hint="Only the last question may differ. An answer can be wrong for a question that is merely alike; the header x-cherry-cache marks each one." onChange={(event) => onChange({ ...value, seconds: event.target.value })}>
        {timesWith(value.seconds)}
      </SelectField>
      {value.seconds !== "" && (
        <>
          <Segments label="Compare questions by" isLabelShown options={[["wording", "Their wording"], ["model", "An embeddings model"]]} value={value.isByModel ? "model" : "wording"} onChange={(choice) => onChange({ ...value, isByModel: choice === "model" })} />
          {value.isByModel
            ? (
              <>
                <TextField label="Embeddings model" list={id} placeholder="openai/text-embedding-3-small" value={value.model} hint="The token must be allowed to ask for it. Every question is sent to it, except those whose answer must stay on this machine." onChange={(event) => onChange({ ...value, model: event.target.value })} />
                <datalist id={id}>{suggestions.map((each) => <option key={each} value={each} />)}</datalist>
              </>
            )
            : <p className="muted small">Needs no model and knows no meanings: the words must be the same, apart from case, punctuation, small words, and one part moved to the front or the end.</p>}
          <TextField label="How alike, in per cent" type="number" min={80} max={100} step={0.1} value={value.threshold} error={faultOfSemantic({ ...value, isByModel: false })} hint="Other numbers, names, dates, quotations and negations never match, however alike the rest is." onChange={(event) => onChange({ ...value, threshold: event.target.value })} />
        </>
      )}
    </>
  );
}
