/** What waits for this person: one clash at a time with both answers side by side, then what the office could not take, then what waits by itself. */
import type { JSX } from "preact";
import { t } from "../../../i18n/index";
import { status } from "../../../store";
import { Empty, here, Icon, Row, Screen, Section, Sign, Top } from "../../../ui/index";
import { customerOf } from "../../customers/queries";
import type { Conflict } from "../model";
import { heldItems, needsYouPath, openConflicts, parkedForMe } from "../queries";
import { fieldLabel } from "../words";
import { ConflictCard } from "./conflict-card";
import { Decide } from "./decide";
import { HeldList } from "./held-list";
import { ParkedCard } from "./parked-card";
import "./conflicts.css";

export default function NeedsYou(): JSX.Element {
  const conflicts = openConflicts.value;
  const parked = parkedForMe.value;
  const asked = here.value.query.get("item");
  const current = conflicts?.find(({ pk }) => pk === asked) ?? conflicts?.[0];
  const count = (conflicts?.length ?? 0) + parked.length;
  return (
    <Screen column name="needs-you" head={<Top title={t("nav.needsYou")} note={count === 0 ? "" : t("needs.count", { n: count })} />} foot={current !== undefined && <Decide key={current.pk} conflict={current} />}>
      <div class="stack">
        {current !== undefined && <ConflictCard key={current.pk} conflict={current} />}
        {conflicts !== undefined && <OtherConflicts conflicts={conflicts.filter((each) => each !== current)} />}
        {parked.map((each) => <ParkedCard key={each.pk} parked={each} />)}
        <HeldList items={heldItems.value} />
        {conflicts !== undefined && count === 0 && <Nothing />}
      </div>
    </Screen>
  );
}

function OtherConflicts({ conflicts }: { conflicts: readonly Conflict[] }): JSX.Element | null {
  if (conflicts.length === 0) return null;
  return (
    <Section title={t("needs.next")} count={conflicts.length}>
      <ul class="group">
        {conflicts.map((conflict) => (
          <li key={conflict.pk}>
            <Row
              lead={<Sign urgency="need" />}
              href={`${needsYouPath}?item=${conflict.pk}`}
              title={<b class="one">{customerOf(conflict.customerId)?.name ?? ""}</b>}
              second={fieldLabel(conflict.entity, conflict.group)}
              action={<Icon name="right" size="s" />}
            />
          </li>
        ))}
      </ul>
    </Section>
  );
}

function Nothing(): JSX.Element {
  if (!status.value.bootstrapped) return <Empty icon="dl">{t("needs.notDownloaded")}</Empty>;
  return <Empty icon="done">{t("needs.none")}</Empty>;
}
