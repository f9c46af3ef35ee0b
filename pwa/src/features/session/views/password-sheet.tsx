/** The password again, in a sheet: the session ended, the work did not. */
import type { JSX } from "preact";
import { t } from "../../../i18n/index";
import { closeSheet, Sheet } from "../../../ui/index";
import { useMe } from "../queries";
import { SignInForm } from "./sign-in";

export default function PasswordSheet(): JSX.Element {
  const me = useMe();
  return (
    <Sheet title={t("signIn.again", { name: me.name })} onClose={closeSheet} fit>
      <p class="note">{t("signIn.againHint")}</p>
      <SignInForm login={me.loginName} onLogin={null} />
    </Sheet>
  );
}
