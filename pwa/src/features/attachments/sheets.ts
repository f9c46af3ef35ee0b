/** The addresses of the sheets over photos and files. */
import { sheetAddress } from "../../ui/index";

/** Opens one photo over the present screen. */
export const photoSheet = (pk: string): string => sheetAddress("photo", { id: pk });

/** Opens one voice memo, signature or document over the present screen. */
export const fileSheet = (pk: string): string => sheetAddress("file", { id: pk });
