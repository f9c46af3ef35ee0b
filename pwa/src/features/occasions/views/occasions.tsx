/** All days that are kept just now: those of single customers first, then each that many share, with whoever acted on them. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { dayOfWeek, t } from "../../../i18n/index";
import type { Store } from "../../../store";
import { Btn, CompanyName, Empty, here, IconBtn, Row, say, Screen, Section, Sign, Tier, Top } from "../../../ui/index";
import { customerPath } from "../../customers/queries";
import { useStore } from "../../session/queries";
import { completeTouch } from "../../touches/commands";
import { currentDate, dayOfDue, reasonWords, touchSheet, urgencyOf } from "../../touches/queries";
import { entriesNow, type Entry } from "../queries";
import { actedWords, isOver } from "../words";

export default function Occasions(): JSX.Element {
  const store = useStore();
  const only = here.value.query.get("of");
  const entries = entriesNow.value?.filter(({ due }) => only === null || groupOf(due) === only);
  return (
    <Screen name={`occasions ${only ?? ""}`} head={<Top title={t("occasion.title")} back="/" />}>
      {entries?.length === 0 && <Empty icon="cal">{t("occasion.none")}</Empty>}
      {partsOf(entries ?? []).map((part) => (
        <Part key={part[0]?.touchId} entries={part} store={store} />
      ))}
    </Screen>
  );
}

const groupOf = ({ reason }: Entry["due"]): string => (reason?.kind === "occasion" ? reason.group : "");

/** Of one day that many share, or of all that are a single customer's. */
function partsOf(entries: readonly Entry[]): readonly (readonly Entry[])[] {
  const parts = new Map<string, Entry[]>([["", []]]);
  for (const entry of entries) parts.set(groupOf(entry.due), [...(parts.get(groupOf(entry.due)) ?? []), entry]);
  return [...parts.values()].filter((part) => part.length > 0);
}

const AT_ONCE = 50;

function Part({ entries, store }: { entries: readonly Entry[]; store: Store }): JSX.Element {
  const [most, show] = useState(AT_ONCE);
  const [first] = entries;
  const shared = first !== undefined && groupOf(first.due) !== "";
  const left = entries.filter(({ touch }) => !isOver(touch)).length;
  // Who is still to be greeted stands first.
  const ordered = [...entries].sort((a, b) => Number(isOver(a.touch)) - Number(isOver(b.touch)));
  return (
    <Section title={shared ? t("occasion.on", { what: reasonWords(first.due), day: dayOfWeek(dayOfDue(first.due)) }) : t("occasion.own")} count={t("occasion.left", { n: left })}>
      <ul class="group">
        {ordered.slice(0, most).map((entry) => (
          <li key={entry.touchId}>
            <EntryRow entry={entry} shared={shared} store={store} />
          </li>
        ))}
      </ul>
      {entries.length > most && <p class="more"><Btn look="text" onClick={() => show(most + AT_ONCE)}>{t("occasion.more", { n: entries.length - most })}</Btn></p>}
    </Section>
  );
}

function EntryRow({ entry: { customer, due, touch, touchId }, shared, store }: { entry: Entry; shared: boolean; store: Store }): JSX.Element {
  const over = isOver(touch);
  const complete = async (): Promise<void> => say(t("occasion.greeted"), await completeTouch(store, touch === null ? due : { ...due, pk: touchId }));
  return (
    <Row
      lead={over ? <Sign urgency="quiet" icon="done" /> : <Sign urgency={urgencyOf(due, currentDate.value)} />}
      href={over ? customerPath(customer.pk) : touchSheet(customer.pk, touchId)}
      title={
        <>
          <Tier tier={customer.tier} />
          <CompanyName name={customer.name} form={customer.legalForm} />
        </>
      }
      second={
        <>
          {!shared && <b>{dayOfWeek(dayOfDue(due))}</b>}
          {!shared && <span>{reasonWords(due)}</span>}
          {touch !== null && <span>{actedWords(touch)}</span>}
          {shared && touch === null && <span>{t("occasion.notYet")}</span>}
        </>
      }
      action={!over && <IconBtn icon="check" label={t("occasion.greetedWhom", { name: customer.name })} onClick={() => void complete()} />}
    />
  );
}
