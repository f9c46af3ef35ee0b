/** Items that the server keeps and will take by itself: shown so that nobody wonders, with nothing to do. */
import type { JSX } from "preact";
import { errorText, t } from "../../../i18n/index";
import { Icon, Row, SavedMark, Section } from "../../../ui/index";
import type { Parked } from "../model";
import { aboutWhom, entityLabel } from "../words";

export function HeldList({ items }: { items: readonly Parked[] }): JSX.Element | null {
  if (items.length === 0) return null;
  return (
    <Section title={t("needs.held")} count={items.length}>
      <ul class="group">
        {items.map((item) => (
          <li key={item.pk}>
            <Row
              lead={<Icon name="hold" />}
              title={
                <>
                  <b>{entityLabel(item.entity)}</b>
                  <span class="one">{aboutWhom(item.customerId)}</span>
                </>
              }
              second={errorText(item.code, item.params)}
              action={<span class="r"><SavedMark state="held" /></span>}
            />
          </li>
        ))}
      </ul>
    </Section>
  );
}
