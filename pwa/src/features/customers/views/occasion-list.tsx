/** The days that are kept with a customer: the next one at a glance, and all of them with what can be added. */
import type { JSX } from "preact";
import { day, dayOfWeek, daysBetween, t } from "../../../i18n/index";
import { Btn, Icon, navigate, Row } from "../../../ui/index";
import { actedWords, awayWords, comingWith, entriesWith, isOver, type Coming, type Entry } from "../../occasions/queries";
import { currentDate, dayOfDue, occasionsPath, touchSheet } from "../../touches/queries";
import { customerOf } from "../queries";
import { anniversarySheet, contactSheet } from "../sheets";

/** What lies further ahead is not spoken of yet. */
const SOON_DAYS = 60;

/** 王建宏生日，11/27 週五，還有 5 天 · who acted on it */
export function NextOccasion({ customerId }: { customerId: string }): JSX.Element | null {
  const entries = entriesOf(customerId);
  const [next] = comingWith(customerId);
  const entry = entries.find(({ due }) => next === undefined || dayOfDue(due) <= next.on);
  const on = entry === undefined ? next?.on : dayOfDue(entry.due);
  if (on === undefined || daysBetween(currentDate.value, on) > SOON_DAYS) return null;
  const words = entry === undefined ? next?.words : entry.words;
  const href = entry === undefined ? (next === undefined ? "" : editSheet(next)) : isOver(entry.touch) ? occasionsPath : touchSheet(customerId, entry.touchId);
  const away = daysBetween(currentDate.value, on);
  const told = entry?.touch != null ? actedWords(entry.touch) : Math.abs(away) > 1 ? awayWords(away) : "";
  return (
    <button type="button" class="plan" onClick={() => navigate(href)}>
      <Icon name="star" />
      <span>{[words, day(on, dayOfWeek), told].filter(Boolean).join(t("list.separator"))}</span>
      <span class="sp" />
      <Icon name="right" size="s" />
    </button>
  );
}

function entriesOf(customerId: string): readonly Entry[] {
  const customer = customerOf(customerId);
  return customer === null ? [] : entriesWith(customer);
}

const editSheet = ({ kind, customerId, source }: Coming): string => (kind === "birthday" ? contactSheet(customerId, source) : anniversarySheet(customerId, source));

/** Birthdays and anniversaries of a customer, the nearest first. */
export function OccasionList({ customerId }: { customerId: string }): JSX.Element {
  return (
    <div class="people">
      <ul>
        {comingWith(customerId).map((coming) => (
          <li key={coming.source}>
            <Row lead={<Icon name="star" />} onClick={() => navigate(editSheet(coming))} title={coming.words} second={[day(coming.on, dayOfWeek), awayWords(daysBetween(currentDate.value, coming.on)), coming.lunar].filter(Boolean).join(t("list.separator"))} />
          </li>
        ))}
      </ul>
      <div class="add">
        <Btn look="text" icon="plus" onClick={() => navigate(anniversarySheet(customerId))}>{t("occasion.add")}</Btn>
      </div>
    </div>
  );
}
