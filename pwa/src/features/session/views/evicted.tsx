/** Said when the browser took this device's data away while the app was open: what became of it, until the person has seen it. */
import type { JSX } from "preact";
import { t } from "../../../i18n/index";
import { status } from "../../../store";
import { setStatus } from "../../../store/status";
import { Banner, Btn } from "../../../ui/index";
import { PasswordButton } from "./password-button";

/** In a sheet nothing asks for the password: the sheet may be the one in which it is given. */
export function Evicted({ inSheet = false }: { inSheet?: boolean }): JSX.Element | null {
  const { evicted, sessionExpired } = status.value;
  if (evicted === null) return null;
  const seen = <Btn look="line" onClick={() => setStatus({ evicted: null })}>{t("evicted.seen")}</Btn>;
  return (
    <Banner icon="db" action={sessionExpired ? !inSheet && <PasswordButton /> : seen}>
      {t("evicted.text")}
      {evicted > 0 && t("evicted.unsent", { n: evicted })}
    </Banner>
  );
}
