/** While a fresh device fills itself: how far it is, and what can be used already. It never blocks a screen. */
import type { JSX } from "preact";
import { number, t } from "../../../i18n/index";
import { status } from "../../../store";
import { Icon } from "../../../ui/index";
import { customers } from "../../customers/queries";
import "./session.css";

export function FirstDownload(): JSX.Element | null {
  const { bootstrapped, downloadedRows, offline } = status.value;
  if (bootstrapped) return null;
  const ready = customers.value?.length ?? 0;
  return (
    <section class="card download" aria-live="polite">
      <p class="l1">
        <Icon name={offline ? "cloudoff" : "dl"} size="s" />
        <b>{t(offline ? "download.waiting" : "download.title", { n: number(downloadedRows) })}</b>
      </p>
      <p class="note">{ready === 0 ? t("download.nothingYet") : t("download.usable", { n: number(ready) })}</p>
    </section>
  );
}
