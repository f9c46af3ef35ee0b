/** Starts the app in the page: language and look first, then the store, then the screens. */
import { render } from "preact";
import { nearest, speak, t, errorText, loadErrors } from "../i18n/index";
import { canStore, EnqueueError, flushDrafts, watchAside } from "../store";
import { isQuotaError, setFull } from "../store/storage";
import { here, look, navigate, startLocation, startLook, warn, watchViewport } from "../ui/index";
import "../ui/styles/index.css";
import { session } from "../features/session/queries";
import { App } from "./app";
import { firstScreen, painted } from "./first-screen";
import { NoStorage } from "./no-storage";
import { deliverSealed, updates } from "./network";
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
  window.addEventListener("unhandledrejection", explain);
  // Whoever cannot be let in sees the sign-in, and is told the reason there.
  await Promise.all([spoken, resume().catch(reportError)]);
  render(<App />, root);
  await (session.value === null ? painted() : firstScreen());
  deliverSealed();
  await followUpdates();
}

async function followUpdates(): Promise<void> {
  const { watchUpdates } = await updates();
  await watchUpdates(saveDrafts);
}

/** What is half typed goes to the disk before the page loads anew. */
async function saveDrafts(): Promise<void> {
  if (session.value !== null) await flushDrafts(session.value.store);
}

/** An act that failed is said, never swallowed; what was typed is still in its draft. */
function explain(event: PromiseRejectionEvent): void {
  const { reason } = event as { reason: unknown };
  const code = reason instanceof EnqueueError ? reason.code : isQuotaError(reason) ? "device_full" : null;
  if (code === null) return warn(t("app.failed"));
  // It is said: to the console it is nothing new.
  event.preventDefault();
  if (code === "device_full") setFull(true);
  void loadErrors().finally(() => warn(errorText(code)));
}

const root = document.getElementById("app");
if (root === null) throw new Error("index.html has no #app element");
void start(root);
