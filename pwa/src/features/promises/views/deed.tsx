/** One line of the timeline about a promise: when, who, what. */
import type { JSX } from "preact";
import { moment, t } from "../../../i18n/index";
import { Icon, SavedMark, type IconName } from "../../../ui/index";
import { useMe } from "../../session/queries";
import type { DeedOf } from "../deeds";
import { byWords, type Promised } from "../model";
import { promiseSheet } from "../sheets";

const icons: Record<DeedOf["what"], IconName> = { made: "hand", kept: "done", dropped: "x" };

export function Deed({ deed: { at, what, promise }, nameOf }: { deed: DeedOf; nameOf: (personId: string) => string }): JSX.Element {
  return (
    <article class="ev">
      <Icon name={icons[what]} />
      <div>
        <p class="h">
          <b>{headOf(what, at)}</b>
          <span>{whoseOf(what, promise, useMe().id, nameOf)}</span>
          <SavedMark state={promise.state} />
        </p>
        <p class="t"><a href={promiseSheet(promise.customerId, promise.pk)}>{promise.what}</a></p>
        {what === "made" && <p class="note">{byWords(promise)}</p>}
        {what === "dropped" && promise.note !== "" && <p class="note">{promise.note}</p>}
      </div>
    </article>
  );
}

function headOf(what: DeedOf["what"], at: number): string {
  if (what === "made") return t("promise.made", { moment: moment(at) });
  return t(what === "kept" ? "promise.wasKept" : "promise.wasDropped", { moment: moment(at) });
}

/** Given by whoever promised it; what became of it is told of whoever has it. */
function whoseOf(what: DeedOf["what"], { personId, ownerId, state }: Promised, me: string, nameOf: (personId: string) => string): string {
  const who = what === "made" ? personId : ownerId;
  return who === me || (who === "" && state !== "server") ? t("person.me") : nameOf(who);
}
