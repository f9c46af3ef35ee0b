/** One item that the office could not take: why, what was typed, and how to mend it or let it go. */
import type { JSX } from "preact";
import { moment, t } from "../../../i18n/index";
import { Btn, Icon, navigate, say } from "../../../ui/index";
import { anniversarySheet, contactSheet, customerSheet, siteSheet } from "../../customers/queries";
import { reviseSheet } from "../../interactions/queries";
import { personName } from "../../people/queries";
import { promiseSheet } from "../../promises/queries";
import { useMe, useStore } from "../../session/queries";
import { touchSheet } from "../../touches/queries";
import { dismiss } from "../commands";
import { typedValues, writtenAt, type Parked } from "../model";
import { aboutWhom, fieldLabel, itemWords, reasonWords, valueWords } from "../words";

export function ParkedCard({ parked }: { parked: Parked }): JSX.Element {
  const store = useStore();
  const mend = mendAddress(parked);
  const isAnothers = parked.by !== "" && parked.by !== useMe().id;
  const name = aboutWhom(parked.customerId);
  return (
    <article class="card parked">
      <h2 class="h">
        <span class="late"><Icon name="need" /></span>
        <b class="late">{itemWords(parked).title}</b>
        <b class="one">{name}</b>
      </h2>
      <p class="note">{reasonWords(parked)}</p>
      <Typed parked={parked} />
      <Author parked={parked} />
      <p class="cap">{t("parked.at", { moment: moment(parked.parkedAt) })}</p>
      <div class="pick">
        <Btn look="line" onClick={() => void dismiss(store, parked).then(() => say(t("parked.dismissed")))}>{t("parked.dismiss")}</Btn>
        {mend !== null && <Btn look="primary" icon="pen" onClick={() => navigate(mend)}>{t(isAnothers ? "parked.adopt" : "parked.mend")}</Btn>}
      </div>
    </article>
  );
}

/** Whose words these are, where they are not the reader's. */
function Author({ parked }: { parked: Parked }): JSX.Element | null {
  const written = writtenAt(parked);
  if (parked.by === "" || parked.by === useMe().id || written === null) return null;
  return <p class="cap">{t("parked.by", { name: personName(parked.by) || t("person.unknown"), moment: moment(written) })}</p>;
}

/** Ids of colleagues, who have names. */
const PEOPLE: ReadonlySet<string> = new Set(["assignee_id", "owner_id"]);
const INTERNAL = /(^|_)(id|ids|e7)$/;

/** What the person had typed: it is never out of sight. */
function Typed({ parked }: { parked: Parked }): JSX.Element | null {
  const typed = parked.op === "command" ? chosen(parked) : typedValues(parked);
  const shown = Object.entries(typed).filter(([name]) => PEOPLE.has(name) || !INTERNAL.test(name));
  if (shown.length === 0) return null;
  return (
    <dl class="typed">
      {shown.map(([name, value]) => (
        <div key={name}>
          <dt>{fieldLabel(parked.entity, name)}</dt>
          <dd>{valueWords(name, plain(value), typed)}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Of a decision only the value of one's own was typed; the rest is the protocol's. */
function chosen(parked: Parked): Readonly<Record<string, unknown>> {
  const { value } = typedValues(parked);
  return typeof value === "object" && value !== null ? { ...value } : {};
}

/** A change of a set is shown as what it adds. */
const plain = (value: unknown): unknown => (typeof value === "object" && value !== null && "add" in value ? value.add : value);

/** Where the typed values can be changed and sent again; null where only letting go is possible. */
function mendAddress({ entity, rowPk, customerId, pk, op, mutation }: Parked): string | null {
  if (mutation === null || (op !== "create" && op !== "patch" && op !== "revise")) return null;
  if (entity === "interaction") return reviseSheet(customerId, rowPk, pk);
  if (entity === "touch") return touchSheet(customerId, rowPk, null, pk);
  if (entity === "promise") return promiseSheet(customerId, rowPk, pk);
  if (entity === "customer") return customerSheet(rowPk, pk);
  if (entity === "contact") return contactSheet(customerId, rowPk, pk);
  if (entity === "anniversary") return anniversarySheet(customerId, rowPk, pk);
  return entity === "site" ? siteSheet(customerId, rowPk, pk) : null;
}
