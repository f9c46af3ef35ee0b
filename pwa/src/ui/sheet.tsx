/** A task that rises over the screen it came from: a native dialog, so that focus, Escape and the layer are the browser's. */
import { computed, signal } from "@preact/signals";
import { createContext, type ComponentChildren, type JSX } from "preact";
import { useContext, useEffect, useId, useRef } from "preact/hooks";
import { t } from "../i18n/index";
import { IconBtn } from "./controls";
import { WarningBar } from "./feedback";

/** What cannot wait until the sheet is closed: the screen beneath, where it is said otherwise, is out of reach. */
export const SaidInSheet = createContext<ComponentChildren>(null);

const open = signal(false);

/** Whether a sheet stands over the screen. */
export const hasSheet = computed(() => open.value);

interface SheetProps {
  title: string;
  onClose: () => void;
  /** Stands in the head: the state of the draft. */
  status?: ComponentChildren;
  /** Sticky above the keyboard. */
  footer?: ComponentChildren;
  /** Only as high as its content. */
  fit?: boolean;
  closeLabel?: string;
  /** Begins in its `autoFocus` field, not at its title: typing is all there is to do. */
  typing?: boolean;
  onSubmit?: () => void;
  children: ComponentChildren;
}

export function Sheet({ title, onClose, status, footer, fit = false, typing = false, closeLabel, onSubmit, children }: SheetProps): JSX.Element {
  const dialog = useModal(onClose);
  const id = useId();
  return (
    <dialog ref={dialog} class={fit ? "sheet fit" : "sheet"} aria-labelledby={id}>
      <div class="grab" aria-hidden="true" />
      <header class="sh">
        <h2 id={id} tabIndex={-1} autofocus={!typing}>{title}</h2>
        {status}
        <IconBtn icon="x" label={closeLabel ?? t("sheet.close")} onClick={onClose} />
      </header>
      {useContext(SaidInSheet)}
      <form
        novalidate
        onSubmit={(event) => {
          event.preventDefault();
          onSubmit?.();
        }}
      >
        <div class="sbody">{children}</div>
        <WarningBar />
        {footer !== undefined && <footer class="save">{footer}</footer>}
      </form>
    </dialog>
  );
}

function useModal(onClose: () => void): preact.RefObject<HTMLDialogElement | null> {
  const dialog = useRef<HTMLDialogElement>(null);
  const close = useRef(onClose);
  close.current = onClose;
  useEffect(() => {
    const element = dialog.current;
    if (element === null) return;
    const before = document.activeElement;
    const cancel = (event: Event): void => {
      event.preventDefault();
      close.current();
    };
    const outside = (event: MouseEvent): void => {
      if (event.target === element) close.current();
    };
    element.addEventListener("cancel", cancel);
    element.addEventListener("click", outside);
    element.showModal();
    open.value = true;
    return () => {
      element.removeEventListener("cancel", cancel);
      element.removeEventListener("click", outside);
      element.close();
      open.value = false;
      if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
    };
  }, []);
  return dialog;
}
