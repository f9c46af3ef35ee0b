/** The plain page for a browser that can keep nothing: better said than pretended. */
import type { JSX } from "preact";
import { t } from "../i18n/index";
import { Empty } from "../ui/index";

export function NoStorage(): JSX.Element {
  return (
    <main id="main">
      <Empty icon="db">
        <b>{t("noStorage.title")}</b>
        <br />
        {t("noStorage.text")}
      </Empty>
    </main>
  );
}
