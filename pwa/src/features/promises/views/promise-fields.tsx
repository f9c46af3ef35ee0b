/** What was promised and by when, as chips and words: the same in a sheet of its own and inside a visit. */
import type { JSX } from "preact";
import { t } from "../../../i18n/index";
import { Chip, NoteField } from "../../../ui/index";
import { useMe } from "../../session/queries";
import type { PromiseForm } from "../form";
import { phrasesOf } from "../phrases";
import { promises } from "../list";
import { DueChips } from "./due-chips";
import "./promises.css";

interface PromiseFieldsProps {
  form: PromiseForm;
  change: (part: Partial<PromiseForm>) => void;
}

export function PromiseFields({ form, change }: PromiseFieldsProps): JSX.Element {
  const phrases = phrasesOf(promises.value ?? [], useMe().id);
  return (
    <>
      <div>
        <NoteField label={t("field.promise.what")} rows={2} value={form.what} onInput={(what) => change({ what })} />
        <div class="chips tight phrases" role="group" aria-label={t("promise.phrases")}>
          {phrases.map((phrase) => (
            <Chip key={phrase} on={form.what === phrase} onToggle={() => change({ what: form.what === phrase ? "" : phrase })}>
              {phrase}
            </Chip>
          ))}
        </div>
      </div>
      <DueChips dueOn={form.dueOn} dueTime={form.dueTime} change={change} />
    </>
  );
}
