/** What we know about how this customer buys, what to mind, and what was noted: everything can be edited offline. */
import type { JSX } from "preact";
import { money, t } from "../../../i18n/index";
import type { Row } from "../../../store";
import { Btn, navigate, Pause, Tag } from "../../../ui/index";
import { integer, strings, text } from "../../../ui/values";
import { customerSheet } from "../sheets";

const facts = [
  "decision_process", "buying_habits", "payment_terms", "special_conditions", "packaging", "competitors",
  "phone", "website", "tax_id", "code",
] as const;

/** `heading` is the level of its headings: one below what it stands under. */
export function Profile({ row, heading }: { row: Row; heading: "h2" | "h3" }): JSX.Element {
  const { fields } = row;
  const briefing = text(fields, "briefing");
  const notes = text(fields, "notes");
  const tags = strings(fields, "tags");
  return (
    <div>
      {briefing !== "" && <Prose heading={heading} title={t("field.customer.briefing")} note={text(fields, "briefing_source")} body={briefing} />}
      {notes !== "" && <Prose heading={heading} title={t("field.customer.notes")} note="" body={notes} />}
      <div class="profile">
        {tags.length > 0 && <p class="tags">{tags.map((tag) => <Tag key={tag}>{tag}</Tag>)}</p>}
        <dl class="facts">
          {facts.filter((name) => text(fields, name) !== "").map((name) => (
            <div key={name}>
              <dt>{t(`field.customer.${name}`)}</dt>
              <dd>{text(fields, name)}</dd>
            </div>
          ))}
          <Credit fields={fields} />
        </dl>
        <Btn look="line" icon="pen" onClick={() => navigate(customerSheet(row.pk))}>{t("customer.edit")}</Btn>
      </div>
    </div>
  );
}

function Credit({ fields }: { fields: Row["fields"] }): JSX.Element | null {
  const limit = integer(fields, "credit_limit_minor");
  if (limit === null) return null;
  return (
    <div>
      <dt>{t("field.customer.credit_limit_minor")}</dt>
      <dd>{money(limit, text(fields, "credit_currency") || "TWD")}</dd>
    </div>
  );
}

function Prose({ heading: Heading, title, note, body }: { heading: "h2" | "h3"; title: string; note: string; body: string }): JSX.Element {
  return (
    <section class="briefing">
      <Heading class="lab">{title}{note !== "" && <><Pause /><em>{note}</em></>}</Heading>
      <p class="read">{body}</p>
    </section>
  );
}
