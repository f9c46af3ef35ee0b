/** Refers to the icons of `icons.svg`, which stand once in the page before any code runs. */
import type { JSX } from "preact";

export type IconName =
  | "back" | "cal" | "camera" | "chat" | "check" | "checks" | "cloud" | "cloudoff" | "cust" | "db" | "device" | "dl" | "doc"
  | "done" | "down" | "flag" | "globe" | "half" | "hand" | "hold" | "inbox" | "key" | "latef" | "list" | "lock"
  | "mail" | "me" | "merge" | "mic" | "more" | "nav" | "need" | "open" | "out" | "pen" | "pending" | "phone"
  | "pin" | "plus" | "retry" | "right" | "ring" | "search" | "shield" | "sort" | "star" | "stop" | "sun" | "swap" | "text"
  | "today" | "trash" | "undo" | "x";

/** Decoration only: what it means stands beside it in words, or in its button's label. */
export function Icon({ name, size = "" }: { name: IconName; size?: "" | "s" | "xs" }): JSX.Element {
  return (
    <svg class={`i ${size}`} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <use href={`#i-${name}`} />
    </svg>
  );
}
