/** What is tapped: buttons, links that look like buttons, and chips. */
import type { ComponentChildren, JSX } from "preact";
import { Icon, type IconName } from "./icons";

type Look = "plain" | "primary" | "line" | "text";

interface BtnProps {
  look?: Look;
  icon?: IconName;
  block?: boolean;
  tall?: boolean;
  late?: boolean;
  submit?: boolean;
  disabled?: boolean;
  wide?: boolean;
  onClick?: () => void;
  children: ComponentChildren;
}

const looks: Record<Look, string> = { plain: "btn", primary: "btn p", line: "btn line", text: "btn text" };

/** A button named by its outcome. */
export function Btn({ look = "plain", icon, block, tall, late, submit, disabled, wide, onClick, children }: BtnProps): JSX.Element {
  const classes = [looks[look], block && "block", tall && "tall", late && "late", wide && "w"].filter(Boolean).join(" ");
  return (
    <button type={submit ? "submit" : "button"} class={classes} disabled={disabled ?? false} onClick={onClick}>
      {icon !== undefined && <Icon name={icon} size={look === "primary" ? "" : "s"} />}
      {children}
    </button>
  );
}

/** A button without a word: `label` says what it does and to whom. */
export function IconBtn({ icon, label, onClick, tall = false }: { icon: IconName; label: string; onClick: () => void; tall?: boolean }): JSX.Element {
  return (
    <button type="button" class={tall ? "btn ic" : "iconbtn"} aria-label={label} onClick={onClick}>
      <Icon name={icon} />
    </button>
  );
}

/** A link without a word: a call, a mail, a map, another screen. `about`: whom it reaches, for whoever listens to taps. */
export function IconLink({ icon, label, href, about, tall = false }: { icon: IconName; label: string; href: string; about?: string; tall?: boolean }): JSX.Element {
  return (
    <a class={tall ? "btn ic" : "iconbtn"} href={href} aria-label={label} data-about={about} {...outward(href)}>
      <Icon name={icon} />
    </a>
  );
}

/** Maps and chats open beside the app, so that Back still leads to where the person was. */
export function outward(href: string): { target?: string; rel?: string } {
  return href.startsWith("https:") ? { target: "_blank", rel: "noopener noreferrer" } : {};
}

interface ChipProps {
  on: boolean;
  onToggle: () => void;
  /** One of several (square) instead of many of several (round). */
  single?: boolean;
  icon?: IconName;
  count?: number;
  note?: string;
  children: ComponentChildren;
}

/** Selected = a check, bold, an accent outline: seen without colour too. */
export function Chip({ on, onToggle, single = false, icon, count, note, children }: ChipProps): JSX.Element {
  const state = single ? { role: "radio", "aria-checked": on } : { "aria-pressed": on };
  const shown = on ? "check" : icon;
  return (
    <button type="button" class={single ? "chip sq" : "chip"} onClick={onToggle} {...(state as object)}>
      {shown !== undefined && <Icon name={shown} />}
      {children}
      {note !== undefined && note !== "" && <small>{note}</small>}
      {count !== undefined && <small>{count}</small>}
    </button>
  );
}
