/** The people at a customer: who decides first, each with role, whether met, and a call within one tap. */
import type { JSX } from "preact";
import { day, t } from "../../../i18n/index";
import { lunarWords } from "../../../i18n/lunar";
import { calendars, nextDay, type Yearly } from "../../../sync/core/occasion";
import { Avatar, Btn, IconLink, Mark, navigate, Row, SavedMark, Tag } from "../../../ui/index";
import { currentDate, touchSheet } from "../../touches/queries";
import { decider, decides, lineLink, mailLink, telLink, type Contact } from "../model";
import { contactSheet } from "../sheets";

export function ContactList({ customerId, contacts }: { customerId: string; contacts: readonly Contact[] }): JSX.Element {
  return (
    <div class="people">
      <Reach customerId={customerId} contacts={contacts} />
      <ul>
        {contacts.map((contact) => (
          <li key={contact.pk}>
            <ContactRow customerId={customerId} contact={contact} />
          </li>
        ))}
      </ul>
      <div class="add">
        <Btn look="text" icon="plus" onClick={() => navigate(contactSheet(customerId))}>{t("contact.add")}</Btn>
      </div>
    </div>
  );
}

/** Has the one who decides been reached? */
function Reach({ customerId, contacts }: { customerId: string; contacts: readonly Contact[] }): JSX.Element | null {
  const who = decider(contacts);
  if (who === null || who.isMet) return null;
  return (
    <p class="reach">
      <Mark urgency="due" icon="ring">{t("contact.notReached")}</Mark>
      <span class="note">{t("contact.metCount", { n: contacts.filter(({ isMet }) => isMet).length, all: contacts.length })}</span>
      <span class="sp" />
      <Btn onClick={() => navigate(touchSheet(customerId, null, who.pk))}>{t("contact.arrange", { name: who.name })}</Btn>
    </p>
  );
}

function ContactRow({ customerId, contact }: { customerId: string; contact: Contact }): JSX.Element {
  const number = contact.mobile || contact.phone;
  const plain = [contact.department, contact.preferredHours, contact.notes.split("\n")[0] ?? "", birthdayWords(contact)].filter((each) => each !== "");
  return (
    <Row
      lead={<Avatar name={contact.name} />}
      onClick={() => navigate(contactSheet(customerId, contact.pk))}
      title={
        <>
          <b>{contact.name}</b>
          {contact.title !== "" && <span class="note">{contact.title}</span>}
          {contact.roles.map((role) => <Tag key={role} strong={role === "economic"} {...(role === "economic" ? { icon: "key" as const } : {})}>{t(`role.${role}`)}</Tag>)}
        </>
      }
      second={
        <>
          {decides(contact) && !contact.isMet && <Mark urgency="due" icon="ring">{t("glance.notMet")}</Mark>}
          <span>{plain.join(t("list.separator"))}</span>
          {contact.state !== "server" && <SavedMark state={contact.state} />}
        </>
      }
      action={<ReachLink about={`${customerId}/${contact.pk}`} contact={contact} number={number} />}
    />
  );
}

/** 生日 農曆十月十九，下次 11/28 */
function birthdayWords({ birthday }: Contact): string {
  if (birthday === null) return "";
  const yearly: Yearly = { calendar: calendars.find((each) => each === birthday.calendar) ?? "solar", month: birthday.month, day: birthday.day, shift_days: 0 };
  const on = nextDay(yearly, currentDate.value);
  if (on === null) return "";
  return t("occasion.born", { day: yearly.calendar === "solar" ? day(on) : t("occasion.thisYear", { what: lunarWords(yearly), day: day(on) }) });
}

/** The nearest way to this person: a call, else chat, else mail. */
function ReachLink({ about, contact, number }: { about: string; contact: Contact; number: string }): JSX.Element | null {
  if (number !== "") return <IconLink icon="phone" href={telLink(number)} about={about} label={t("act.callWhom", { name: contact.name })} />;
  if (contact.lineId !== "") return <IconLink icon="chat" href={lineLink(contact.lineId)} about={about} label={t("act.lineWhom", { name: contact.name })} />;
  return contact.email === "" ? null : <IconLink icon="mail" href={mailLink(contact.email)} about={about} label={t("act.mailWhom", { name: contact.name })} />;
}
