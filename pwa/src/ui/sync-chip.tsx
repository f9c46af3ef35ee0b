/** The one place on every screen that says where the work is: waiting, needs you, offline, or all on the server. */
import type { JSX } from "preact";
import { t } from "../i18n/index";
import { Icon, type IconName } from "./icons";

export interface SyncFacts {
  readonly waiting: number;
  readonly needsYou: number;
  readonly offline: boolean;
  readonly busy: boolean;
  /** Everything granted has been downloaded at least once. */
  readonly complete: boolean;
}

interface Said {
  readonly icon: IconName;
  readonly text: string;
  /** The spoken name; it begins with the words on the chip, so that one can say what one sees. */
  readonly label: string;
}

/** Work that is not on the server yet comes first: it is what could still be lost with the device. */
export function sayOf(facts: SyncFacts): Said {
  if (facts.waiting > 0) return { icon: "pending", text: t("sync.chip.waiting", { n: facts.waiting }), label: t("sync.chip.waitingLabel", { n: facts.waiting }) };
  if (facts.offline) return { icon: "cloudoff", text: t("sync.chip.offline"), label: t("sync.chip.offlineLabel") };
  if (!facts.complete) return { icon: "dl", text: t("sync.chip.downloading"), label: t("sync.chip.downloadingLabel") };
  if (facts.busy) return { icon: "retry", text: t("sync.chip.busy"), label: t("sync.chip.busyLabel") };
  if (facts.needsYou > 0) return { icon: "need", text: t("sync.chip.needs", { n: facts.needsYou }), label: t("sync.chip.needsLabel", { n: facts.needsYou }) };
  return { icon: "check", text: t("sync.chip.saved"), label: t("sync.chip.savedLabel") };
}

export function SyncChip({ facts, href, rail = false }: { facts: SyncFacts; href: string; rail?: boolean }): JSX.Element {
  const said = sayOf(facts);
  if (rail) {
    return (
      <a class="tab" href={href} aria-label={said.label}>
        <Icon name={said.icon} />
        <b>{said.text}</b>
      </a>
    );
  }
  return (
    <a class="sync" href={href} aria-label={said.label}>
      <span>
        <Icon name={said.icon} />
        {said.text}
      </span>
    </a>
  );
}
