/** One thing that lies beside a contact, by itself: one door for both sheets, since the first load pays for each. */
import type { JSX } from "preact";
import { openSheet } from "../../../ui/index";
import { FileSheet } from "./file-sheet";
import { PhotoSheet } from "./photo-sheet";

export default function AttachmentSheet(): JSX.Element {
  return openSheet.value === "file" ? <FileSheet /> : <PhotoSheet />;
}
