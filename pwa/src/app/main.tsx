/** Starts the app in the page: language and look first, then the store, then the screens. */
import { render } from "preact";
import { nearest, speak, t, errorText, loadErrors } from "../i18n/index";
import { canStore, EnqueueError, flushDrafts, watchAside } from "../store";
import { here, look, navigate, startLocation, startLook, warn, watchViewport } from "../ui/index";
import "../ui/styles/index.css";
import { session } from "../features/session/queries";
import { App } from "./app";
import { firstScreen, painted } from "./first-screen";
import { NoStorage } from "./no-storage";
import { deliverSealed, transport } from "./network";
import { resume } from "./session";
import { connect } from "./session-port";

async function start(root: HTMLElement): Promise<void> {
  startLook();
  watchViewport();
  const spoken = speak(look.value.language ?? nearest(navigator.languages));
  if (!canStore()) return spoken.then(() => render(<NoStorage />, root));
  startLocation();
  // The shortcut of the installed app.
  if (here.value.path === "/log") navigate("/?sheet=log", { replace: true });
  connect();
  watchAside(saveDrafts);
  window.addEventListener("unhandledrejection", ({ reason }) => void explain(reason));
  await Promise.all([spoken, resume()]);
  render(<App />, root);
  await (session.value === null ? painted() : firstScreen());
  deliverSealed();
  await followUpdates();
}

async function followUpdates(): Promise<void> {
  const { watchUpdates } = await transport();
  await watchUpdates(saveDrafts);
}

/** What is half typed goes to the disk before the page loads anew. */
async function saveDrafts(): Promise<void> {
  if (session.value !== null) await flushDrafts(session.value.store);
}

/** An act that failed is said, never swallowed; what was typed is still in its draft. */
async function explain(reason: unknown): Promise<void> {
  if (!(reason instanceof EnqueueError)) return warn(t("app.failed"));
  await loadErrors();
  warn(errorText(reason.code));
}

const root = document.getElementById("app");
if (root === null) throw new Error("index.html has no #app element");
void start(root);
