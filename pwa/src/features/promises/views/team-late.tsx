/** On a manager's Today: what their people promised and is late, or has nobody who could do it any more. */
import type { JSX } from "preact";
import { t } from "../../../i18n/index";
import type { Store } from "../../../store";
import { Section } from "../../../ui/index";
import { colleagues } from "../../people/queries";
import { wallNow } from "../now";
import { openPromises } from "../list";
import { escalated, reportsOf } from "../team";
import { PromiseRow } from "./promise-row";

const SHOWN = 10;

export default function TeamLate({ store }: { store: Store }): JSX.Element | null {
  const people = new Map(colleagues.value.map((one) => [one.pk, one]));
  const late = escalated(openPromises.value ?? [], reportsOf(colleagues.value, store.person), people, wallNow.value);
  if (late.length === 0) return null;
  return (
    <Section title={t("promise.team")} count={late.length}>
      <ul class="group">
        {late.slice(0, SHOWN).map((promise) => (
          <li key={promise.pk}>
            <PromiseRow promise={promise} now={wallNow.value} store={store} who={whose(people.get(promise.ownerId))} />
          </li>
        ))}
      </ul>
      {late.length > SHOWN && <p class="more note">{t("promise.teamMore", { n: late.length - SHOWN })}</p>}
    </Section>
  );
}

function whose(person: { name: string; isActive: boolean } | undefined): string {
  if (person === undefined) return "";
  return person.isActive ? t("promise.of", { name: person.name }) : t("promise.ofGone", { name: person.name });
}
