/** Who was met: the people of the customer as chips, the most important first. */
import type { JSX } from "preact";
import { t } from "../../../i18n/index";
import { Chip, Icon, navigate } from "../../../ui/index";
import { contactSheet, type Contact } from "../../customers/queries";

interface PeopleChipsProps {
  customerId: string;
  contacts: readonly Contact[];
  chosen: readonly string[];
  change: (part: { contactIds: readonly string[] }) => void;
}

export function PeopleChips({ customerId, contacts, chosen, change }: PeopleChipsProps): JSX.Element {
  const toggle = (pk: string): void => change({ contactIds: chosen.includes(pk) ? chosen.filter((each) => each !== pk) : [...chosen, pk] });
  return (
    <div>
      <p class="lab">{t("log.met")}</p>
      <div class="chips tight scroll bleed" role="group" aria-label={t("log.met")}>
        {contacts.map((contact) => (
          <Chip key={contact.pk} on={chosen.includes(contact.pk)} note={contact.title} onToggle={() => toggle(contact.pk)}>
            {contact.name}
          </Chip>
        ))}
        <button type="button" class="chip" onClick={() => navigate(contactSheet(customerId))}>
          <Icon name="plus" />
          {t("log.newPerson")}
        </button>
      </div>
    </div>
  );
}
