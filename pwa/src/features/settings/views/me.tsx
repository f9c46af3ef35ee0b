/** 我的: who is signed in, how the app looks, the state of sync, and leaving. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { language, languageNames, languages, speak, t, type Language } from "../../../i18n/index";
import { status } from "../../../store";
import { Avatar, Btn, changeLook, ChoiceChips, Icon, look, Row, Screen, Section, sheetAddress, textSizes, themes, Top, useLater } from "../../../ui/index";
import { devicesPath, Refusal, useMe } from "../../session/queries";
import { sessionPort } from "../../session/commands";
import { inboxPath, remindersPath, unread } from "../../reminders/queries";
import { syncPath } from "../../sync/queries";
import "./me.css";

export default function Me(): JSX.Element {
  const me = useMe();
  const isDrawn = useLater(true);
  return (
    <Screen column name="me" head={<Top title={t("nav.me")} />}>
      <div class="card person">
        <Avatar name={me.name} big />
        <div>
          <h2>{me.name}</h2>
          <p class="note">{[t(`personRole.${roleOf(me.role)}`), me.company.name].filter((each) => each !== "").join(t("list.separator"))}</p>
        </div>
      </div>
      <Links />
      {isDrawn && <BelowTheFold />}
    </Screen>
  );
}

/** On a phone these are below what can be seen at first: a tap on the tab does not wait for them. */
function BelowTheFold(): JSX.Element {
  return (
    <>
      <Section title={t("settings.look")}>
        <div class="card stack">
          <Choices />
        </div>
      </Section>
      <Leaving />
    </>
  );
}

const roles = ["rep", "manager", "admin"] as const;
const roleOf = (role: string): (typeof roles)[number] => roles.find((each) => each === role) ?? "rep";

function Links(): JSX.Element {
  const { waiting } = status.value;
  const go = <Icon name="right" size="s" />;
  return (
    <ul class="group">
      <li>
        <Row lead={<Icon name="cloud" />} href={syncPath} title={<b>{t("sync.title")}</b>} second={waiting > 0 ? t("sync.waiting", { n: waiting }) : t("settings.syncHint")} action={go} />
      </li>
      <li>
        <Row lead={<Icon name="inbox" />} href={inboxPath} title={<b>{t("inbox.title")}</b>} second={unread.value > 0 ? t("inbox.count", { n: unread.value }) : t("inbox.hint")} action={go} />
      </li>
      <li>
        <Row lead={<Icon name="flag" />} href={remindersPath} title={<b>{t("remind.title")}</b>} second={t("remind.hint")} action={go} />
      </li>
      <li>
        <Row lead={<Icon name="device" />} href={devicesPath} title={<b>{t("devices.title")}</b>} second={t("settings.devicesHint")} action={go} />
      </li>
      <li>
        <Row lead={<Icon name="lock" />} href={sheetAddress("new-password")} title={<b>{t("password.title")}</b>} action={go} />
      </li>
    </ul>
  );
}

function Choices(): JSX.Element {
  const now = look.value;
  const choose = (next: Language): void => {
    changeLook({ language: next });
    void speak(next);
  };
  return (
    <>
      <Choice label={t("settings.language")}>
        <ChoiceChips label={t("settings.language")} value={language()} choices={languages.map((value) => ({ value, label: languageNames[value] }))} onChange={choose} />
      </Choice>
      <Choice label={t("settings.theme")}>
        <ChoiceChips even label={t("settings.theme")} value={now.theme} choices={themes.map((value) => ({ value, label: t(`settings.theme.${value}`) }))} onChange={(theme) => changeLook({ theme })} />
      </Choice>
      <Choice label={t("settings.textSize")}>
        <ChoiceChips even label={t("settings.textSize")} value={now.size} choices={textSizes.map((value) => ({ value, label: t("settings.percent", { n: value }) }))} onChange={(size) => changeLook({ size })} />
      </Choice>
      <Choice label={t("settings.hand")}>
        <ChoiceChips label={t("settings.hand")} value={now.hand} choices={(["right", "left"] as const).map((value) => ({ value, label: t(`settings.hand.${value}`) }))} onChange={(hand) => changeLook({ hand })} />
      </Choice>
    </>
  );
}

function Choice({ label, children }: { label: string; children: JSX.Element }): JSX.Element {
  return (
    <div>
      <p class="lab" aria-hidden="true">{label}</p>
      {children}
    </div>
  );
}

/** Only what there is: "0 drafts" would be one more thing to think about. */
function unsentWords({ params }: Refusal): string {
  const [changes, drafts] = [Number(params["count"] ?? 0), Number(params["drafts"] ?? 0)];
  return [changes > 0 && t("settings.unsentChanges", { n: changes }), drafts > 0 && t("settings.unsentDrafts", { n: drafts })].filter((each) => each !== false).join(t("list.comma"));
}

/** Switching keeps unsent work sealed here; signing out would destroy it and is refused while there is any. */
function Leaving(): JSX.Element {
  const [refused, setRefused] = useState<Refusal | null>(null);
  const leave = async (work: () => Promise<void>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      setRefused(error);
    }
  };
  return (
    <Section title={t("settings.leave")}>
      <div class="card stack">
        <Btn look="line" block icon="swap" onClick={() => void leave(() => sessionPort().switchPerson())}>{t("settings.switch")}</Btn>
        <p class="cap">{t("settings.switchHint")}</p>
        <Btn look="line" block icon="out" late onClick={() => void leave(() => sessionPort().signOut())}>{t("settings.signOut")}</Btn>
        <p class="cap">{t("settings.signOutHint")}</p>
        {refused !== null && (
          <p class="error" role="alert">
            <Icon name="need" />
            <span>
              {t("settings.unsent", { what: unsentWords(refused) })} <a class="link" href={syncPath}>{t("settings.seeUnsent")}</a>
            </span>
          </p>
        )}
      </div>
    </Section>
  );
}
