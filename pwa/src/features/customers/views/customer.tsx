/** Customer 360: in ten seconds before walking in, who decides, what was last, what is next, and all that happened. */
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { ago, t, timeOf } from "../../../i18n/index";
import { status, type Row } from "../../../store";
import { CompanyName, Empty, hasRail, Pause, SavedMark, Screen, Tier, Top } from "../../../ui/index";
import { text } from "../../../ui/values";
import { Timeline } from "../../interactions/queries";
import { useStore } from "../../session/queries";
import { customersPath, useContacts, useCustomerRow, useSites } from "../queries";
import { rememberOpened } from "../recents";
import { ContactList } from "./contact-list";
import { CustomerDock } from "./customer-dock";
import { Glance } from "./glance";
import { OccasionList } from "./occasion-list";
import { Profile } from "./profile";
import { SiteList } from "./site-list";
import "./customer.css";

export default function CustomerScreen({ pk, inSplit = false }: { pk: string; inSplit?: boolean }): JSX.Element {
  const store = useStore();
  const row = useCustomerRow(store, pk);
  const contacts = useContacts(store, pk) ?? [];
  const sites = useSites(store, pk) ?? [];
  useEffect(() => rememberOpened(pk), [pk]);
  const back = inSplit ? {} : { back: customersPath };
  if (row == null) return <Missing back={back} isRead={row === null} />;
  const rail = hasRail.value;
  return (
    <Screen name={`customer ${pk}`} head={<Top {...back}><Age /></Top>} foot={<CustomerDock row={row} contacts={contacts} sites={sites} />} label={text(row.fields, "name")}>
      <Who row={row} place={[sites[0]?.city, sites[0]?.district].filter(Boolean).join("")} />
      <Glance row={row} contacts={contacts} />
      {rail ? <TwoColumns row={row} contacts={contacts} sites={sites} /> : <Panes row={row} contacts={contacts} sites={sites} />}
    </Screen>
  );
}

type Parts = { row: Row; contacts: NonNullable<ReturnType<typeof useContacts>>; sites: NonNullable<ReturnType<typeof useSites>> };

/** How old what one reads is: the last time this device heard from the server. */
function Age(): JSX.Element {
  const at = status.value.lastSyncAt;
  return <span class="cap age">{at === null ? t("age.never") : t("age.at", { time: timeOf(at), ago: ago(at) })}</span>;
}

function Who({ row, place }: { row: Row; place: string }): JSX.Element {
  const { fields } = row;
  const stage = text(fields, "stage");
  const facts = [stage === "" ? "" : stageWords(stage), text(fields, "industry"), place].filter((fact) => fact !== "");
  return (
    <div class="who">
      <h1>
        <Tier tier={text(fields, "tier")} big />
        <CompanyName name={text(fields, "name")} form={text(fields, "legal_form")} wrap />
      </h1>
      <p class="note facts-line">
        {facts.map((fact) => <span key={fact}>{fact}</span>)}
        {row.state !== "server" && <SavedMark state={row.state} />}
      </p>
    </div>
  );
}

const stages = ["prospect", "first_time", "repeat", "loyal", "dormant", "lost"] as const;

function stageWords(stage: string): string {
  const known = stages.find((each) => each === stage);
  return known === undefined ? "" : t(`stage.${known}`);
}

function TwoColumns({ row, contacts, sites }: Parts): JSX.Element {
  return (
    <div class="cols">
      <section class="col" aria-labelledby="timeline-head">
        <h2 class="sec" id="timeline-head">{t("customer.timeline")}</h2>
        <div class="group"><Timeline customerId={row.pk} contacts={contacts} /></div>
      </section>
      <div class="col">
        <section aria-labelledby="people-head">
          <h2 class="sec" id="people-head">{t("customer.people")}<Pause /><em>{t("customer.peopleCount", { n: contacts.length })}</em></h2>
          <div class="group"><ContactList customerId={row.pk} contacts={contacts} /></div>
        </section>
        <section aria-labelledby="occasions-head">
          <h2 class="sec" id="occasions-head">{t("occasion.title")}</h2>
          <div class="group"><OccasionList customerId={row.pk} /></div>
        </section>
        <section aria-labelledby="sites-head">
          <h2 class="sec" id="sites-head">{t("customer.sites")}</h2>
          <div class="group"><SiteList customerId={row.pk} sites={sites} /></div>
        </section>
        <section aria-labelledby="profile-head">
          <h2 class="sec" id="profile-head">{t("customer.profile")}</h2>
          <div class="group"><Profile row={row} heading="h3" /></div>
        </section>
      </div>
    </div>
  );
}

const panes = ["timeline", "contacts", "profile"] as const;
type Pane = (typeof panes)[number];

function Panes({ row, contacts, sites }: Parts): JSX.Element {
  const [pane, show] = useState<Pane>("timeline");
  const titles: Record<Pane, string> = {
    timeline: t("customer.timeline"),
    contacts: t("customer.contactsCount", { n: contacts.length }),
    profile: t("customer.profile"),
  };
  return (
    <>
      <div class="tabsec" role="tablist" aria-label={t("customer.parts")} onKeyDown={(event) => moveTab(event, pane, show)}>
        {panes.map((each) => (
          <button key={each} type="button" role="tab" id={`tab-${each}`} aria-controls="pane" aria-selected={each === pane} tabIndex={each === pane ? 0 : -1} onClick={() => show(each)}>
            {titles[each]}
          </button>
        ))}
      </div>
      <div class="pane" id="pane" role="tabpanel" aria-labelledby={`tab-${pane}`}>
        {pane === "timeline" && <Timeline customerId={row.pk} contacts={contacts} />}
        {pane === "contacts" && <ContactList customerId={row.pk} contacts={contacts} />}
        {pane === "profile" && (
          <>
            <Profile row={row} heading="h2" />
            <h2 class="sec">{t("occasion.title")}</h2>
            <OccasionList customerId={row.pk} />
            <h2 class="sec">{t("customer.sites")}</h2>
            <SiteList customerId={row.pk} sites={sites} />
          </>
        )}
      </div>
    </>
  );
}

function moveTab(event: KeyboardEvent, pane: Pane, show: (pane: Pane) => void): void {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (step === undefined) return;
  const next = panes[(panes.indexOf(pane) + step + panes.length) % panes.length] ?? pane;
  show(next);
  document.getElementById(`tab-${next}`)?.focus();
}

/** A customer may have left this person's scope, or not be here yet. */
function Missing({ back, isRead }: { back: { back?: string }; isRead: boolean }): JSX.Element {
  return (
    <Screen name="missing" head={<Top {...back} />}>
      {isRead && (
        <Empty icon="cust" action={<a class="btn line" href={customersPath}>{t("customer.toList")}</a>}>
          {t(status.value.bootstrapped ? "customer.gone" : "customer.notDownloaded")}
        </Empty>
      )}
    </Screen>
  );
}
