/** Small facts that are read at a glance: names, tiers, states, tags, avatars. None of them can be tapped. */
import type { ComponentChildren, JSX } from "preact";
import { nameParts, t } from "../i18n/index";
import { Icon, type IconName } from "./icons";

/** A breath, for screen readers, between words that the eye tells apart by their print. */
export const Pause = (): JSX.Element => <span class="sr">{t("list.separator")}</span>;

/** A company's name with its legal form in quiet print; `wrap` shows it whole instead of cutting it. */
export function CompanyName({ name, form = null, wrap = false }: { name: string; form?: string | null; wrap?: boolean }): JSX.Element {
  const parts = nameParts(name, form);
  if (parts.before !== "") {
    return (
      <span class="co fx">
        <span class={wrap ? "pre" : "pre one"}>{parts.before}</span>
        <b class={wrap ? "" : "one"}>{parts.name}</b>
      </span>
    );
  }
  return (
    <span class={wrap ? "co" : "co one"}>
      {parts.name}
      {parts.after !== "" && <span>{parts.after}</span>}
    </span>
  );
}

/** A, B or C; any other word is shown as it is, a missing one as a dash. */
export function Tier({ tier, big = false }: { tier: string; big?: boolean }): JSX.Element {
  const look = /^[abc]$/i.test(tier) ? tier.toLowerCase() : "none";
  const label = tier === "" ? t("tier.none") : t("tier.label", { tier });
  return (
    <span class={`tier ${look}${big ? " big" : ""}`} role="img" aria-label={label}>
      {tier === "" ? "–" : tier.slice(0, 1).toUpperCase()}
    </span>
  );
}

export type Urgency = "late" | "due" | "quiet" | "need";

const urgencyIcons: Record<Urgency, IconName> = { late: "latef", due: "half", quiet: "ring", need: "need" };

/** Full circle = late, half = today, hollow = later, octagon = needs you: shape and word, never colour alone. */
export function Mark({ urgency, icon, small = false, children }: { urgency: Urgency; icon?: IconName; small?: boolean; children: ComponentChildren }): JSX.Element {
  return (
    <span class={`mark ${urgency}${small ? " sm" : ""}`}>
      <Icon name={icon ?? urgencyIcons[urgency]} />
      {children}
    </span>
  );
}

/** The same sign without a word, for the head of a row whose second line says the word. */
export function Sign({ urgency, icon }: { urgency: Urgency; icon?: IconName }): JSX.Element {
  return (
    <span class={urgency === "need" ? "late" : urgency}>
      <Icon name={icon ?? urgencyIcons[urgency]} />
    </span>
  );
}

/** Where an item is: on this device, on the server, held by the server, or waiting for the person. */
export type SavedState = "device" | "server" | "held" | "needs";

const savedIcons: Record<SavedState, IconName> = { device: "pending", server: "check", held: "hold", needs: "need" };

export function SavedMark({ state }: { state: SavedState }): JSX.Element {
  const look = { device: "", server: " quiet", held: " due", needs: " need" }[state];
  return (
    <span class={`mark sm${look}`}>
      <Icon name={savedIcons[state]} />
      {t(`saved.${state}`)}
    </span>
  );
}

/** A fact about a person or a thing. `key` is for the one that matters most. */
export function Tag({ icon, strong = false, children }: { icon?: IconName; strong?: boolean; children: ComponentChildren }): JSX.Element {
  return (
    <span class={strong ? "tag key" : "tag"}>
      {icon !== undefined && <Icon name={icon} />}
      {children}
    </span>
  );
}

/** A person as a circle: the family name in Chinese, two letters elsewhere. */
export function Avatar({ name, big = false, me = false }: { name: string; big?: boolean; me?: boolean }): JSX.Element {
  return (
    <span class={`av${big ? " big" : ""}${me ? " me" : ""}`} aria-hidden="true">
      {big ? given(name) : initial(name)}
    </span>
  );
}

/** What colleagues call each other: the last two of a Chinese name. */
function given(name: string): string {
  const letters = Array.from(name);
  return letters.length === 3 && /^\p{Script=Han}+$/u.test(name) ? letters.slice(1).join("") : initial(name);
}

function initial(name: string): string {
  const latin = name.match(/\b[A-Za-z]/g);
  return latin !== null && /^[\x20-\x7e]+$/.test(name) ? latin.slice(0, 2).join("").toUpperCase() : (Array.from(name)[0] ?? "");
}
