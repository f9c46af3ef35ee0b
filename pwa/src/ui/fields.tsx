/** Inputs that never fight an input method: they take the value on `input` and never rewrite it while it is composed. */
import type { ComponentChildren, JSX } from "preact";
import { useId } from "preact/hooks";
import { t } from "../i18n/index";
import { Icon, type IconName } from "./icons";
import { Pause } from "./marks";

interface Common {
  label: string;
  value: string;
  onInput: (value: string) => void;
  /** Says that it may be left empty. */
  optional?: boolean;
  hint?: string;
  error?: string | null;
}

interface TextProps extends Common {
  type?: "text" | "tel" | "email" | "url" | "password" | "number" | "date" | "time";
  autocomplete?: string;
  inputMode?: "text" | "tel" | "email" | "url" | "numeric" | "decimal";
  icon?: IconName;
  maxLength?: number;
  autoFocus?: boolean;
}

export function TextField({ type = "text", autocomplete = "off", icon, inputMode, maxLength, autoFocus, ...common }: TextProps): JSX.Element {
  return (
    <Labelled {...common}>
      {(wiring) => (
        <>
          {icon !== undefined && <Icon name={icon} />}
          <input
            {...wiring}
            // Each type alone is right here; the union of all of them is more than the typings follow.
            type={type as "text"}
            value={common.value}
            autocomplete={autocomplete}
            autocapitalize="off"
            autofocus={autoFocus ?? false}
            {...(inputMode === undefined ? {} : { inputMode })}
            {...(maxLength === undefined ? {} : { maxLength })}
            onInput={(event) => common.onInput(event.currentTarget.value)}
            onKeyDown={holdComposingEnter}
          />
        </>
      )}
    </Labelled>
  );
}

export function NoteField({ rows = 3, ...common }: Common & { rows?: number }): JSX.Element {
  return (
    <Labelled {...common}>
      {(wiring) => (
        <textarea {...wiring} rows={rows} value={common.value} onInput={(event) => common.onInput(event.currentTarget.value)} />
      )}
    </Labelled>
  );
}

export function SelectField({ options, ...common }: Common & { options: readonly { value: string; label: string }[] }): JSX.Element {
  return (
    <Labelled {...common}>
      {(wiring) => (
        <>
          <select {...wiring} value={common.value} onChange={(event) => common.onInput(event.currentTarget.value)}>
            {options.map((option) => (
              <option key={option.value} value={option.value} selected={option.value === common.value}>
                {option.label}
              </option>
            ))}
          </select>
          <Icon name="down" size="s" />
        </>
      )}
    </Labelled>
  );
}

export function CheckField({ label, checked, onChange }: { label: string; checked: boolean; onChange: (checked: boolean) => void }): JSX.Element {
  return (
    <label class="check">
      <input type="checkbox" checked={checked} onChange={(event) => onChange(event.currentTarget.checked)} />
      {label}
    </label>
  );
}

interface Wiring {
  id: string;
  "aria-describedby"?: string;
  "aria-invalid"?: boolean;
}

function Labelled({ label, optional, hint, error, children }: Common & { children: (wiring: Wiring) => ComponentChildren }): JSX.Element {
  const id = useId();
  const said = error != null || hint !== undefined;
  const wiring: Wiring = { id, ...(said ? { "aria-describedby": `${id}-said` } : {}), ...(error != null ? { "aria-invalid": true } : {}) };
  return (
    <div>
      <label class="lab" for={id}>
        {label}
        {optional === true && <><Pause /><em>{t("field.optional")}</em></>}
      </label>
      <div class={error != null ? "field bad" : "field"}>{children(wiring)}</div>
      {said && <FieldSaid id={`${id}-said`} hint={hint} error={error} />}
    </div>
  );
}

function FieldSaid({ id, hint, error }: { id: string; hint: string | undefined; error: string | null | undefined }): JSX.Element {
  if (error == null) return <p id={id} class="hint">{hint}</p>;
  return (
    <p id={id} class="error" role="alert">
      <Icon name="need" />
      {error}
    </p>
  );
}

/** Enter that only accepts a candidate must not send the form; Safari marks it by key code 229 alone (ux: IME). */
export function holdComposingEnter(event: KeyboardEvent): void {
  if (event.key === "Enter" && (event.isComposing || event.keyCode === 229)) event.preventDefault();
}
