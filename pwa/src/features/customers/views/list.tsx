/** All customers of this device: search and filters in thumb reach, thousands of rows at the speed of a few. */
import { computed } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useMemo } from "preact/hooks";
import { number, t } from "../../../i18n/index";
import { status } from "../../../store";
import { Btn, Empty, here, navigate, Screen, Top, useFrameLater, VirtualList, whenIdle } from "../../../ui/index";
import { nextOf, whenOf, currentDate } from "../../touches/queries";
import { filtered, inNameOrder, ordered, sortOf } from "../list";
import type { CustomerLight } from "../model";
import { contacts, customers, prepareSearch } from "../queries";
import { openedAt } from "../recents";
import { folder, found, prepareIndexes } from "../search";
import { newCustomerSheet } from "../sheets";
import { CustomerRow } from "./customer-row";
import { countsOf, Finder } from "./finder";
import "./list.css";

interface CustomerListProps {
  /** The customer shown beside the list, from 840 px. */
  current?: string | null;
  beside?: boolean;
}

export default function CustomerList({ current = null, beside = false }: CustomerListProps): JSX.Element {
  useEffect(prepareSearch, []);
  const all = customers.value;
  // The letter and the chip answer first, the list a frame later.
  // Its text, for each navigation makes a new object: opening a customer beside the list changes nothing in it.
  const text = useFrameLater(here.value.query.toString());
  const query = useMemo(() => new URLSearchParams(text), [text]);
  const shown = useShown(all ?? NONE, query);
  const rows = useMemo(() => <Rows shown={shown} current={current} query={text} />, [shown, current, text]);
  return (
    <Screen
      name="customers"
      beside={beside}
      head={<Top title={t("nav.customers")} note={all === undefined ? "" : t("customers.count", { n: number(shown.length) })} />}
      foot={<Finder counts={counts.value} />}
    >
      {shown.length > 0 && rows}
      {all !== undefined && shown.length === 0 && <NothingFound total={all.length} />}
    </Screen>
  );
}

function Rows({ shown, current, query }: { shown: readonly CustomerLight[]; current: string | null; query: string }): JSX.Element {
  return (
    <div class="list">
      <VirtualList items={shown} keyOf={(customer) => customer.pk} label={t("nav.customers")}>
        {(customer) => <CustomerRow customer={customer} current={customer.pk === current} query={query} />}
      </VirtualList>
    </div>
  );
}

const NONE: readonly CustomerLight[] = [];

const isLate = (pk: string): boolean => {
  const due = nextOf.value?.get(pk);
  return due !== undefined && whenOf(due, currentDate.value) === "late";
};

let before: readonly CustomerLight[] = [];
/** Like the counts below it lives longer than the screen, so that coming back to the tab sorts and counts nothing anew. */
const byName = computed(() => (before = inNameOrder(customers.value ?? NONE, before)));

const byUrgency = computed(() => ordered(byName.value, "due", { byUrgency: [...(nextOf.value?.keys() ?? [])], openedAt }));

const counts = computed(() => countsOf(customers.value ?? NONE, isLate));

/** The orders and the counts are ready before the first tap on the tab. */
whenIdle(() => [byUrgency.value, counts.value]);

function useShown(all: readonly CustomerLight[], query: URLSearchParams): readonly CustomerLight[] {
  const [q, sort, tier, late] = [query.get("q") ?? "", sortOf(query.get("sort")), query.get("tier") ?? "", query.get("late") === "1"];
  const people = contacts.value;
  const fold = folder.value;
  useEffect(() => (fold === null ? undefined : whenIdle(() => prepareIndexes(fold, all, people))), [fold, all, people]);
  const hits = useMemo(() => (q === "" || fold === null ? null : found(q, fold, all, people)), [q, fold, all, people]);
  const names = byName.value;
  const urgent = byUrgency.value;
  const inOrder = useMemo(() => (sort === "due" ? urgent : ordered(names, sort, { byUrgency: [], openedAt })), [names, urgent, sort]);
  return useMemo(() => filtered(inOrder, { tier, lateOnly: late, hits, isLate }), [inOrder, hits, tier, late]);
}

function NothingFound({ total }: { total: number }): JSX.Element {
  const name = here.value.query.get("q")?.trim() ?? "";
  const add = <Btn icon="plus" onClick={() => navigate(newCustomerSheet(name))}>{name === "" ? t("customers.add") : t("customers.addNamed", { name })}</Btn>;
  if (total === 0 && !status.value.bootstrapped) return <Empty icon="dl">{t("customers.notDownloaded")}</Empty>;
  if (total === 0) return <Empty icon="cust" action={add}>{t("customers.none")}</Empty>;
  return (
    <Empty icon="search" action={<>{name !== "" && add}<a class="btn line" href="/customers">{t("customers.clear")}</a></>}>
      {t("customers.noHit")}
    </Empty>
  );
}
