/** One promise of an own customer: how late, to whom, what, and done within one tap. */
import type { JSX } from "preact";
import { t } from "../../../i18n/index";
import type { Store } from "../../../store";
import { IconBtn, say, type Urgency } from "../../../ui/index";
import { CustomerLine, customerOf } from "../../customers/queries";
import { dueWords, whenDue, type Now, type Promised } from "../model";
import { promiseSheet } from "../sheets";

const urgencies: Record<ReturnType<typeof whenDue>, Urgency> = { late: "late", today: "due", soon: "quiet", later: "quiet" };

export const urgencyOf = (promise: Promised, now: Now): Urgency => urgencies[whenDue(promise, now)];

interface PromiseRowProps {
  promise: Promised;
  now: Now;
  store: Store;
  /** Whose it is, where that is not the reader. */
  who?: string;
}

export function PromiseRow({ promise, now, store, who = "" }: PromiseRowProps): JSX.Element | null {
  const customer = customerOf(promise.customerId);
  if (customer === null) return null;
  return (
    <CustomerLine
      customer={customer}
      urgency={urgencyOf(promise, now)}
      href={promiseSheet(promise.customerId, promise.pk)}
      when={who + dueWords(promise, now)}
      why={t("promise.said", { what: promise.what })}
      state={promise.state}
      action={who === "" && <Keep store={store} promise={promise} />}
    />
  );
}

/** The code that writes comes with the screens that follow the first one. */
export function Keep({ store, promise: { pk, what } }: { store: Store; promise: Promised }): JSX.Element {
  const keep = async (): Promise<void> => {
    const { keepPromise } = await import("../commands");
    say(t("promise.kept"), await keepPromise(store, pk));
  };
  return <IconBtn icon="check" label={t("promise.keepWhat", { what })} onClick={() => void keep()} />;
}
