/** What a customer signs: the words of the log that they are shown, and nothing that is only ours to think. */
import { shaHex } from "../../sync/core/digest";
import { toBytes } from "../../sync/core/utf8";
import { sheetAddress } from "../../ui/index";
import type { LogForm } from "./model";

export type SignedContent = Pick<LogForm, "channel" | "purpose" | "contactIds" | "notes" | "nextStep">;

/** The SHA-256 of the content's canonical JSON: its keys in order, no spaces, an empty text for what was left out. */
export function signedHash(customerId: string, { channel, purpose, contactIds, notes, nextStep }: SignedContent): string {
  const said = (words: string): string => (words.trim() === "" ? "" : words);
  const content = { channel, contact_ids: [...contactIds].sort(), customer_id: customerId, next_step: said(nextStep), notes: said(notes), purpose: purpose ?? "" };
  return shaHex(toBytes(JSON.stringify(content)));
}

/** Opens the sheet on which the customer of a log signs; the log itself is its draft. */
export const signSheet = (customerId: string): string => sheetAddress("sign", { customer: customerId });
