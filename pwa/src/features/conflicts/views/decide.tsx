/** The decision in thumb reach: both sides get equal buttons, and every choice can be undone. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { t } from "../../../i18n/index";
import type { Store } from "../../../store";
import { Btn, Dock, say } from "../../../ui/index";
import { personName } from "../../people/queries";
import { useMe, useStore } from "../../session/queries";
import { keepCurrent, keepDeleted, restore, takeBoth, takeCandidate, type TakeBack } from "../commands";
import { difference, pairOf, type Conflict, type Pair, type Side } from "../model";
import { bothOf, fieldLabel, sideLines } from "../words";

const SHORT = 7;

export function Decide({ conflict }: { conflict: Conflict }): JSX.Element | null {
  const store = useStore();
  const me = useMe();
  const [busy, setBusy] = useState(false);
  const pair = pairOf(conflict, me.id);
  if (pair === null) return null;
  const choose = async (act: () => Promise<TakeBack>, said: string): Promise<void> => {
    if (busy) return;
    setBusy(true);
    try {
      say(said, await act());
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dock label={t("conflict.decide")}>
      {conflict.kind === "delete" ? <DeleteChoices store={store} conflict={conflict} choose={choose} /> : <ValueChoices store={store} conflict={conflict} pair={pair} choose={choose} />}
    </Dock>
  );
}

type Choose = (act: () => Promise<TakeBack>, said: string) => Promise<void>;

function DeleteChoices({ store, conflict, choose }: { store: Store; conflict: Conflict; choose: Choose }): JSX.Element {
  return (
    <div class="pick">
      <Btn look="line" onClick={() => void choose(() => keepDeleted(store, conflict), t("conflict.saidDeleted"))}>{t("conflict.keepDeleted")}</Btn>
      <Btn look="line" onClick={() => void choose(() => restore(store, conflict), t("conflict.saidRestored"))}>{t("conflict.restore")}</Btn>
    </div>
  );
}

function ValueChoices({ store, conflict, pair, choose }: { store: Store; conflict: Conflict; pair: Pair; choose: Choose }): JSX.Element {
  const label = fieldLabel(conflict.entity, conflict.group);
  const both = bothOf(conflict.current, pair.current === "first" ? pair.second : pair.first);
  const button = (side: "first" | "second"): JSX.Element => {
    const who = side === "first" && pair.mine === "first" ? "" : personName(pair[side].by) || t("person.colleague");
    const hint = shortOf(conflict, pair[side], side === "first" ? pair.second : pair.first);
    const words = who === "" ? t("conflict.useMine", { value: hint }) : t("conflict.useTheirs", { name: who, value: hint });
    const act = pair.current === side ? () => keepCurrent(store, conflict) : () => takeCandidate(store, conflict, pair[side]);
    return <Btn look="line" onClick={() => void choose(act, t("conflict.said", { label, choice: words.trim() }))}>{words.trim()}</Btn>;
  };
  return (
    <div class="pick">
      {button("first")}
      {button("second")}
      {both !== null && (
        <Btn look="line" wide onClick={() => void choose(() => takeBoth(store, conflict, both), t("conflict.saidBoth", { label }))}>{t("conflict.both")}</Btn>
      )}
    </div>
  );
}

/** The stretch that differs, when it is short enough for a button. */
function shortOf(conflict: Conflict, side: Side, other: Side): string {
  const [line, more] = sideLines(conflict, side, other);
  if (line === undefined || more !== undefined) return "";
  if (Array.from(line.text).length <= SHORT) return line.text;
  const [start, end] = difference(line.text, sideLines(conflict, other, side)[0]?.text ?? "").a;
  const stretch = Array.from(line.text).slice(start, end);
  return stretch.length > 0 && stretch.length <= SHORT ? stretch.join("") : "";
}
