/** The five entries of the app: a bar below on phones, a rail beside from 600 px. They navigate; only the middle one acts. */
import type { ComponentChildren, JSX } from "preact";
import { t } from "../i18n/index";
import { askFor } from "./asked-tab";
import { Icon, type IconName } from "./icons";
import { isForThisWindow } from "./location";

export interface NavEntry {
  readonly href: string;
  readonly icon: IconName;
  readonly label: string;
  readonly current: boolean;
  readonly badge?: number;
}

interface NavigationProps {
  entries: readonly NavEntry[];
  onLog: () => void;
}

export function Tabs({ entries, onLog }: NavigationProps): JSX.Element {
  const half = Math.ceil(entries.length / 2);
  return (
    <nav class="tabs" aria-label={t("nav.main")}>
      {entries.slice(0, half).map((entry) => <Tab key={entry.href} entry={entry} />)}
      <LogButton onLog={onLog} />
      {entries.slice(half).map((entry) => <Tab key={entry.href} entry={entry} />)}
    </nav>
  );
}

export function Rail({ entries, onLog, foot }: NavigationProps & { foot: ComponentChildren }): JSX.Element {
  return (
    <nav class="rail" aria-label={t("nav.main")}>
      {entries.map((entry) => <Tab key={entry.href} entry={entry} />)}
      <span class="sp" />
      <LogButton onLog={onLog} />
      {foot}
    </nav>
  );
}

function Tab({ entry }: { entry: NavEntry }): JSX.Element {
  const badge = entry.badge ?? 0;
  const follow = (event: MouseEvent): void => {
    if (!isForThisWindow(event)) return;
    event.preventDefault();
    askFor(entry.href);
  };
  return (
    <a class="tab" href={entry.href} onClick={follow} {...(entry.current ? { "aria-current": "page" } : {})}>
      <Icon name={entry.icon} />
      {entry.label}{" "}
      {badge > 0 && <span class="badge">{badge > 99 ? "99+" : badge}</span>}
    </a>
  );
}

function LogButton({ onLog }: { onLog: () => void }): JSX.Element {
  return (
    <button type="button" class="tab log" aria-label={t("nav.log")} onClick={onLog}>
      <span class="pill">
        <Icon name="pen" />
      </span>
      {t("nav.log")}
    </button>
  );
}
