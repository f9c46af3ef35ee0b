/** One clash: your answer and theirs, who, when and where, with the stretch that differs underlined. */
import type { JSX } from "preact";
import { moment, t } from "../../../i18n/index";
import { getRow, useLive } from "../../../store";
import { Avatar, CompanyName, Icon, Tier } from "../../../ui/index";
import { text } from "../../../ui/values";
import { customerOf, customerPath } from "../../customers/queries";
import { personName } from "../../people/queries";
import { useMe, useStore } from "../../session/queries";
import { difference, pairOf, type Conflict, type Pair, type Side } from "../model";
import { fieldLabel, sideLines, type Line } from "../words";

const LONG = 40;

export function ConflictCard({ conflict }: { conflict: Conflict }): JSX.Element | null {
  const me = useMe();
  const pair = pairOf(conflict, me.id);
  if (pair === null) return null;
  return (
    <>
      <p class="intro">{question(conflict, pair)}</p>
      <article class="card clash">
        <Head conflict={conflict} />
        <SideView conflict={conflict} side={pair.first} other={pair.second} isMine={pair.mine === "first"} isCurrent={pair.current === "first"} />
        <SideView conflict={conflict} side={pair.second} other={pair.first} isMine={false} isCurrent={pair.current === "second"} />
        <p class="auto">
          <Icon name="merge" size="s" />
          {t("conflict.restMerged")}
        </p>
      </article>
    </>
  );
}

function question(conflict: Conflict, pair: Pair): string {
  const name = personName(pair.second.by) || t("person.colleague");
  if (conflict.kind === "delete") return t("conflict.askDelete");
  if (conflict.kind === "invariant") return t("conflict.askInvariant");
  if (pair.mine !== null && pair.second.by === pair.first.by) return t("conflict.askSelf");
  return pair.mine === null ? t("conflict.askOthers", { a: personName(pair.first.by) || t("person.colleague"), b: name }) : t("conflict.askMine", { name });
}

function Head({ conflict }: { conflict: Conflict }): JSX.Element {
  const store = useStore();
  const row = useLive(() => getRow(store, conflict.entity, conflict.rowPk), [store, conflict.rowPk]);
  const customer = customerOf(conflict.customerId);
  const label = fieldLabel(conflict.entity, conflict.group);
  const owner = conflict.entity === "customer" ? "" : text(row?.fields ?? {}, "name");
  return (
    <div class="hd">
      <h2>{owner === "" ? label : t("conflict.of", { owner, label })}</h2>
      {/* The story behind the clash; also the place from which a keyboard scrolls a long card. */}
      {customer !== null && (
        <a class="note of" href={customerPath(customer.pk)}>
          <Tier tier={customer.tier} />
          <CompanyName name={customer.name} form={customer.legalForm} />
          <Icon name="right" size="s" />
        </a>
      )}
    </div>
  );
}

interface SideProps {
  conflict: Conflict;
  side: Side;
  other: Side;
  isMine: boolean;
  isCurrent: boolean;
}

function SideView({ conflict, side, other, isMine, isCurrent }: SideProps): JSX.Element {
  const name = personName(side.by) || t("person.colleague");
  const lines = conflict.kind === "delete" && isCurrent ? [] : sideLines(conflict, side, other);
  const others = new Map(sideLines(conflict, other, side).map((line) => [line.name, line.text]));
  return (
    <section class="side2">
      <Avatar name={isMine ? t("person.you") : name} big me={isMine} />
      <div>
        <h3 class="w">
          <b>{isMine ? t("conflict.yours") : name}</b>
          {t(isCurrent ? "conflict.atCurrent" : "conflict.atOther", { moment: moment(side.at) })}
        </h3>
        {lines.map((line) => <Value key={line.name} line={line} other={others.get(line.name) ?? ""} />)}
        {conflict.kind === "delete" && isCurrent && <p class="v">{t("conflict.deleted")}</p>}
      </div>
    </section>
  );
}

function Value({ line, other }: { line: Line; other: string }): JSX.Element {
  const letters = Array.from(line.text);
  const [start, end] = difference(line.text, other).a;
  return (
    <p class={letters.length > LONG ? "v long" : "v"}>
      {line.label !== "" && <span class="cap">{line.label} </span>}
      {letters.slice(0, start).join("")}
      {end > start && <u>{letters.slice(start, end).join("")}</u>}
      {letters.slice(end).join("")}
    </p>
  );
}
