/** A new version waits: it comes in when the person says so, never under a half-typed form. */
import type { JSX } from "preact";
import { t } from "../../../i18n/index";
import { status } from "../../../store";
import { Banner, Btn } from "../../../ui/index";
import { takeUpdate } from "../../sync/commands";

export function UpdateReady(): JSX.Element | null {
  if (!status.value.updateReady) return null;
  return (
    <Banner icon="retry" action={<Btn look="line" onClick={takeUpdate}>{t("update.now")}</Btn>}>
      <b>{t("update.ready")}</b> {t("update.hint")}
    </Banner>
  );
}
