/** Inside a visit: what was promised in it, and which earlier promises it kept. */
import type { JSX } from "preact";
import { t } from "../../../i18n/index";
import type { Store } from "../../../store";
import { Btn, Chip } from "../../../ui/index";
import { calendarOf, dueFromNow, useCalendar } from "../calendar";
import type { PromiseForm } from "../form";
import type { Promised } from "../model";
import { wallNow } from "../now";
import { PromiseFields } from "./promise-fields";
import "./promises.css";

interface LogPromisesProps {
  store: Store;
  /** Those that are open. */
  open: readonly Promised[];
  promises: readonly PromiseForm[];
  kept: readonly string[];
  change: (part: { promises?: readonly PromiseForm[]; kept?: readonly string[] }) => void;
}

export function LogPromises({ store, open, promises, kept, change }: LogPromisesProps): JSX.Element {
  const known = useCalendar(store);
  const add = (): void => {
    const due = dueFromNow(calendarOf(known?.row), wallNow.value);
    change({ promises: [...promises, { what: "", contactId: null, ownerId: store.person, dueOn: due.due_on, dueTime: due.due_time ?? "" }] });
  };
  const put = (at: number, part: Partial<PromiseForm>): void => change({ promises: promises.map((each, place) => (place === at ? { ...each, ...part } : each)) });
  return (
    <div class="inlog">
      {open.length > 0 && <Kept open={open} kept={kept} change={change} />}
      {promises.map((form, at) => (
        <div key={at} class="vow" role="group" aria-label={t("entity.promise")}>
          <PromiseFields form={form} change={(part) => put(at, part)} />
          <Btn look="text" late onClick={() => change({ promises: promises.filter((_, place) => place !== at) })}>{t("promise.takeOut")}</Btn>
        </div>
      ))}
      <Btn look="line" icon="hand" disabled={known === undefined} onClick={add}>{t(promises.length === 0 ? "promise.add" : "promise.another")}</Btn>
    </div>
  );
}

function Kept({ open, kept, change }: Pick<LogPromisesProps, "open" | "kept" | "change">): JSX.Element {
  const toggle = (pk: string): void => change({ kept: kept.includes(pk) ? kept.filter((each) => each !== pk) : [...kept, pk] });
  return (
    <div>
      <p class="lab">{t("promise.nowKept")}</p>
      <div class="chips tight" role="group" aria-label={t("promise.nowKept")}>
        {open.map(({ pk, what }) => (
          <Chip key={pk} on={kept.includes(pk)} onToggle={() => toggle(pk)}>
            <span class="one">{what}</span>
          </Chip>
        ))}
      </div>
    </div>
  );
}
