/** One line says it all: when, by which channel, whom, and why; each part it understood is shown and can be struck out. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { day, dayOfWeek, t } from "../../../i18n/index";
import { Btn, closeSheet, CompanyName, Icon, Row, say, Section, Sheet, TextField, Tier, type IconName } from "../../../ui/index";
import { contacts, customerOf } from "../../customers/queries";
import { discardDraft } from "../../session/commands";
import { useMe, useStore } from "../../session/queries";
import { planTouch } from "../../touches/commands";
import { cadenceFor, currentDate, isChannel } from "../../touches/queries";
import { QUICK_ADD_DRAFT } from "../draft-key";
import type { Kind, Piece } from "../parse";
import { useQuickAdd, type Chosen, type QuickAdd } from "../use-quick-add";
import "./quick-add.css";

const LONGEST = 500;

export default function QuickAddSheet(): JSX.Element {
  const store = useStore();
  const me = useMe();
  const quick = useQuickAdd(store);
  const [saving, setSaving] = useState(false);
  const fault = faultOf(quick);
  const canSave = quick.line.trim() !== "" && quick.about !== null && fault === null && !saving;
  const save = async (): Promise<void> => {
    const { about, on, time } = quick;
    if (!canSave || about === null || on === null || time === null) return;
    setSaving(true);
    try {
      const form = { assigneeId: me.id, contactId: about.contactId, channel: channelOf(quick, about), why: quick.why, fromOn: on, toOn: on, time };
      const undo = await planTouch(store, about.customerId, form, { draft: QUICK_ADD_DRAFT });
      closeSheet();
      say(t("quick.saved", { day: day(on, dayOfWeek) }), undo);
    } finally {
      setSaving(false);
    }
  };
  const discard = async (): Promise<void> => {
    await discardDraft(store, QUICK_ADD_DRAFT);
    closeSheet();
  };
  return (
    <Sheet
      title={t("quick.title")}
      closeLabel={t("log.close")}
      onClose={closeSheet}
      onSubmit={() => void save()}
      typing
      footer={<Btn look="primary" block submit disabled={!canSave}>{t("touch.save")}</Btn>}
    >
      <TextField label={t("quick.line")} hint={t("quick.example")} error={fault} value={quick.line} onInput={quick.type} maxLength={LONGEST} autoFocus />
      {quick.line.trim() !== "" && <Understood quick={quick} />}
      {quick.line.trim() !== "" && quick.about === null && <Offers quick={quick} />}
      {quick.line !== "" && <Btn look="text" late onClick={() => void discard()}>{t("draft.discard")}</Btn>}
    </Sheet>
  );
}

/** What the line says that cannot be. */
function faultOf({ on, time, pieces }: QuickAdd): string | null {
  const words = (kind: Kind): string => pieces.find((piece) => piece.kind === kind)?.words.trim() ?? "";
  if (on === null) return t("quick.noSuchDay", { words: words("date") });
  if (time === null) return t("quick.noSuchTime", { words: words("time") });
  return on < currentDate.value ? t("quick.over", { day: day(on, dayOfWeek) }) : null;
}

/** What the customer's cadence asks for, where the line does not say. */
function channelOf({ channel }: QuickAdd, { customerId }: Chosen): "visit" | "call" | "email" | "chat" {
  if (channel !== null && isChannel(channel)) return channel;
  return cadenceFor(customerId)?.channel ?? "call";
}

const ICONS: Record<Kind, IconName> = { date: "cal", time: "today", channel: "phone" };
const CHANNEL_ICONS: Record<string, IconName> = { visit: "pin", call: "phone", email: "mail", chat: "chat" };

function Understood({ quick }: { quick: QuickAdd }): JSX.Element {
  const saysDay = quick.pieces.some(({ kind }) => kind === "date");
  return (
    <ul class="chips understood" aria-label={t("quick.understood")}>
      {!saysDay && <li><span class="chip"><Icon name="cal" />{t("date.today")}</span></li>}
      {quick.pieces.map((piece) => (
        <li key={piece.kind}>
          <Struck icon={piece.kind === "channel" ? CHANNEL_ICONS[piece.value ?? ""]! : ICONS[piece.kind]} words={wordsOf(piece)} onStrike={() => quick.strike(piece)} isFaulty={piece.value === null} />
        </li>
      ))}
      {quick.about !== null && <li><Struck icon="me" words={nameOf(quick.about)} onStrike={() => quick.choose(null)} /></li>}
      {quick.why !== "" && <li class="cap">{quick.why}</li>}
    </ul>
  );
}

function wordsOf({ kind, value, words }: Piece): string {
  if (value === null) return words.trim();
  if (kind === "date") return day(value, dayOfWeek);
  return kind === "channel" && isChannel(value) ? t(`channel.${value}`) : value;
}

/** A part that was understood; a tap makes it mere words again. */
function Struck({ icon, words, onStrike, isFaulty = false }: { icon: IconName; words: string; onStrike: () => void; isFaulty?: boolean }): JSX.Element {
  return (
    <button type="button" class={isFaulty ? "chip bad" : "chip on"} aria-label={t("quick.strike", { words })} onClick={onStrike}>
      <Icon name={isFaulty ? "need" : icon} />
      {words}
      <Icon name="x" />
    </button>
  );
}

function Offers({ quick }: { quick: QuickAdd }): JSX.Element | null {
  if (quick.offers.length === 0) return null;
  return (
    <Section title={t("quick.whom")}>
      <ul class="group">
        {quick.offers.map((offer) => (
          <li key={offer.contactId ?? offer.customerId}>
            <Offer offer={offer} onChoose={() => quick.choose({ customerId: offer.customerId, contactId: offer.contactId })} />
          </li>
        ))}
      </ul>
    </Section>
  );
}

function Offer({ offer: { customerId, contactId }, onChoose }: { offer: Chosen; onChoose: () => void }): JSX.Element {
  const customer = customerOf(customerId);
  const person = contacts.value.find(({ pk }) => pk === contactId);
  const company = <CompanyName name={customer?.name ?? ""} form={customer?.legalForm ?? ""} />;
  return (
    <Row
      lead={<Tier tier={customer?.tier ?? ""} />}
      title={person === undefined ? company : `${person.name} ${person.title}`.trim()}
      second={person === undefined ? undefined : company}
      onClick={onChoose}
    />
  );
}

function nameOf({ customerId, contactId }: Chosen): string {
  const person = contacts.value.find(({ pk }) => pk === contactId);
  const company = customerOf(customerId)?.name ?? "";
  return person === undefined ? company : t("quick.person", { person: `${person.name} ${person.title}`.trim(), company });
}
