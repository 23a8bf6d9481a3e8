import { type ReactNode, type SelectHTMLAttributes, useId, useState } from "react";
import { Button, IconButton } from "./controls";

/** A labelled choice of one. */
export function SelectField({ label, hint, children, ...rest }: SelectHTMLAttributes<HTMLSelectElement> & { label: string; hint?: ReactNode }): JSX.Element {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <select id={id} className="input" aria-describedby={`${id}-hint`} {...rest}>{children}</select>
      <div id={`${id}-hint`} className="field-hint">{hint}</div>
    </div>
  );
}

/** A labelled text of several lines. */
export function AreaField({ label, hint, value, rows = 3, isCode = false, onChange }: { label: string; hint?: ReactNode; value: string; rows?: number; isCode?: boolean; onChange: (value: string) => void }): JSX.Element {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <textarea id={id} className={`input ${isCode ? "input-code" : ""}`} autoComplete="off" spellCheck={!isCode} rows={rows} value={value} aria-describedby={`${id}-hint`} onChange={(event) => onChange(event.target.value)} />
      <div id={`${id}-hint`} className="field-hint">{hint}</div>
    </div>
  );
}

/** A choice between few, all in sight. */
export function Segments<T extends string>({ label, isLabelShown = false, options, value, onChange }: { label: string; isLabelShown?: boolean; options: readonly (readonly [T, string])[]; value: T; onChange: (value: T) => void }): JSX.Element {
  const name = useId();
  return (
    <fieldset className="field segments-field">
      <legend className={isLabelShown ? undefined : "visually-hidden"}>{label}</legend>
      <div className="segments">
        {options.map(([option, words]) => (
          <label key={option} className={option === value ? "is-on" : undefined}>
            <input type="radio" name={name} checked={option === value} onChange={() => onChange(option)} />{words}
          </label>
        ))}
      </div>
    </fieldset>
  );
}

/** Something to switch on, with what it means. */
export function CheckField({ label, hint, checked, disabled = false, onChange }: { label: string; hint?: ReactNode; checked: boolean; disabled?: boolean; onChange: (checked: boolean) => void }): JSX.Element {
  const id = useId();
  return (
    <div className="check-field">
      <label className="check"><input type="checkbox" checked={checked} disabled={disabled} aria-describedby={`${id}-hint`} onChange={(event) => onChange(event.target.checked)} />{label}</label>
      <div id={`${id}-hint`} className="field-hint">{hint}</div>
    </div>
  );
}

/** A list of names: one is typed or chosen at a time, each can be taken out. */
export function NamesField({ label, hint, values, suggestions, placeholder, onChange }: { label: string; hint?: ReactNode; values: readonly string[]; suggestions: readonly string[]; placeholder?: string; onChange: (values: string[]) => void }): JSX.Element {
  const id = useId();
  const [text, setText] = useState("");
  const add = () => {
    const name = text.trim();
    if (name !== "") {
      onChange([...values.filter((each) => each !== name), name]);
      setText("");
    }
  };
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {values.length > 0 && (
        <ul className="names">
          {values.map((name) => <li key={name} className="chip">{name}<IconButton icon="close" size={13} label={`Take out ${name}`} onClick={() => { onChange(values.filter((each) => each !== name)); document.getElementById(id)?.focus(); }} /></li>)}
        </ul>
      )}
      <div className="input-row">
        <input id={id} className="input" autoComplete="off" list={`${id}-list`} value={text} placeholder={placeholder} aria-describedby={`${id}-hint`} onChange={(event) => setText(event.target.value)} onKeyDown={(event) => { if (event.key === "Enter" && text.trim() !== "") { event.preventDefault(); add(); } }} />
        <Button onClick={add} disabled={text.trim() === ""}>Add</Button>
      </div>
      <datalist id={`${id}-list`}>{suggestions.filter((each) => !values.includes(each)).map((each) => <option key={each} value={each} />)}</datalist>
      <div id={`${id}-hint`} className="field-hint">{hint}</div>
    </div>
  );
}

/** What few need, folded away. */
export function Fold({ title, isOpen = false, children, onOpen }: { title: ReactNode; isOpen?: boolean; children: ReactNode; onOpen?: () => void }): JSX.Element {
  return <details className="fold" open={isOpen} onToggle={(event) => { if (event.currentTarget.open) { onOpen?.(); } }}><summary>{title}</summary><div className="fold-body stack">{children}</div></details>;
}
