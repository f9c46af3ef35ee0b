/** What a check-in says of the place, in the same words to the rep and to the manager. */
import { metres, t } from "../../i18n/index";
import { markOf, type Found } from "./place";

export function placeWords(found: Found): string {
  const mark = markOf(found);
  if (mark.kind === "verified") return t("place.verified", { metres: metres(mark.accuracyM) });
  if (mark.kind === "outside") return t("place.outside", { metres: metres(mark.distanceM) });
  if (mark.kind === "inexact") return t("place.inexact", { metres: metres(mark.accuracyM) });
  return t(`place.${mark.kind}`);
}
