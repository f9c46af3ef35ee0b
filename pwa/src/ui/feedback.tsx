/** What the app says back after an act: a notice, with Undo where the act can be taken back. */
import { signal } from "@preact/signals";
import type { ComponentChildren, JSX } from "preact";
import { useEffect } from "preact/hooks";
import { t } from "../i18n/index";
import { Icon, type IconName } from "./icons";

const SHOWN_MS = 6000;

interface Notice {
  readonly id: number;
  readonly text: string;
  readonly undo: (() => Promise<void>) | null;
  readonly icon: IconName;
}

const notice = signal<Notice | null>(null);
let counter = 0;

/** Says what happened; with `undo`, offers six seconds to take it back. */
export function say(text: string, undo: (() => Promise<void>) | null = null): void {
  show(text, undo, "check");
}

/** Says that an act did not go through, and what to do. */
export const warn = (text: string): void => show(text, null, "need");

function show(text: string, undo: Notice["undo"], icon: IconName): void {
  counter += 1;
  notice.value = { id: counter, text, undo, icon };
}

/** Where notices appear: above the dock. It is always in the page, so that a screen reader hears the change. */
export function NoticeBar(): JSX.Element {
  const now = notice.value;
  useEffect(() => {
    if (now === null) return undefined;
    const timer = setTimeout(() => dismiss(now.id), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [now?.id]);
  return (
    <div class="uw" role="status">
      {now !== null && (
        <div class="undo" key={now.id}>
          <Icon name={now.icon} size="s" />
          <span>{now.text}</span>
          {now.undo !== null && <UndoButton notice={now} />}
        </div>
      )}
    </div>
  );
}

/** What did not go through, within a sheet: it covers the bar, and a screen reader does not hear of what lies beneath. */
export function WarningBar(): JSX.Element {
  const now = notice.value;
  return (
    <div class="uw" role="alert">
      {now?.icon === "need" && (
        <div class="undo" key={now.id}>
          <Icon name="need" size="s" />
          <span>{now.text}</span>
        </div>
      )}
    </div>
  );
}

function UndoButton({ notice: { id, undo } }: { notice: Notice }): JSX.Element {
  const take = async (): Promise<void> => {
    dismiss(id);
    await undo?.();
    say(t("undo.done"));
  };
  return (
    <button type="button" onClick={() => void take()}>
      <Icon name="undo" size="s" />
      {t("undo.button")}
    </button>
  );
}

function dismiss(id: number): void {
  if (notice.value?.id === id) notice.value = null;
}

/** Why a place is empty, and the one thing to do about it. */
export function Empty({ icon, children, action }: { icon: IconName; children: ComponentChildren; action?: ComponentChildren }): JSX.Element {
  return (
    <div class="empty">
      <Icon name={icon} />
      <p>{children}</p>
      {action}
    </div>
  );
}

/** Something about the whole app that the person should know, with at most one act. */
export function Banner({ icon, children, action }: { icon: IconName; children: ComponentChildren; action?: ComponentChildren }): JSX.Element {
  return (
    <div class="banner">
      <Icon name={icon} size="s" />
      <div class="tx">{children}</div>
      {action}
    </div>
  );
}
