/** One of several, as chips: only screens that are fetched after the first one ask such questions. */
import type { JSX } from "preact";
import { Chip } from "./controls";
import type { IconName } from "./icons";

export interface Choice<V extends string> {
  readonly value: V;
  readonly label: string;
  readonly icon?: IconName;
}

interface ChoiceChipsProps<V extends string> {
  label: string;
  choices: readonly Choice<V>[];
  value: V | null;
  onChange: (value: V) => void;
  /** As many equal columns as choices, instead of a row that wraps. */
  even?: boolean;
}

const WIDE_LETTER = 0x2e80;
const LATIN_EM = 0.6;

/** How wide the widest word is, in em, as near as counting letters tells: a Chinese one fills its square. */
export const widest = (words: readonly string[]): number =>
  Math.max(...words.map((word) => Array.from(word).reduce((sum, letter) => sum + (letter.codePointAt(0)! < WIDE_LETTER ? LATIN_EM : 1), 0)));

/** One of several, as square chips. */
export function ChoiceChips<V extends string>({ label, choices, value, onChange, even = false }: ChoiceChipsProps<V>): JSX.Element {
  const style = even ? { "--seg": choices.length, "--half": Math.ceil(choices.length / 2), "--word": widest(choices.map((choice) => choice.label)) } : {};
  return (
    <div class={even ? "seg" : "chips"} style={style} role="radiogroup" aria-label={label}>
      {choices.map((choice) => (
        <Chip key={choice.value} single on={choice.value === value} onToggle={() => onChange(choice.value)} {...(choice.icon ? { icon: choice.icon } : {})}>
          {choice.label}
        </Chip>
      ))}
    </div>
  );
}
