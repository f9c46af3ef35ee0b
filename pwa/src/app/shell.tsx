/** The frame around every screen: the tabs or the rail, the sync state, what the whole app has to say, and the open sheet. */
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { t } from "../i18n/index";
import { status } from "../store";
import { askedTab, Banner, Corner, hasRail, hasSheet, here, isInstalled, navigate, Rail, Said, SaidInSheet, SyncChip, Tabs, type NavEntry } from "../ui/index";
import { logSheet, offered } from "../features/interactions/queries";
import { Evicted } from "../features/session/views/evicted";
import { FirstDownload } from "../features/session/views/first-download";
import { PasswordButton } from "../features/session/views/password-button";
import { unread } from "../features/reminders/unread";
import { syncFacts, syncPath } from "../features/sync/queries";
import { UpdateReady } from "../features/update/views/update-ready";
import { routeOf, tabOf } from "./router";
import { CurrentScreen, CurrentSheet, fetchAhead, LogOffer } from "./screens";

export function Shell(): JSX.Element {
  useEffect(() => void fetchAhead(), []);
  useFocusOnNewScreen();
  const rail = hasRail.value;
  return (
    <div class="app">
      {rail && <Menu rail />}
      <div class="stage">
        <Corner.Provider value={rail ? null : <SyncChip facts={syncFacts.value} href={syncPath} />}>
          <Said.Provider value={<OfTheApp />}>
            <CurrentScreen />
          </Said.Provider>
        </Corner.Provider>
      </div>
      {!rail && <Menu />}
      <SaidInSheet.Provider value={<><Evicted inSheet /><UpdateReady /><Full /></>}>
        <CurrentSheet />
      </SaidInSheet.Provider>
    </div>
  );
}

/** Drawn by itself: its mark moves a frame before the screen changes. */
function Menu({ rail = false }: { rail?: boolean }): JSX.Element {
  const log = (): void => navigate(logAddress());
  if (!rail) return <Tabs entries={entries()} onLog={log} />;
  return <Rail entries={entries()} onLog={log} foot={<SyncChip rail facts={syncFacts.value} href={syncPath} />} />;
}

/** On a customer's screen the log is about that customer. */
function logAddress(): string {
  const route = routeOf(here.value.path);
  return logSheet({ customerId: route.screen === "customers" ? route.pk : null });
}

function entries(): NavEntry[] {
  const tab = askedTab.value ?? tabOf(routeOf(here.value.path));
  return [
    { href: "/", icon: "today", label: t("nav.today"), current: tab === "/" },
    { href: "/customers", icon: "cust", label: t("nav.customers"), current: tab === "/customers" },
    { href: "/needs-you", icon: "inbox", label: t("nav.needsYou"), current: tab === "/needs-you", badge: status.value.needsYou },
    { href: "/me", icon: "me", label: t("nav.me"), current: tab === "/me", badge: unread.value },
  ];
}

const Full = (): JSX.Element | null => (status.value.storage.full ? <Banner icon="db">{t("sync.full")}</Banner> : null);

/** What concerns the whole app; each line asks for at most one act. */
function OfTheApp(): JSX.Element {
  const { evicted, sessionExpired, storage, waiting } = status.value;
  return (
    <div class="said">
      {/* Over a sheet it is said there, and once is enough; what lies beneath keeps its place. */}
      <div class={hasSheet.value ? "unsaid" : ""}>
        <UpdateReady />
        <Evicted />
        <Full />
      </div>
      {sessionExpired && evicted === null && <Banner icon="lock" action={<PasswordButton />}>{t("signIn.expired")}</Banner>}
      {storage.persistent === false && waiting > 0 && isTabOfSafari() && <Banner icon="need">{t("sync.safariTab", { n: waiting })}</Banner>}
      {offered.value !== null && <LogOffer />}
      <FirstDownload />
    </div>
  );
}

/** Safari clears a site's storage after seven days without a visit, unless it is installed. */
function isTabOfSafari(): boolean {
  return /^((?!chrome|android|crios|fxios).)*safari/i.test(navigator.userAgent) && !isInstalled();
}

/** A screen reader and the keyboard go on at the new screen, not where the last one ended. */
function useFocusOnNewScreen(): void {
  const path = here.value.path;
  const first = useRef(true);
  useEffect(() => {
    if (!first.current) document.getElementById("main")?.focus({ preventScroll: true });
    first.current = false;
  }, [path]);
}
