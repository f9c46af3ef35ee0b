/** Finding in thumb reach: order, filters and the search box; all of it lives in the address, so that Back keeps it. */
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { t } from "../../../i18n/index";
import { Chip, here, holdComposingEnter, Icon, IconBtn, navigate, withQuery } from "../../../ui/index";
import { sortOf, sorts } from "../list";
import type { CustomerLight } from "../model";
import { newCustomerSheet } from "../sheets";

const change = (changes: Record<string, string | null>): void => navigate(withQuery(changes), { replace: true });

/** What each filter would leave. */
export interface Counts {
  readonly late: number;
  readonly tiers: readonly (readonly [tier: string, count: number])[];
}

export function Finder({ counts }: { counts: Counts }): JSX.Element {
  const query = here.value.query;
  const sort = sortOf(query.get("sort"));
  const tier = query.get("tier") ?? "";
  const late = query.get("late") === "1";
  const nextSort = sorts[(sorts.indexOf(sort) + 1) % sorts.length] ?? "due";
  return (
    <search class="finder" aria-label={t("customers.find")}>
      <div class="chips scroll">
        <button type="button" class="chip sq" aria-label={t("customers.sortLabel", { now: t(`customers.sort.${sort}`), next: t(`customers.sort.${nextSort}`) })} onClick={() => change({ sort: nextSort })}>
          <Icon name="sort" />
          {t(`customers.sort.${sort}`)}
        </button>
        <Chip on={late} count={counts.late} onToggle={() => change({ late: late ? null : "1" })}>
          {t("customers.late")}
        </Chip>
        {counts.tiers.map(([each, count]) => (
          <Chip key={each} on={tier === each} count={count} onToggle={() => change({ tier: tier === each ? null : each })}>
            {t("tier.short", { tier: each })}
          </Chip>
        ))}
      </div>
      <div class="find">
        <SearchBox />
        <IconBtn tall icon="plus" label={t("customers.add")} onClick={() => navigate(newCustomerSheet())} />
      </div>
    </search>
  );
}

export function countsOf(all: readonly CustomerLight[], isLate: (pk: string) => boolean): Counts {
  const tiers = new Map<string, number>();
  for (const { tier } of all) if (tier !== "") tiers.set(tier, (tiers.get(tier) ?? 0) + 1);
  return { late: all.filter(({ pk }) => isLate(pk)).length, tiers: [...tiers].sort(([a], [b]) => (a < b ? -1 : 1)) };
}

function SearchBox(): JSX.Element {
  // While typing, the address follows the box and never the other way round: an input method must not be disturbed.
  const asked = here.value.query.get("q") ?? "";
  const [typed, type] = useState(asked);
  const box = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (document.activeElement !== box.current) type(asked);
  }, [asked]);
  const take = (value: string): void => {
    type(value);
    change({ q: value });
  };
  return (
    <label class="field">
      <Icon name="search" />
      <input
        ref={box}
        type="search"
        value={typed}
        placeholder={t("customers.search")}
        aria-label={t("customers.search")}
        autocomplete="off"
        enterkeyhint="search"
        onInput={(event) => take(event.currentTarget.value)}
        onKeyDown={holdComposingEnter}
      />
      {typed !== "" && (
        <button type="button" class="iconbtn" aria-label={t("customers.clear")} onClick={() => take("")}>
          <Icon name="x" size="s" />
        </button>
      )}
    </label>
  );
}
