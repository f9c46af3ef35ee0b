/** Where the work is: what waits, when the server was last heard, what this device holds, and every way to help oneself. */
import type { JSX } from "preact";
import { ago, bytes, errorText, moment, number, t } from "../../../i18n/index";
import { MAX_JOURNAL, status, useLive, waitingActs, waitingFiles, type WaitingAct, type WaitingItem } from "../../../store";
import { Btn, Icon, isInstalled, Meter, Row, SavedMark, Screen, Section, Top, type IconName } from "../../../ui/index";
import { customers } from "../../customers/queries";
import { aboutWhom, itemWords, needsYouPath } from "../../conflicts/queries";
import { mePath, useStore } from "../../session/queries";
import { retryNow } from "../commands";
import { downloadUnsent } from "../download";
import "./sync.css";

const SHOWN = 100;

export default function SyncStatus(): JSX.Element {
  return (
    <Screen column name="sync" head={<Top title={t("sync.title")} back={mePath} />}>
      <Now />
      <NeedsYou />
      <Waiting />
      <Device />
    </Screen>
  );
}

function Now(): JSX.Element {
  const { waiting, offline, lastSyncAt, error, bootstrapped } = status.value;
  const title = offline ? (waiting === 0 ? t("sync.chip.offlineLabel") : t("sync.offline", { n: waiting })) : waiting > 0 ? t("sync.waiting", { n: waiting }) : t(bootstrapped ? "sync.allSaved" : "sync.downloading");
  return (
    <section class="card stat" aria-live="polite">
      <Icon name={offline ? "cloudoff" : waiting > 0 ? "pending" : bootstrapped ? "cloud" : "dl"} />
      <div>
        <h2>{title}</h2>
        <p class="note">{offline ? t("sync.offlineHint") : t(waiting > 0 ? "sync.waitingHint" : "sync.savedHint")}</p>
        <p class="note">{lastSyncAt === null ? t("sync.neverSynced") : t("sync.last", { moment: moment(lastSyncAt), ago: ago(lastSyncAt) })}</p>
        {error !== null && <p class="note late">{errorText(error)}</p>}
        {waiting === 0 && <Retry />}
      </div>
    </section>
  );
}

/** Stands with what waits, or with the words that nothing does. */
const Retry = (): JSX.Element => <Btn look="text" icon="retry" onClick={retryNow}>{t("sync.retry")}</Btn>;

function NeedsYou(): JSX.Element | null {
  const count = status.value.needsYou;
  if (count === 0) return null;
  return (
    <div class="group gap">
      <Row lead={<span class="late"><Icon name="need" /></span>} href={needsYouPath} title={<b class="late">{t("today.needsYou", { n: count })}</b>} action={<Icon name="right" size="s" />} />
    </div>
  );
}

function Waiting(): JSX.Element | null {
  const store = useStore();
  const acts = useLive(() => waitingActs(store, SHOWN), [store]) ?? [];
  const files = useLive(() => waitingFiles(store), [store]);
  const count = status.value.waiting;
  if (count === 0) return null;
  return (
    <Section title={t("sync.waitingTitle")} count={t("sync.items", { n: number(count) })}>
      <div class="group">
        <ul class="waits">
          {acts.map((act) => (
            <li key={act[0].id}>
              <ActRow act={act} />
            </li>
          ))}
          {files !== undefined && files.count > 0 && <li><FilesRow {...files} /></li>}
        </ul>
        <div class="row ends">
          <Retry />
          <span class="sp" />
          <Btn look="text" icon="dl" onClick={() => void downloadUnsent(store)}>{t("sync.export", { n: count })}</Btn>
        </div>
      </div>
    </Section>
  );
}

/** All photos and files in one line: they go by themselves, one after the other. */
const FilesRow = ({ count, bytes: size, refused }: { count: number; bytes: number; refused: number }): JSX.Element => (
  <Row
    lead={<Icon name="camera" />}
    title={<b>{t("sync.files", { n: count })}</b>}
    second={<span class="cap">{bytes(size)}{refused > 0 && `${t("list.separator")}${t("sync.filesRefused", { n: refused })}`}</span>}
    action={<span class="r"><SavedMark state={refused > 0 ? "needs" : "device"} /></span>}
  />
);

const icons: Readonly<Record<string, IconName>> = { attachment: "camera", interaction: "pen", touch: "flag", promise: "hand", contact: "me", site: "pin", conflict: "merge", parked: "merge" };

/** These are about another row, which names its customer. */
const DECISIONS: ReadonlySet<string> = new Set(["conflict", "parked"]);

/** One line for what a person did in one go: its first part names it, the others are told beneath. */
function ActRow({ act: [first, ...others] }: { act: WaitingAct }): JSX.Element {
  const [{ title, fields }, ...also] = [wordsOf(first), ...others.map(wordsOf)];
  const beneath = [moment(first.at), fields, also.map((each) => each.title).join(t("list.comma"))];
  return (
    <Row
      lead={<Icon name={icons[first.entity] ?? "cust"} />}
      title={
        <>
          <b>{title}</b>
          <span class="one">{DECISIONS.has(first.entity) ? "" : aboutWhom(first.parent)}</span>
        </>
      }
      second={<span class="cap">{beneath.filter((each) => each !== "").join(t("list.separator"))}</span>}
      action={<span class="r"><SavedMark state="device" /></span>}
    />
  );
}

const wordsOf = ({ entity, op, patch }: WaitingItem): ReturnType<typeof itemWords> => itemWords({ entity, op, fields: Object.keys(patch) });

function Device(): JSX.Element {
  const { storage, bootstrapped, downloadedRows } = status.value;
  const count = customers.value?.length ?? 0;
  return (
    <Section title={t("sync.device")}>
      <section class="card store">
        {storage.used !== null && storage.quota !== null && (
          <>
            <p class="used">
              <Icon name="db" size="s" />
              <b>{t("sync.used", { size: bytes(storage.used) })}</b>
              <span class="sp" />
              {t("sync.free", { size: bytes(Math.max(0, storage.quota - storage.used)) })}
            </p>
            <Meter share={storage.used / Math.max(1, storage.quota)} label={t("sync.used", { size: bytes(storage.used) })} />
          </>
        )}
        <ul class="ok">
          <Fact icon={bootstrapped ? "check" : "dl"}>{bootstrapped ? t("sync.customersHere", { n: number(count) }) : t("sync.rowsSoFar", { n: number(downloadedRows) })}</Fact>
          {storage.persistent !== null && <Fact icon={storage.persistent ? "shield" : "ring"}>{storage.persistent ? t("sync.persistent") : mayGo()}</Fact>}
          {storage.full && <Fact icon="need">{t("sync.full")}</Fact>}
          <Backup />
        </ul>
      </section>
    </Section>
  );
}

/** That the browser may throw things away, and what helps. */
const mayGo = (): string => t("sync.notPersistent") + (isInstalled() ? "" : t("sync.install"));

/** How far the company's backup reaches; until then this device keeps what it sent. */
function Backup(): JSX.Element {
  const { notBackedUp, isJournalFull } = status.value;
  if (isJournalFull) return <Fact icon="need">{t("sync.journalFull", { n: number(MAX_JOURNAL) })}</Fact>;
  if (notBackedUp === null) return <Fact icon="ring">{t("sync.noBackup")}</Fact>;
  if (notBackedUp > 0) return <Fact icon="ring">{t("sync.notBackedUp", { n: notBackedUp })}</Fact>;
  return <Fact icon="shield">{t("sync.backedUp")}</Fact>;
}

function Fact({ icon, children }: { icon: IconName; children: string }): JSX.Element {
  return (
    <li>
      <Icon name={icon} size="s" />
      {children}
    </li>
  );
}
