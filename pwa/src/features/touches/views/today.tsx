/** Today: one question answered at the top (what is due, and why), one next best action at the bottom. */
import type { JSX } from "preact";
import { longDate, t } from "../../../i18n/index";
import { status, type Store } from "../../../store";
import { afterwards, Empty, Icon, IconLink, Row, Screen, Section, Top, useLater } from "../../../ui/index";
import { myPromises, PromiseRow, TeamLate, wallNow, whenDue, type Promised } from "../../promises/queries";
import { quickAddSheet } from "../../quick-add/queries";
import { useMe, useStore } from "../../session/queries";
import { isOccasion, nextBest, whenOf, type Due, type When } from "../model";
import { currentDate, isRead, myDues, myGroups } from "../queries";
import { DueRow } from "./due-row";
import { NeedsYouRow } from "./needs-you-row";
import { NextAction } from "./next-action";
import { Occasions } from "./occasions";
import "./today.css";

/** Of each group; the others are in the list of customers. */
const SHOWN = 20;
/** Head, dock and tabs leave the rest of the window to rows, each at least so tall; in CSS pixels at the browser's own text size. */
const FRAME_PX = 300;
const ROW_PX = 68;
/** Of all groups: as many as the window shows. The rows below them follow when nothing else goes on, so that a tap on the tab does not wait for them. */
const shownAtOnce = (): number => Math.ceil(Math.max(ROW_PX, window.innerHeight - FRAME_PX) / ROW_PX);

const Drafts = afterwards(() => import("./drafts"));

export default function Today(): JSX.Element {
  const store = useStore();
  const me = useMe();
  const date = currentDate.value;
  const promised = myPromises.value;
  // One list after the other would push down what is being read.
  const dues = promised === undefined ? undefined : myDues.value;
  const now = (dues ?? []).filter((due) => whenOf(due, date) !== "later");
  const mine = now.filter((due) => !isOccasion(due));
  const next = nextBest(mine.length > 0 ? mine : now, date);
  const isDrawn = useLater(true);
  const first = isDrawn ? mine : mine.slice(0, shownAtOnce());
  const asked = (promised ?? []).filter((promise) => whenDue(promise, wallNow.value) !== "later");
  const parts = { dues: mine, drawn: first, promises: dues === undefined ? [] : asked, date, store };
  return (
    <Screen name="today" head={<Top title={t("nav.today")} note={longDate(date)}><IconLink icon="plus" label={t("quick.add")} href={quickAddSheet} /></Top>} foot={next !== undefined && <NextAction key={next.customerId} store={store} due={next} />}>
      <NeedsYouRow />
      {me.role === "manager" && <div class="group"><Row lead={<Icon name="cust" />} href="/team" title={<b>{t("team.title")}</b>} second={t("team.why")} action={<Icon name="right" size="s" />} /></div>}
      {isDrawn && isRead.value && <TeamLate store={store} />}
      {isRead.value && <Drafts store={store} />}
      <Group {...parts} when="late" />
      <Group {...parts} when="today" />
      <Occasions dues={now.filter(isOccasion)} groups={myGroups.value} date={date} store={store} />
      <Group {...parts} when="soon" />
      {dues !== undefined && now.length + myGroups.value.length + asked.length === 0 && <NothingDue />}
    </Screen>
  );
}

interface GroupProps {
  dues: readonly Due[];
  /** The ones that may be drawn by now. */
  drawn: readonly Due[];
  promises: readonly Promised[];
  when: When;
  date: string;
  store: Store;
}

function Group({ dues, drawn, promises, when, date, store }: GroupProps): JSX.Element | null {
  const isMine = (due: Due): boolean => whenOf(due, date) === when;
  const mine = dues.filter(isMine);
  const asked = promises.filter((promise) => whenDue(promise, wallNow.value) === when);
  if (mine.length + asked.length === 0 || when === "later") return null;
  return (
    <Section title={t(`today.${when}`)} count={mine.length + asked.length}>
      <Rows dues={drawn.filter(isMine)} promises={asked} date={date} store={store} />
      {mine.length > SHOWN && (
        <p class="more">
          <a class="btn text" href="/customers?sort=due">
            {t("today.more", { n: mine.length - SHOWN })}
          </a>
        </p>
      )}
    </Section>
  );
}

/** What a customer waits for comes before what we wanted of them. */
function Rows({ dues, promises, date, store }: Pick<GroupProps, "dues" | "promises" | "date" | "store">): JSX.Element {
  return (
    <ul class="group">
      {promises.map((promise) => (
        <li key={promise.pk}>
          <PromiseRow promise={promise} now={wallNow.value} store={store} />
        </li>
      ))}
      {dues.slice(0, SHOWN).map((due) => (
        <li key={due.customerId}>
          <DueRow due={due} date={date} store={store} />
        </li>
      ))}
    </ul>
  );
}

function NothingDue(): JSX.Element {
  if (!status.value.bootstrapped) return <Empty icon="dl">{t("today.notDownloaded")}</Empty>;
  return (
    <Empty icon="done" action={<a class="btn line" href="/customers">{t("today.findCustomer")}</a>}>
      {t("today.nothing")}
    </Empty>
  );
}
