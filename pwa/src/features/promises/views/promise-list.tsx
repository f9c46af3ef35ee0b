/** What this customer was promised and is still waiting for, and the one tap by which another promise is written down. */
import type { JSX } from "preact";
import { t } from "../../../i18n/index";
import type { Store } from "../../../store";
import { Icon, navigate, Row, SavedMark, Sign } from "../../../ui/index";
import { dueWords, type Promised } from "../model";
import { wallNow } from "../now";
import { promiseSheet } from "../sheets";
import { Keep, urgencyOf } from "./promise-row";
import "./promises.css";

interface PromiseListProps {
  store: Store;
  customerId: string;
  /** Those that are open. */
  open: readonly Promised[];
  /** A person's name for whoever has one that is not the reader's. */
  nameOf: (personId: string) => string;
}

export function PromiseList({ store, customerId, open, nameOf }: PromiseListProps): JSX.Element {
  const now = wallNow.value;
  return (
    <section class="promises" aria-label={t("promise.open")}>
      <ul>
        {open.map((promise) => (
          <li key={promise.pk}>
            <Row
              lead={<Sign urgency={urgencyOf(promise, now)} />}
              href={promiseSheet(customerId, promise.pk)}
              title={<span class="what">{promise.what}</span>}
              second={
                <>
                  <b class={urgencyOf(promise, now)}>{dueWords(promise, now)}</b>
                  <span>{promise.ownerId === store.person ? t("person.me") : nameOf(promise.ownerId)}</span>
                  {promise.state !== "server" && <SavedMark state={promise.state} />}
                </>
              }
              action={<Keep store={store} promise={promise} />}
            />
          </li>
        ))}
      </ul>
      <button type="button" class="plan" onClick={() => navigate(promiseSheet(customerId))}>
        <Icon name="hand" />
        {t("promise.record")}
        <span class="sp" />
        <Icon name="right" size="s" />
      </button>
    </section>
  );
}
