/** The frame of one screen: head, scrolling middle, notices, and the dock in thumb reach. */
import { createContext, type ComponentChildren, type JSX } from "preact";
import { useContext, useLayoutEffect } from "preact/hooks";
import { t } from "../i18n/index";
import { NoticeBar } from "./feedback";
import { Icon } from "./icons";
import { goBack } from "./location";
import { Pause } from "./marks";
import { useScrollMemory } from "./scroll-memory";

/** What stands in the top right of every screen; the shell puts the sync state there. */
export const Corner = createContext<ComponentChildren>(null);

/** What concerns the whole app, said under the head of the screen. */
export const Said = createContext<ComponentChildren>(null);

interface ScreenProps {
  /** Names the scrolling part, for Back. */
  name: string;
  head: ComponentChildren;
  foot?: ComponentChildren;
  label?: string;
  /** Stands beside the main part, as the list does from 840 px: a page has only one `<main>`. */
  beside?: boolean;
  /** One column to read in, as wide as a hand's breadth of lines; the head and the dock line up with it. */
  column?: boolean;
  children: ComponentChildren;
}

export function Screen({ name, head, foot, label, beside = false, column = false, children }: ScreenProps): JSX.Element {
  const body = useScrollMemory<HTMLElement>(name);
  return (
    <div class={column ? "screen column" : "screen"}>
      {head}
      {useContext(Said)}
      {beside ? (
        <div class="body" ref={body as preact.RefObject<HTMLDivElement>}>{children}</div>
      ) : (
        <main id="main" class="body" ref={body} tabIndex={-1} {...(label === undefined ? {} : { "aria-label": label })}>
          {children}
        </main>
      )}
      {!beside && <NoticeBar />}
      {foot}
    </div>
  );
}

interface TopProps {
  title?: string;
  /** Quiet words after the title. */
  note?: string;
  /** Where Back leads when the app was opened right here; absent on the screens of the tabs. */
  back?: string;
  children?: ComponentChildren;
}

export function Top({ title, note, back, children }: TopProps): JSX.Element {
  const corner = useContext(Corner);
  return (
    <header class={back === undefined ? "top" : "top back"}>
      {back !== undefined && (
        <button type="button" class="iconbtn" aria-label={t("nav.back")} onClick={() => goBack(back)}>
          <Icon name="back" />
        </button>
      )}
      {title !== undefined && (
        <h1>
          {title}
          {note !== undefined && note !== "" && <><Pause /><small>{note}</small></>}
        </h1>
      )}
      <span class="sp" />
      {children}
      {corner}
    </header>
  );
}

export function Dock({ label, flat = false, first = false, children }: { label: string; flat?: boolean; first?: boolean; children: ComponentChildren }): JSX.Element {
  useLayoutEffect(() => {
    if (!first) return undefined;
    // In a short window this dock joins the page; a selector that looks for it would be asked at every change of a list.
    document.documentElement.dataset["dock"] = "first";
    return () => delete document.documentElement.dataset["dock"];
  }, [first]);
  return (
    <section class={`dock${flat ? " flat" : ""}${first ? " first" : ""}`} aria-label={label}>
      {children}
    </section>
  );
}

export function Section({ title, count, children }: { title: string; count?: number | string; children: ComponentChildren }): JSX.Element {
  return (
    <section>
      <h2 class="sec">
        {title}
        {count !== undefined && <><Pause /><em>{count}</em></>}
      </h2>
      {children}
    </section>
  );
}
