/** All that happened with one customer, the latest first, each item with where it is saved. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { moment, t } from "../../../i18n/index";
import { status } from "../../../store";
import { Btn, Chip, Empty, Icon, IconBtn, navigate, SavedMark } from "../../../ui/index";
import { FileStrip, PhotoStrip, useBeside, type FileItem, type Photo } from "../../attachments/queries";
import { personName } from "../../people/queries";
import { Deed, deedsOf, promisesTo, type DeedOf } from "../../promises/queries";
import { useMe, useStore } from "../../session/queries";
import { channelIcons } from "../channels";
import { reviseSheet } from "../revise-draft";
import { placeWords } from "../place-words";
import { channels, type Channel, type Interaction } from "../model";
import { signedHash } from "../signing";
import { useTimeline } from "../timeline-query";
import "./timeline.css";

const PAGE = 30;

interface Whom {
  readonly pk: string;
  readonly name: string;
}

export function Timeline({ customerId, contacts }: { customerId: string; contacts: readonly Whom[] }): JSX.Element {
  const store = useStore();
  const [limit, show] = useState(PAGE);
  const [only, filter] = useState<Only>(null);
  const all = useTimeline(store, customerId, limit);
  const beside = useBeside(store, customerId);
  const deeds = deedsOf(promisesTo(customerId));
  const shown = told(all ?? [], only === null || only === "promise" ? deeds : [], only, limit);
  return (
    <div>
      {(all?.length ?? 0) > 3 && <ChannelFilter all={all ?? []} hasDeeds={deeds.length > 0} only={only} onFilter={filter} />}
      <ul>
        {shown.map((each) => (
          <li key={each.key}>
            {"deed" in each ? <Deed deed={each.deed} nameOf={personName} /> : <Event customerId={customerId} event={each.event} contacts={contacts} photos={beside?.photos.get(each.event.pk)} files={beside?.files.get(each.event.pk)} />}
          </li>
        ))}
      </ul>
      {all !== undefined && shown.length === 0 && <Empty icon="list">{t(status.value.bootstrapped ? "timeline.none" : "timeline.notDownloaded")}</Empty>}
      {all !== undefined && all.length >= limit && (
        <div class="more">
          <Btn look="text" onClick={() => show(limit + PAGE)}>{t("timeline.more")}</Btn>
        </div>
      )}
    </div>
  );
}

/** One kind of contact, promises alone, or everything. */
type Only = Channel | "promise" | null;

type Told = { readonly key: string; readonly at: number } & ({ readonly event: Interaction } | { readonly deed: DeedOf });

/** Contacts and promises as one story, the latest first; promises reach no farther back than the contacts that were read. */
function told(all: readonly Interaction[], deeds: readonly DeedOf[], only: Only, limit: number): Told[] {
  const events = all.filter(({ channel }) => only === null || channel === only).map((event): Told => ({ key: event.pk, at: event.startedAt, event }));
  const since = all.length < limit ? 0 : (all.at(-1)?.startedAt ?? 0);
  const told = deeds.filter(({ at }) => at >= since).map((deed): Told => ({ key: deed.key, at: deed.at, deed }));
  return told.length === 0 ? events : [...events, ...told].sort((a, b) => b.at - a.at);
}

interface FilterProps {
  all: readonly Interaction[];
  hasDeeds: boolean;
  only: Only;
  onFilter: (only: Only) => void;
}

function ChannelFilter({ all, hasDeeds, only, onFilter }: FilterProps): JSX.Element {
  const used = channels.filter((channel) => all.some((each) => each.channel === channel));
  return (
    <div class="chips scroll filter" role="group" aria-label={t("timeline.filter")}>
      {used.map((channel) => (
        <Chip key={channel} on={only === channel} icon={channelIcons[channel]} onToggle={() => onFilter(only === channel ? null : channel)}>
          {t(`channel.${channel}`)}
        </Chip>
      ))}
      {hasDeeds && <Chip on={only === "promise"} icon="hand" onToggle={() => onFilter(only === "promise" ? null : "promise")}>{t("promise.filter")}</Chip>}
    </div>
  );
}

interface EventProps {
  customerId: string;
  event: Interaction;
  contacts: readonly Whom[];
  photos: readonly Photo[] | undefined;
  files: readonly FileItem[] | undefined;
}

function Event({ customerId, event, contacts, photos, files }: EventProps): JSX.Element {
  const me = useMe();
  const mine = event.personId === me.id || (event.personId === "" && event.state !== "server");
  const met = contacts.filter(({ pk }) => event.contactIds.includes(pk)).map(({ name }) => name);
  const facts = [event.purpose === null ? "" : t(`visitPurpose.${event.purpose}`), event.outcome === null ? "" : t(`outcome.${event.outcome}`), ...met].filter((fact) => fact !== "");
  return (
    <article class={event.isVoided ? "ev void" : "ev"}>
      <Icon name={channelIcons[event.channel]} />
      <div>
        <p class="h">
          <b>{moment(event.startedAt)} {t(`channel.${event.channel}`)}</b>
          <span>{mine ? t("person.me") : event.personName || personName(event.personId)}</span>
          {event.isVoided ? <span class="mark sm quiet">{t("timeline.void")}</span> : <SavedMark state={event.state} />}
        </p>
        {facts.length > 0 && <p class="note">{facts.join(t("list.separator"))}</p>}
        {event.checkIn !== null && (
          <p class="cap place">
            <Icon name="pin" size="xs" />
            {placeWords(event.checkIn)}
          </p>
        )}
        {event.notes !== "" && <p class="t">{event.notes}</p>}
        {event.nextStep !== "" && <p class="t"><b>{t("log.nextStep")}</b> {event.nextStep}</p>}
        <PhotoStrip photos={photos} />
        <FileStrip files={files} isStale={(signature) => signature.signedHash !== signedHash(customerId, event)} />
      </div>
      {mine && !event.isVoided && <IconBtn icon="pen" label={t("revise.open", { moment: moment(event.startedAt), channel: t(`channel.${event.channel}`) })} onClick={() => navigate(reviseSheet(customerId, event.pk))} />}
    </article>
  );
}
