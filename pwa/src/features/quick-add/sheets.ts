/** Address of the quick add sheet. */
import { sheetAddress } from "../../ui/index";

export const quickAddSheet = sheetAddress("quick-add", {});
