/** What happened, as chips and words: shared by logging and by correcting. */
import type { ComponentChildren, JSX } from "preact";
import { t } from "../../../i18n/index";
import { ChoiceChips, NoteField } from "../../../ui/index";
import type { Contact } from "../../customers/queries";
import { channelIcons } from "../channels";
import type { Correction } from "../correction";
import { channels, outcomes } from "../model";
import { PeopleChips } from "./people-chips";

interface WhatHappenedProps {
  customerId: string;
  contacts: readonly Contact[];
  form: Correction;
  change: (part: Partial<Correction>) => void;
  /** Stands between the chips and the words. */
  children?: ComponentChildren;
}

export function WhatHappened({ customerId, contacts, form, change, children }: WhatHappenedProps): JSX.Element {
  return (
    <>
      <ChoiceChips
        even
        label={t("log.channel")}
        value={form.channel}
        choices={channels.map((value) => ({ value, label: t(`channel.${value}`), icon: channelIcons[value] }))}
        onChange={(channel) => change({ channel })}
      />
      <div>
        <p class="lab">{t("log.outcome")}</p>
        <ChoiceChips even label={t("log.outcome")} value={form.outcome} choices={outcomes.map((value) => ({ value, label: t(`outcome.${value}`) }))} onChange={(outcome) => change({ outcome })} />
      </div>
      <PeopleChips customerId={customerId} contacts={contacts} chosen={form.contactIds} onChange={(contactIds) => change({ contactIds })} />
      {children}
      <NoteField label={t("log.notes")} optional hint={t("log.mic")} value={form.notes} onInput={(notes) => change({ notes })} />
      <NoteField label={t("log.nextStep")} optional rows={2} value={form.nextStep} onInput={(nextStep) => change({ nextStep })} />
    </>
  );
}
