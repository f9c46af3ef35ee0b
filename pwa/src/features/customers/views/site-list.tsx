/** The places of a customer, each a tap away from directions. */
import type { JSX } from "preact";
import { t } from "../../../i18n/index";
import { Btn, Icon, IconLink, navigate, Row, SavedMark, Tag } from "../../../ui/index";
import { mapLink, type Site } from "../model";
import { siteSheet } from "../sheets";

const purposes = ["visiting", "billing", "delivery"] as const;

export function SiteList({ customerId, sites }: { customerId: string; sites: readonly Site[] }): JSX.Element {
  return (
    <div>
      <ul>
        {sites.map((site) => (
          <li key={site.pk}>
            <SiteRow customerId={customerId} site={site} />
          </li>
        ))}
      </ul>
      <div class="add">
        <Btn look="text" icon="plus" onClick={() => navigate(siteSheet(customerId))}>{t("site.add")}</Btn>
      </div>
    </div>
  );
}

function SiteRow({ customerId, site }: { customerId: string; site: Site }): JSX.Element {
  const map = mapLink(site);
  const name = site.name || t("site.unnamed");
  return (
    <Row
      lead={<Icon name="pin" />}
      onClick={() => navigate(siteSheet(customerId, site.pk))}
      title={
        <>
          <b>{name}</b>
          {purposes.filter((each) => site.purposes.includes(each)).map((each) => <Tag key={each}>{t(`purpose.${each}`)}</Tag>)}
        </>
      }
      second={
        <>
          <span>{[site.city, site.district, site.address].join("")}</span>
          {site.hours !== "" && <span>{t("list.separator")}{site.hours}</span>}
          {site.state !== "server" && <SavedMark state={site.state} />}
        </>
      }
      action={map !== null && <IconLink icon="nav" href={map} label={t("act.navigateTo", { name })} />}
    />
  );
}
