/** Opens the password sheet: in the first bundle, while the sheet itself is fetched when it is needed. */
import type { JSX } from "preact";
import { t } from "../../../i18n/index";
import { Btn, navigate, sheetAddress } from "../../../ui/index";

export const PasswordButton = (): JSX.Element => (
  <Btn look="line" onClick={() => navigate(sheetAddress("password"))}>
    {t("signIn.enter")}
  </Btn>
);
