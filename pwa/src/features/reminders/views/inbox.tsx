/** The inbox: every reminder of the last two weeks, the newest first; whatever else fails, it stands here. */
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { ago, t } from "../../../i18n/index";
import { status } from "../../../store";
import { Empty, here, Icon, navigate, Row, Screen, Sign, Top } from "../../../ui/index";
import { mePath, useStore } from "../../session/queries";
import { markSeen } from "../commands";
import { leadsTo, type Notice } from "../model";
import { notices } from "../queries";
import { secondOf, titleOf } from "../words";

export default function Inbox(): JSX.Element {
  const store = useStore();
  const all = notices.value;
  useAsked(all);
  const fresh = useNew(all ?? []);
  useEffect(() => void markSeen(store, (all ?? []).filter(({ isSeen }) => !isSeen)), [all]);
  return (
    <Screen column name="inbox" head={<Top title={t("inbox.title")} back={mePath} />}>
      <ul class="group">
        {all?.map((notice) => (
          <li key={notice.pk}>
            <NoticeRow notice={notice} isNew={fresh.has(notice.pk)} />
          </li>
        ))}
      </ul>
      {all?.length === 0 && <Nothing />}
    </Screen>
  );
}

/** A tapped notification opens what it is about; what has not arrived here yet is awaited in the inbox. */
function useAsked(all: readonly Notice[] | undefined): void {
  const asked = all?.find(({ pk }) => pk === here.value.query.get("open"));
  useEffect(() => {
    if (asked !== undefined) navigate(leadsTo(asked), { replace: true });
  }, [asked]);
}

/** What had not been read when it was first seen here stays marked as long as the screen is open. */
function useNew(all: readonly Notice[]): ReadonlySet<string> {
  const [fresh] = useState(() => new Set<string>());
  for (const { pk, isSeen } of all) if (!isSeen) fresh.add(pk);
  return fresh;
}

function NoticeRow({ notice, isNew }: { notice: Notice; isNew: boolean }): JSX.Element {
  const title = titleOf(notice);
  return (
    <Row
      lead={<Sign urgency={isNew ? "due" : "quiet"} />}
      href={leadsTo(notice)}
      title={isNew ? <b>{title}</b> : title}
      second={
        <>
          {isNew && <b class="due">{t("inbox.new")}</b>}
          <span>{[secondOf(notice), ago(notice.at)].filter((each) => each !== "").join(t("list.separator"))}</span>
        </>
      }
      action={<Icon name="right" size="s" />}
    />
  );
}

function Nothing(): JSX.Element {
  if (!status.value.bootstrapped) return <Empty icon="dl">{t("inbox.notDownloaded")}</Empty>;
  return <Empty icon="done">{t("inbox.none")}</Empty>;
}
