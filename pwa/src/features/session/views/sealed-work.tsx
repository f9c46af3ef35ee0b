/** What a barred device still holds, or has delivered: how much, and to whom; never what. */
import type { JSX } from "preact";
import { t } from "../../../i18n/index";
import { Icon } from "../../../ui/index";
import { sealed } from "../queries";

export function SealedWork(): JSX.Element {
  return (
    <div role="status">
      {sealed.value.map(({ person: { id, name, company }, unsent, sent }) => (
        <p class="note" key={id}>
          <Icon name="lock" />
          {t("sealed.barred", { name })}
          {unsent > 0 && t("sealed.unsent", { n: unsent, company: company.name })}
          {sent > 0 && t("sealed.sent", { n: sent, company: company.name })}
          {unsent === 0 && sent === 0 && t("sealed.nothing")}
        </p>
      ))}
    </div>
  );
}
