/** The addresses of the sheets over photos. */
import { sheetAddress } from "../../ui/index";

/** Opens one photo over the present screen. */
export const photoSheet = (pk: string): string => sheetAddress("photo", { id: pk });
