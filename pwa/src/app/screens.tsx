/** Puts the right screen, and the sheet above it, on the page; from 840 px the list stays beside the customer. */
import type { ComponentType, JSX } from "preact";
import { t, wholeLanguage } from "../i18n/index";
import { Empty, here, isSplit, openSheet, Said, Screen, Top } from "../ui/index";
import Today from "../features/touches/views/today";
import { firstScreen, idle } from "./first-screen";
import { lazy } from "./lazy";
import { routeOf, type Route } from "./router";

/** Fetched with its words. */
const screen = <P extends object>(load: () => Promise<{ default: ComponentType<P> }>) =>
  lazy(() => Promise.all([load(), wholeLanguage()]).then(([module]) => module));

const CustomerList = screen(() => import("../features/customers/views/list"));
const Customer = screen(() => import("../features/customers/views/customer"));
const NeedsYou = screen(() => import("../features/conflicts/views/needs-you"));
const Inbox = screen(() => import("../features/reminders/views/inbox"));
const Me = screen(() => import("../features/settings/views/me"));
const Reminders = screen(() => import("../features/reminders/views/reminders"));
const TeamDay = screen(() => import("../features/team/views/team-day"));
const RepDay = screen(() => import("../features/team/views/rep-day"));
const SyncStatus = screen(() => import("../features/sync/views/sync-status"));
const Devices = screen(() => import("../features/session/views/devices"));
const LogSheet = screen(() => import("../features/interactions/views/log-sheet"));
export const LogOffer = screen(() => import("../features/interactions/views/log-offer"));
const ReviseSheet = screen(() => import("../features/interactions/views/revise-sheet"));
const AttachmentSheet = screen(() => import("../features/attachments/views/attachment-sheet"));
const TouchSheet = screen(() => import("../features/touches/views/touch-sheet"));
const QuickAddSheet = screen(() => import("../features/quick-add/views/quick-add-sheet"));
const Occasions = screen(() => import("../features/occasions/views/occasions"));
const PromiseSheet = screen(() => import("../features/promises/views/promise-sheet"));
const EditSheet = screen(() => import("../features/customers/views/edit-sheet"));
const PasswordSheet = screen(() => import("../features/session/views/password-sheet"));
const ChangePassword = screen(() => import("../features/session/views/change-password"));

const later = [CustomerList, Customer, LogSheet, NeedsYou, EditSheet, TouchSheet, PromiseSheet, Occasions, QuickAddSheet, ReviseSheet, LogOffer, AttachmentSheet, Me, Inbox, Reminders, SyncStatus, Devices, PasswordSheet, ChangePassword, TeamDay, RepDay];

/** Fetches the other screens once the first one stands, so that the first tap on each is instant; one after another, lest a tap wait for them all. */
export async function fetchAhead(): Promise<void> {
  await firstScreen();
  for (const each of later) {
    await each.load();
    await idle();
  }
}

export function CurrentScreen(): JSX.Element {
  const route = routeOf(here.value.path);
  if (route.screen === "customers") return <Customers route={route} />;
  if (route.screen === "team") return route.pk === null ? <TeamDay /> : <RepDay key={route.pk} pk={route.pk} />;
  const View = views[route.screen];
  return <View />;
}

const views: Record<Exclude<Route["screen"], "customers" | "team">, ComponentType> = {
  today: Today,
  occasions: Occasions,
  "needs-you": NeedsYou,
  inbox: Inbox,
  me: Me,
  reminders: Reminders,
  sync: SyncStatus,
  devices: Devices,
  unknown: Unknown,
};

function Customers({ route: { pk } }: { route: { pk: string | null } }): JSX.Element {
  if (!isSplit.value) return pk === null ? <CustomerList /> : <Customer key={pk} pk={pk} />;
  return (
    <div class="split">
      <section class="list-pane" aria-label={t("nav.customers")}>
        <Said.Provider value={null}>
          <CustomerList current={pk} beside />
        </Said.Provider>
      </section>
      <div class="detail-pane">{pk === null ? <Choose /> : <Customer key={pk} pk={pk} inSplit />}</div>
    </div>
  );
}

function Choose(): JSX.Element {
  return (
    <Screen name="choose" head={<Top />}>
      <Empty icon="cust">{t("customers.choose")}</Empty>
    </Screen>
  );
}

function Unknown(): JSX.Element {
  return (
    <Screen name="unknown" head={<Top title={t("unknown.title")} back="/" />}>
      <Empty icon="search" action={<a class="btn line" href="/">{t("unknown.home")}</a>}>{t("unknown.text")}</Empty>
    </Screen>
  );
}

export function CurrentSheet(): JSX.Element | null {
  const sheet = openSheet.value;
  if (sheet === "log" || sheet === "sign") return <LogSheet />;
  if (sheet === "revise") return <ReviseSheet />;
  if (sheet === "touch") return <TouchSheet />;
  if (sheet === "quick-add") return <QuickAddSheet />;
  if (sheet === "promise") return <PromiseSheet />;
  if (sheet === "photo" || sheet === "file") return <AttachmentSheet />;
  if (sheet === "password") return <PasswordSheet />;
  if (sheet === "new-password") return <ChangePassword />;
  if (sheet === "customer" || sheet === "contact" || sheet === "site" || sheet === "anniversary") return <EditSheet key={sheet} entity={sheet} />;
  return null;
}
