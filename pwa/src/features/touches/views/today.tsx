/** Today: one question answered at the top (what is due, and why), one next best action at the bottom. */
import type { JSX } from "preact";
import { longDate, t } from "../../../i18n/index";
import { status, type Store } from "../../../store";
import { Empty, Screen, Section, Top } from "../../../ui/index";
import { useStore } from "../../session/queries";
import { nextBest, whenOf, type Due, type When } from "../model";
import { currentDate, myDues } from "../queries";
import { Drafts } from "./drafts";
import { DueRow } from "./due-row";
import { NeedsYouRow } from "./needs-you-row";
import { NextAction } from "./next-action";
import "./today.css";

const SHOWN_SOON = 20;

export default function Today(): JSX.Element {
  const store = useStore();
  const date = currentDate.value;
  const dues = myDues.value;
  const now = (dues ?? []).filter((due) => whenOf(due, date) !== "later");
  const next = nextBest(now, date);
  return (
    <Screen name="today" head={<Top title={t("nav.today")} note={longDate(date)} />} foot={next !== undefined && <NextAction key={next.customerId} store={store} due={next} />}>
      <NeedsYouRow />
      <Drafts store={store} />
      <Group dues={now} when="late" date={date} store={store} />
      <Group dues={now} when="today" date={date} store={store} />
      <Group dues={now} when="soon" date={date} store={store} />
      {dues !== undefined && now.length === 0 && <NothingDue />}
    </Screen>
  );
}

function Group({ dues, when, date, store }: { dues: readonly Due[]; when: When; date: string; store: Store }): JSX.Element | null {
  const mine = dues.filter((due) => whenOf(due, date) === when);
  if (mine.length === 0 || when === "later") return null;
  return (
    <Section title={t(`today.${when}`)} count={mine.length}>
      <ul class="group">
        {mine.slice(0, SHOWN_SOON).map((due) => (
          <li key={due.customerId}>
            <DueRow due={due} date={date} store={store} />
          </li>
        ))}
      </ul>
      {mine.length > SHOWN_SOON && (
        <p class="more">
          <a class="btn text" href="/customers?sort=due">
            {t("today.more", { n: mine.length - SHOWN_SOON })}
          </a>
        </p>
      )}
    </Section>
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
