/** Starts the app in the page: language and look first, then the store, then the screens. */
import { render } from "preact";
import { nearest, speak, t, errorText } from "../i18n/index";
import { canStore, EnqueueError, flushDrafts } from "../store";
import { here, look, navigate, startLocation, startLook, warn, watchViewport } from "../ui/index";
import "../ui/styles/index.css";
import { session } from "../features/session/queries";
import { App } from "./app";
import { NoStorage } from "./no-storage";
import { transport } from "./network";
import { resume } from "./session";
import { connect } from "./session-port";

async function start(root: HTMLElement): Promise<void> {
  startLook();
  watchViewport();
  await speak(look.value.language ?? nearest(navigator.languages));
  if (!canStore()) return render(<NoStorage />, root);
  startLocation();
  // The shortcut of the installed app.
  if (here.value.path === "/log") navigate("/?sheet=log", { replace: true });
  connect();
  window.addEventListener("unhandledrejection", ({ reason }) => explain(reason));
  await resume();
  render(<App />, root);
  // In a task of its own, like everything that the first screen does not need.
  setTimeout(() => void followUpdates());
}

async function followUpdates(): Promise<void> {
  const { watchUpdates } = await transport();
  await watchUpdates(saveDrafts);
}

/** What is half typed goes to the disk before a new version loads. */
async function saveDrafts(): Promise<void> {
  if (session.value !== null) await flushDrafts(session.value.store);
}

/** An act that failed is said, never swallowed; what was typed is still in its draft. */
function explain(reason: unknown): void {
  if (reason instanceof EnqueueError) warn(errorText(reason.code));
  else warn(t("app.failed"));
}

const root = document.getElementById("app");
if (root === null) throw new Error("index.html has no #app element");
void start(root);
