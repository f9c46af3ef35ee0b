/** The four answers at the top of a customer: who decides, what is promised next, what was last, what is next. */
import type { JSX } from "preact";
import { day, list, moment, t } from "../../../i18n/index";
import { type Row } from "../../../store";
import { Icon, Mark, navigate } from "../../../ui/index";
import { integer, text } from "../../../ui/values";
import { lastInteraction, useTimeline } from "../../interactions/queries";
import { personName } from "../../people/queries";
import { PromiseList, promisesTo } from "../../promises/queries";
import { useMe, useStore } from "../../session/queries";
import { currentDate, duesBesides, dueWords, nextOf, reasonWords, touchSheet, urgencyOf } from "../../touches/queries";
import { decider, type Contact } from "../model";
import { NextOccasion } from "./occasion-list";

export function Glance({ row, contacts }: { row: Row; contacts: readonly Contact[] }): JSX.Element {
  return (
    <div class="gl-box">
      <dl class="gl">
        <Decider contacts={contacts} />
        <Buying row={row} />
        <Last row={row} />
        <Next row={row} contacts={contacts} />
      </dl>
      <Plan customerId={row.pk} />
      <NextOccasion customerId={row.pk} />
      <Promises customerId={row.pk} />
    </div>
  );
}

/** Plans the next contact, or changes the one that is planned. */
function Plan({ customerId }: { customerId: string }): JSX.Element {
  const planned = nextOf.value?.get(customerId)?.pk ?? null;
  return (
    <button type="button" class="plan" onClick={() => navigate(touchSheet(customerId, planned))}>
      <Icon name="cal" />
      {t(planned === null ? "touch.plan" : "touch.change")}
      <span class="sp" />
      <Icon name="right" size="s" />
    </button>
  );
}

/** What they were promised stands between the answers and the story: nobody walks in without knowing it. */
function Promises({ customerId }: { customerId: string }): JSX.Element {
  const open = promisesTo(customerId).filter(({ standing }) => standing === "open");
  return <PromiseList store={useStore()} customerId={customerId} open={open} nameOf={personName} />;
}

function Decider({ contacts }: { contacts: readonly Contact[] }): JSX.Element {
  const who = decider(contacts);
  return (
    <div>
      <dt>{t("glance.decider")}</dt>
      <dd>
        <b>{who === null ? t("glance.unknown") : `${who.name} ${who.title}`.trim()}</b>
        {who !== null && !who.isMet && <Mark urgency="due" icon="ring">{t("glance.notMet")}</Mark>}
        {who?.isMet === true && t("glance.met")}
        {who === null && t("glance.deciderHint")}
      </dd>
    </div>
  );
}

/** What one must not get wrong at the table: terms and conditions. */
function Buying({ row: { fields } }: { row: Row }): JSX.Element {
  const terms = text(fields, "payment_terms");
  const special = text(fields, "special_conditions");
  return (
    <div>
      <dt>{t("glance.terms")}</dt>
      <dd>
        <b>{terms === "" ? t("glance.unknown") : terms}</b>
        {special !== "" && <span class="clamp">{special}</span>}
      </dd>
    </div>
  );
}

function Last({ row }: { row: Row }): JSX.Element {
  const store = useStore();
  const me = useMe();
  const newest = lastInteraction(useTimeline(store, row.pk, 5));
  const served = integer(row.fields, "last_contact_at");
  const name = personName(newest?.personId || text(row.fields, "last_contact_by"));
  const at = newest?.startedAt ?? served;
  const channel = newest?.channel ?? channelOf(text(row.fields, "last_contact_channel"));
  const who = newest?.personId === me.id || newest?.personId === "" ? t("person.me") : newest?.personName || name;
  return (
    <div>
      <dt>{t("glance.last")}</dt>
      <dd>
        <b>{at === null ? t("glance.never") : `${moment(at)} ${channel === null ? "" : t(`channel.${channel}`)}`.trim()}</b>
        {at !== null && <span class="clamp">{[who, newest?.notes ? firstLine(newest.notes) : newest?.outcome ? t(`outcome.${newest.outcome}`) : ""].filter(Boolean).join(t("list.separator"))}</span>}
      </dd>
    </div>
  );
}

const channels = ["visit", "call", "email", "chat"] as const;
const channelOf = (value: string): (typeof channels)[number] | null => channels.find((each) => each === value) ?? null;

const firstLine = (notes: string): string => {
  const [line = ""] = notes.split("\n");
  return Array.from(line).length > 24 ? `${Array.from(line).slice(0, 24).join("")}…` : line;
};

function Next({ row, contacts }: { row: Row; contacts: readonly Contact[] }): JSX.Element {
  const due = nextOf.value?.get(row.pk);
  const others = duesBesides(due, row.pk);
  const whom = contacts.find(({ pk }) => pk === due?.contactId);
  return (
    <div>
      <dt>{t("glance.next")}</dt>
      <dd>
        <b class={due === undefined ? "" : urgencyOf(due, currentDate.value)}>{due === undefined ? t("glance.nothing") : dueWords(due, currentDate.value)}</b>
        {due !== undefined && (whom === undefined ? reasonWords(due) : t("touch.withWhom", { name: whom.name }))}
        <Paused row={row} />
        {others.length > 0 && <span class="clamp">{t("glance.others", { dues: list(others.map((other) => dueWords(other, currentDate.value))) })}</span>}
      </dd>
    </div>
  );
}

function Paused({ row: { fields } }: { row: Row }): JSX.Element | null {
  const until = text(fields, "paused_until_on");
  if (until <= currentDate.value) return null;
  return <span class="clamp">{[t("customers.paused", { day: day(until) }), text(fields, "pause_reason")].filter(Boolean).join(t("list.separator"))}</span>;
}
