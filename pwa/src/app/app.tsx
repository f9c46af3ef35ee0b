/** The whole page: the sign-in, or the shell of whoever is signed in; and what is said when something of ours breaks. */
import { Component, type ComponentChildren, type JSX } from "preact";
import { useEffect } from "preact/hooks";
import { language, t } from "../i18n/index";
import { Btn, Empty } from "../ui/index";
import { session } from "../features/session/queries";
import { lazy } from "./lazy";
import { Shell } from "./shell";

const SignIn = lazy(() => import("../features/session/views/sign-in"));

export function App(): JSX.Element {
  const speaks = language();
  const person = session.value?.person.id;
  useEffect(() => {
    document.documentElement.lang = speaks;
    document.title = t("app.title");
    document.querySelector("link[rel=manifest]")?.setAttribute("href", `/manifest.${speaks}.webmanifest`);
  }, [speaks]);
  return (
    <>
      <a class="btn skip" href="#main" onClick={skip}>{t("nav.skip")}</a>
      <Guard key={person ?? ""}>{person === undefined ? <SignIn /> : <Shell />}</Guard>
    </>
  );
}

function skip(event: MouseEvent): void {
  event.preventDefault();
  document.getElementById("main")?.focus();
}

/** A broken screen must not look like lost work: everything saved is still on the device. */
class Guard extends Component<{ children: ComponentChildren }, { error: unknown }> {
  override state = { error: null as unknown };

  override componentDidCatch(error: unknown): void {
    console.error(error);
    this.setState({ error });
  }

  override render(): ComponentChildren {
    if (this.state.error === null) return this.props.children;
    return (
      <main id="main" tabIndex={-1}>
        <Empty icon="need" action={<Btn look="line" onClick={() => window.location.reload()}>{t("app.reload")}</Btn>}>
          {t("app.broken")}
        </Empty>
      </main>
    );
  }
}
