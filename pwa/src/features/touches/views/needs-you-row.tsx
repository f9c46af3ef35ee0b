/** On Today: how many items wait for this person's decision. */
import type { JSX } from "preact";
import { t } from "../../../i18n/index";
import { status } from "../../../store";
import { Icon, Row, Sign } from "../../../ui/index";
import { needsYouPath } from "../../conflicts/queries";

export function NeedsYouRow(): JSX.Element | null {
  const count = status.value.needsYou;
  if (count === 0) return null;
  return (
    <div class="group">
      <Row lead={<Sign urgency="need" />} href={needsYouPath} title={<b class="late">{t("today.needsYou", { n: count })}</b>} second={t("today.needsYouWhy")} action={<Icon name="right" size="s" />} />
    </div>
  );
}
