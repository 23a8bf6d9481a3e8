import { type ButtonHTMLAttributes, type InputHTMLAttributes, type ReactNode, useEffect, useId, useRef, useState } from "react";
import type { ApiError } from "../state";
import { Icon, type IconName } from "./Icon";

type ButtonProps = ButtonHTMLAttributes<HTMLButtonElement> & { look?: "main" | "plain" | "quiet" | "danger"; icon?: IconName };

/** A button with words. */
export function Button({ look = "plain", icon, children, className = "", ...rest }: ButtonProps): JSX.Element {
  return (
    <button type="button" className={`button button-${look} ${className}`} {...rest}>
      {icon !== undefined && <Icon name={icon} />}
      {children}
    </button>
  );
}

/** A button with a symbol; `label` names it. */
export function IconButton({ icon, label, className = "", size, ...rest }: ButtonHTMLAttributes<HTMLButtonElement> & { icon: IconName; label: string; size?: number }): JSX.Element {
  return (
    <button type="button" className={`icon-button ${className}`} aria-label={label} title={label} {...rest}>
      <Icon name={icon} {...(size === undefined ? {} : { size })} />
    </button>
  );
}

/** A labelled line of text. Browsers keep what is typed into fields in clear unless they are told not to. */
export function TextField({ label, hint, error, className = "", ...rest }: InputHTMLAttributes<HTMLInputElement> & { label: string; hint?: ReactNode; error?: string | null }): JSX.Element {
  const id = useId();
  return (
    <div className={`field ${className}`}>
      <label htmlFor={id}>{label}</label>
      <input id={id} className="input" autoComplete="off" aria-invalid={error !== undefined && error !== null} aria-describedby={`${id}-hint`} {...rest} />
      <div id={`${id}-hint`} className="field-hint">{error ?? hint}</div>
    </div>
  );
}

/** A passphrase that can be shown. */
export function PassphraseField({ label, ...rest }: InputHTMLAttributes<HTMLInputElement> & { label: string }): JSX.Element {
  const id = useId();
  const [isShown, setShown] = useState(false);
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <div className="input-row">
        <input id={id} className="input" type={isShown ? "text" : "password"} autoComplete="off" spellCheck={false} autoCapitalize="off" {...rest} />
        <IconButton icon={isShown ? "eyeOff" : "eye"} label={isShown ? `Hide ${label.toLowerCase()}` : `Show ${label.toLowerCase()}`} onClick={() => setShown(!isShown)} />
      </div>
    </div>
  );
}

/** What went wrong, what to do, and the action as a button. */
export function ErrorNote({ error, action }: { error: Pick<ApiError, "message" | "hint"> | { message: string; hint?: string } | null; action?: ReactNode }): JSX.Element | null {
  if (error === null) {
    return null;
  }
  return (
    <div className="note note-danger" role="alert">
      <Icon name="warning" />
      <div>
        <p>{error.message}</p>
        {error.hint !== undefined && <p className="muted">{error.hint}</p>}
        {action}
      </div>
    </div>
  );
}

/** A button that destroys something that cannot be brought back: says what, and asks once more. */
export function ConfirmButton({ children, question, action, look = "danger", onConfirm }: { children: ReactNode; question: ReactNode; action: string; look?: "danger" | "plain" | "quiet"; onConfirm: () => void }): JSX.Element {
  const [isAsking, setAsking] = useState(false);
  if (!isAsking) {
    return <Button look={look} className="confirm-first" onClick={() => setAsking(true)}>{children}</Button>;
  }
  return (
    <div className="note note-danger confirm" role="group" aria-label="Are you sure">
      <Icon name="warning" />
      <div>
        {typeof question === "string" ? <p>{question}</p> : question}
        <div className="row"><Button look="danger" onClick={onConfirm}>{action}</Button><Button autoFocus onClick={() => setAsking(false)}>Keep it</Button></div>
      </div>
    </div>
  );
}

/**
 * A dialog that keeps the focus and gives it back.
 *
 * A press beside it closes only what holds nothing: a form would lose what was typed, the recovery kit would be gone for good.
 */
export function Dialog({ title, children, onClose, isLight = false, className = "" }: { title: string; children: ReactNode; onClose: () => void; isLight?: boolean; className?: string }): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const before = document.activeElement;
    dialog.current?.showModal();
    // By itself the dialog would give the focus to its first button, which closes it.
    dialog.current?.querySelector<HTMLElement>("[data-focus], input, textarea, select")?.focus();
    return () => {
      if (before instanceof HTMLElement) {
        before.focus();
      }
    };
  }, []);
  return (
    <dialog ref={dialog} className={`dialog ${className}`} aria-labelledby={id} onCancel={(event) => { event.preventDefault(); onClose(); }} onPointerDown={(event) => { if (isLight && event.target === dialog.current) { onClose(); } }}>
      <div className="dialog-body">
        <header className="dialog-head">
          <h2 id={id}>{title}</h2>
          <IconButton icon="close" label="Close" onClick={onClose} />
        </header>
        {children}
      </div>
    </dialog>
  );
}

/** A short message at the foot of the page, with an action that undoes. */
export function Toast({ text, action, onAction, onDone, seconds = 10 }: { text: string; action?: string; onAction?: () => void; onDone: () => void; seconds?: number }): JSX.Element {
  const done = useRef(onDone);
  done.current = onDone;
  useEffect(() => {
    const timer = setTimeout(() => done.current(), seconds * 1000);
    return () => clearTimeout(timer);
  }, [seconds, text]);
  return (
    <div className="toast" role="status">
      <span>{text}</span>
      {action !== undefined && <Button look="quiet" onClick={() => { onAction?.(); onDone(); }}>{action}</Button>}
      <IconButton icon="close" label="Dismiss" onClick={onDone} />
    </div>
  );
}
