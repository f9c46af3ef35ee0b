/** What happened, as chips and words: shared by logging and by correcting. */
import type { ComponentChildren, JSX } from "preact";
import { t } from "../../../i18n/index";
import { Chip, ChoiceChips, NoteField } from "../../../ui/index";
import type { Contact } from "../../customers/queries";
import { channelIcons } from "../channels";
import type { Correction } from "../correction";
import { channels, outcomes, purposes } from "../model";
import { PeopleChips } from "./people-chips";

type Change = (part: Partial<Correction>) => void;

interface WhatHappenedProps {
  customerId: string;
  contacts: readonly Contact[];
  form: Correction;
  /** The same function at every drawing: only then does a tap draw nothing but its own group. */
  change: Change;
  /** Stands between the chips and the words. */
  children?: ComponentChildren;
}

export function WhatHappened({ customerId, contacts, form, change, children }: WhatHappenedProps): JSX.Element {
  return (
    <>
      <ByWhichWay value={form.channel} change={change} />
      <HowItWent value={form.outcome} change={change} />
      <PeopleChips customerId={customerId} contacts={contacts} chosen={form.contactIds} change={change} />
      <WhatFor value={form.purpose} change={change} />
      {children}
      <Notes value={form.notes} change={change} />
      <NextStep value={form.nextStep} change={change} />
    </>
  );
}

interface PartProps<Name extends keyof Correction> {
  value: Correction[Name];
  change: Change;
}

function ByWhichWay({ value, change }: PartProps<"channel">): JSX.Element {
  const choices = channels.map((each) => ({ value: each, label: t(`channel.${each}`), icon: channelIcons[each] }));
  return <ChoiceChips even label={t("log.channel")} value={value} choices={choices} onChange={(channel) => change({ channel })} />;
}

function HowItWent({ value, change }: PartProps<"outcome">): JSX.Element {
  const choices = outcomes.map((each) => ({ value: each, label: t(`outcome.${each}`) }));
  return (
    <div>
      <p class="lab">{t("log.outcome")}</p>
      <ChoiceChips even label={t("log.outcome")} value={value} choices={choices} onChange={(outcome) => change({ outcome })} />
    </div>
  );
}

function WhatFor({ value, change }: PartProps<"purpose">): JSX.Element {
  return (
    <div>
      <p class="lab">{t("log.purpose")}</p>
      <div class="chips tight scroll bleed" role="group" aria-label={t("log.purpose")}>
        {purposes.map((each) => (
          <Chip key={each} on={each === value} onToggle={() => change({ purpose: each === value ? null : each })}>
            {t(`visitPurpose.${each}`)}
          </Chip>
        ))}
      </div>
    </div>
  );
}

const Notes = ({ value, change }: PartProps<"notes">): JSX.Element => (
  <NoteField label={t("log.notes")} optional hint={t("log.mic")} value={value} onInput={(notes) => change({ notes })} />
);

const NextStep = ({ value, change }: PartProps<"nextStep">): JSX.Element => (
  <NoteField label={t("log.nextStep")} optional rows={2} value={value} onInput={(nextStep) => change({ nextStep })} />
);
