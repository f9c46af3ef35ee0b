/** A voice memo of a form, to be heard before it is saved. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Btn } from "../../../ui/index";
import { fileWords } from "../file-words";
import { FileBody, type FileBodyProps } from "./file-body";

export function Player(props: FileBodyProps): JSX.Element {
  const [asked, ask] = useState(false);
  if (asked) return <FileBody {...props} />;
  return <Btn look="line" icon="mic" onClick={() => ask(true)}>{fileWords(props.file)}</Btn>;
}
