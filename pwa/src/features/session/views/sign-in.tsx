/** Signing in: the only screen that needs the network. It can also ask a person again whose session ended meanwhile. */
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { errorText, t } from "../../../i18n/index";
import type { Person } from "../../../store";
import { Avatar, Btn, holdComposingEnter, Icon, Row, Section, TextField } from "../../../ui/index";
import { sessionPort } from "../commands";
import { Refusal } from "../model";
import { SealedWork } from "./sealed-work";
import "./session.css";

export default function SignIn(): JSX.Element {
  const [people, setPeople] = useState<readonly Person[]>([]);
  const [login, setLogin] = useState("");
  useEffect(() => {
    void sessionPort().knownPeople().then(setPeople);
  }, []);
  return (
    <div class="screen">
      <main id="main" class="body entry" tabIndex={-1}>
        <header class="brand">
          <h1>{t("app.name")}</h1>
          <p class="note">{t("app.tagline")}</p>
        </header>
        <SignInForm login={login} onLogin={setLogin} />
        <SealedWork />
        {people.length > 0 && (
          <Section title={t("signIn.known")}>
            <ul class="group">
              {people.map((person) => (
                <li key={person.id}>
                  <Row lead={<Avatar name={person.name} />} title={<b>{person.name}</b>} second={person.loginName} onClick={() => setLogin(person.loginName)} />
                </li>
              ))}
            </ul>
          </Section>
        )}
      </main>
    </div>
  );
}

/** `login` fixed: only the password is asked for. */
export function SignInForm({ login, onLogin }: { login: string; onLogin: ((login: string) => void) | null }): JSX.Element {
  const [password, setPassword] = useState("");
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<Refusal | null>(null);
  const enter = async (): Promise<void> => {
    if (busy || login.trim() === "" || password === "") return;
    setBusy(true);
    setRefused(null);
    try {
      await sessionPort().signIn(login.trim(), password);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      setRefused(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <form
      class="form"
      onKeyDown={holdComposingEnter}
      onSubmit={(event) => {
        event.preventDefault();
        void enter();
      }}
    >
      {onLogin !== null && <TextField label={t("signIn.login")} value={login} onInput={onLogin} autocomplete="username" autoFocus />}
      <TextField label={t("signIn.password")} type="password" value={password} onInput={setPassword} autocomplete="current-password" />
      {refused !== null && (
        <p class="error" role="alert">
          <Icon name="need" />
          {refused.code === "offline" ? t("signIn.offline") : errorText(refused.code, refused.params)}
        </p>
      )}
      <Btn look="primary" block submit disabled={busy}>{t(busy ? "signIn.busy" : "signIn.enter")}</Btn>
      <p class="cap">{t("signIn.hint")}</p>
    </form>
  );
}
