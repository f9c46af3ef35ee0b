/** What other features may know and show of promises. */
import { wholeLanguage } from "../../i18n/index";
import { afterwards } from "../../ui/index";

export { keepPromises, myPromises, promises, promisesTo, showLastPromises } from "./list";
export { deedsOf, type DeedOf } from "./deeds";
export { isWhole } from "./form";
export { whenDue, type Promised } from "./model";
export { promiseDraftTarget } from "./promise-draft";
export { wallNow } from "./now";
export { promiseSheet } from "./sheets";
export { PromiseRow } from "./views/promise-row";
export { Deed } from "./views/deed";
export { LogPromises } from "./views/log-promises";
export { PromiseList } from "./views/promise-list";

/** On a manager's Today; nobody else sees anything of it. */
export const TeamLate = afterwards(async () => (await wholeLanguage(), import("./views/team-late")));
