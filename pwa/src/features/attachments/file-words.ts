/** What a file beside a contact is called, and its sign. */
import { t } from "../../i18n/index";
import type { IconName } from "../../ui/index";
import { lengthWords, type AddedFile, type FileKind } from "./file";

export const fileIcons: Record<FileKind, IconName> = { voice: "mic", signature: "pen", document: "doc" };

export function fileWords({ kind, name, durationMs }: AddedFile): string {
  if (kind === "voice") return t("voice.play", { length: lengthWords(durationMs) });
  return kind === "signature" ? t("sign.by", { name }) : name || t("file.title");
}
